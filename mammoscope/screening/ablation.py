"""Table 3 of the paper: the steps that are added one after the other, for the CNN and the ViT."""

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from mammoscope.screening.published import (
    AUGMENTATION,
    AUXILIARY,
    ORIGINAL,
    ROI,
    THRESHOLD,
    TITLES,
)
from mammoscope.screening.recipe import Model, Recipe


class Row(NamedTuple):
    """A row of Table 3.

    Attributes:
        setting: What is added, in the paper's words.
        model: CNN or ViT.
    """

    setting: str
    model: Model

    @property
    def title(self) -> str:
        """The row in one line."""
        return f"{self.setting}, {TITLES[self.model]}"


ROWS: Final = (
    Row(ORIGINAL, "cnn"), Row(ORIGINAL, "vit"), Row(ROI, "cnn"), Row(THRESHOLD, "cnn"),
    Row(AUGMENTATION, "cnn"), Row(AUXILIARY, "cnn"), Row(AUXILIARY, "vit"),
)  # fmt: skip
"""In the paper's order."""
ORDER: Final = (ORIGINAL, ROI, THRESHOLD, AUGMENTATION, AUXILIARY)
AS_SET: Final = "As set"
"""A recipe of which the paper has no row."""
SWITCHES: Final = ("roi", "searched", "augmented", "auxiliary")
"""Of a recipe, which the rows turn on one after the other."""


@dataclass(frozen=True)
class Recipes:
    """The whole recipes of which the rows take away.

    Attributes:
        cnn: Of the rows of the CNN.
        vit: Of the rows of the ViT.
    """

    cnn: Recipe = field(default_factory=lambda: Recipe.paper("cnn"))
    vit: Recipe = field(default_factory=lambda: Recipe.paper("vit"))


def recipe_of(row: Row, recipes: Recipes) -> Recipe:
    """The recipe of a row: its step and those above it."""
    steps = ORDER.index(row.setting)
    whole = recipes.cnn if row.model == "cnn" else recipes.vit
    return replace(
        whole,
        roi=steps >= ORDER.index(ROI),
        searched=steps >= ORDER.index(THRESHOLD),
        augmented=steps >= ORDER.index(AUGMENTATION),
        auxiliary=steps >= ORDER.index(AUXILIARY),
    )


def row_of(recipe: Recipe, model: Model) -> Row:
    """The row that a recipe is of, by what is on."""
    both = Recipes(recipe, recipe)
    same = (row for row in ROWS if row.model == model and recipe_of(row, both) == recipe)
    return next(same, Row(AS_SET, model))


def folder_of(row: Row) -> str:
    """Where the networks of a row lie: a threshold trains nothing, so its row has those of the crop."""
    trained = ROI if row.setting == THRESHOLD else row.setting
    return f"{row.model}-{trained.removeprefix('+ ').lower().replace(' ', '-')}"
