"""Which findings a reader is shown: those whose score is at their views' threshold."""

from collections.abc import Iterable, Mapping

from mammoscope.core import BreastFinding, BreastFindings, Findings, ImageResult

Images = Mapping[str, Findings]
"""What is said of each image, by its name."""


def of_images(images: Iterable[ImageResult]) -> dict[str, Findings]:
    """The findings of each image that has them, by its name."""
    answers = {image.about.name: image.answers.get("findings") for image in images}
    return {name: one for name, one in answers.items() if isinstance(one, Findings)}


def is_shown(one: BreastFinding, breast: BreastFindings, images: Images) -> bool:
    """Whether a reader is shown a finding of a breast: where its score is at its views' threshold.

    That of views that were laid on each other is one for scores of both.
    """
    seen = [
        images[name]
        for name, place in ((breast.cc, one.cc), (breast.mlo, one.mlo))
        if name is not None and place is not None
    ]
    return any(one.score >= _threshold(of_view, breast.matched) for of_view in seen)


def _threshold(of_view: Findings, matched: bool) -> float:
    other = of_view.matched_threshold if matched else None
    return of_view.threshold if other is None else other
