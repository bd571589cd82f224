"""Findings at once: the sliding window as one convolution, ours, beyond the paper, and what ships.

A window of 256 × 256 pixels answers for the 32 × 32 in its middle, in cells of 16 × 16. The network has
no padding inside, so that all windows of an image at a stride of 32, each by itself, say exactly what
the whole image says at once.
"""
