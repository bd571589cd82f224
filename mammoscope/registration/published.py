"""The paper's figures, to stand beside ours."""

from typing import Final

PAIRS: Final = (985, 122)
"""Cases of masses and calcifications: development, test (section 4)."""
OVERLAP: Final = "66.7"
"""% of the test cases whose boxes overlap (section 5); its abstract says 68."""
STRETCHED: Final = "about 10"
"""% of the test cases whose CC view is overstretched over the muscle, by eye (section 5)."""
EPOCHS: Final = 300
"""Of the curves of Fig. 3, which it prints without figures, as the histogram of Fig. 4."""
