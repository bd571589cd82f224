"""Yardsticks that two rooms or more use: overlap, intervals, statistical tests."""
