"""Registration guided by landmarks: ours, beyond the paper, and what ships.

Both views are laid on each other by nipple and chest wall, then bent smoothly by a network that sees
them. For any point of one view the network says, as a probability over the other, where its partner
is looked for: as far as anatomy expects it there and as far as what is seen there answers.
"""
