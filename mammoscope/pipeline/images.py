"""One image: what every system says of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from jaxtyping import UInt8

from mammoscope.core import (
    Answer,
    Findings,
    ImageResult,
    Mammogram,
    NotAssessed,
    Positioning,
    Segmentation,
    Sourced,
)
from mammoscope.errors import SkippedInput
from mammoscope.image import (
    check_side,
    chest_wall_side,
    for_display,
    outline,
    to_preview,
    two_breasts,
)
from mammoscope.io import set_aside
from mammoscope.measures import findings, image_checks, positioning, registration
from mammoscope.measures.registration import Kept
from mammoscope.pipeline.plan import NO_WEIGHTS, Plan, Rooms, guarded

RAW: Final = NotAssessed("image for processing: this system needs an image for presentation")
SCORED: Final = "the score is"

Picture = UInt8[np.ndarray, "rows columns"]


def assess_image(mammogram: Mammogram, plan: Plan) -> ImageResult:
    """Everything that the rooms say of one image.

    Raises:
        SkippedInput: If it shows two breasts.
    """
    display = for_display(mammogram)
    found = outline.find(display.pixels)
    if two_breasts(display.pixels, found):
        raise SkippedInput("expected one breast, received an image of two: cut it in the middle", 75)
    side = chest_wall_side(display.pixels, found.body > 0)
    preview = to_preview(display, plan.preview_rows)
    result = ImageResult(
        about=mammogram.about,
        chest_wall=Sourced(side, "pixels"),
        answers=_answers(mammogram, preview, plan),
        preview=preview,
        set_aside=set_aside(mammogram.about),
        notes=check_side(mammogram.about, side),
    )
    return replace(result, notes=(*result.notes, *image_checks(result)))


def keep(mammogram: Mammogram, plan: Plan) -> Kept:
    """Everything that the rooms say of one image, and what registration keeps of it.

    Raises:
        SkippedInput: If it shows two breasts.
    """
    image, rooms = assess_image(mammogram, plan), plan.rooms
    if "registration" not in rooms:
        return Kept(image, NO_WEIGHTS)
    ask: Callable[[], Any] = partial(registration.prepare, rooms["registration"], mammogram, image)
    return Kept(image, guarded("registration", ask))


def _answers(mammogram: Mammogram, preview: Picture, plan: Plan) -> dict[str, Answer]:
    outlined = guarded("segmentation", partial(_segmented, mammogram, plan.rooms))
    position = partial(_positioned, mammogram, outlined, preview, plan)
    positioned = guarded("positioning", position)
    searched = guarded("findings", partial(_searched, mammogram, positioned, plan.rooms))
    return {
        "segmentation": outlined,
        "positioning": positioned,
        "findings": searched,
        "screening": guarded("screening", partial(_scored, mammogram, searched, plan.rooms)),
    }


def _segmented(mammogram: Mammogram, rooms: Rooms) -> Answer:
    return rooms["segmentation"](mammogram) if "segmentation" in rooms else NO_WEIGHTS


def _positioned(mammogram: Mammogram, outlined: Answer, preview: Picture, plan: Plan) -> Answer:
    if "positioning" not in plan.rooms:
        return NO_WEIGHTS
    if reason := positioning.reason_not_assessed(mammogram.about):
        return NotAssessed(reason)
    landmarks = plan.rooms["positioning"](mammogram)
    segmentation = outlined if isinstance(outlined, Segmentation) else None
    return positioning.assess_image(landmarks, segmentation, mammogram.about, preview, plan.profile)


def _searched(mammogram: Mammogram, positioned: Answer, rooms: Rooms) -> Answer:
    """The findings of an image, each with its place in the breast."""
    if mammogram.about.kind == "for processing":
        return RAW
    if "findings" not in rooms:
        return NO_WEIGHTS
    landmarks = positioned.landmarks if isinstance(positioned, Positioning) else None
    return findings.located(rooms["findings"](mammogram), landmarks, mammogram.about)


def _scored(mammogram: Mammogram, searched: Answer, rooms: Rooms) -> Answer:
    """The malignancy of an image, whether or not the exam will give a reason to tell it."""
    if mammogram.about.kind == "for processing":
        return RAW
    if "screening" not in rooms:
        return NO_WEIGHTS
    if reason := positioning.reason_not_assessed(mammogram.about, SCORED):
        return NotAssessed(reason)
    return rooms["screening"](mammogram, searched if isinstance(searched, Findings) else None)
