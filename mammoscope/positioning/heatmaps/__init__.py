"""Landmarks as heatmaps: ours, beyond the paper, and what ships.

One slim network for MLO and CC says of each landmark where it is, as a probability over the
image, how sure it is, as that probability's spread, and whether the image shows it at all.
"""
