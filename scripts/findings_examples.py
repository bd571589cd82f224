"""The breasts that the shipped detector of findings learns from, in one file.

python scripts/findings_examples.py DATA EXAMPLES
"""

import argparse
from pathlib import Path

from findings_held_out import all_images

from mammoscope.findings.dense.prepare import examples
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.learn.boxed import save_examples


def main() -> None:
    """Film, then digital, at the recipe's scale."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("examples", type=Path)
    arguments = parser.parse_args()
    save_examples(arguments.examples, examples(all_images(arguments.data), Recipe.default()))


if __name__ == "__main__":
    main()
