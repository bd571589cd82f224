"""Malignancy of a mass on film: ours, beyond the paper, and what ships.

Of each cell of a breast the network says whether a mass lies there, whether it is malignant, and what
readers wrote of it. The score of an image is the malignancy of its cells, weighted by where the mass
is looked for. It is the probability that a mass which is there is malignant, and says nothing of
whether there is one.
"""
