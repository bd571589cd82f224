"""Mammogram to Mammogram, always with its Frame: the way back to source pixels."""
