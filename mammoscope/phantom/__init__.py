"""A breast that never lived: anatomy, compression, projection, and the truth for every task.

A saved exam is read with numpy alone; making one needs torch.
"""
