"""The systems at work, how they are asked, and what stands where one is missing or fails."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypedDict, TypeVar

from mammoscope.core import (
    Failed,
    Findings,
    Landmarks,
    Malignancy,
    Mammogram,
    NotAssessed,
    Segmentation,
)
from mammoscope.errors import MammoscopeError
from mammoscope.measures.profiles import DEFAULT_PROFILE, Profile, load_profile
from mammoscope.measures.registration import Aligner

NO_WEIGHTS: Final = NotAssessed("no weights")
PREVIEW_ROWS: Final = 1600

Said = TypeVar("Said")

log = logging.getLogger(__name__)


class Rooms(TypedDict, total=False):
    """The systems that have weights; each that is missing answers "not assessed: no weights"."""

    segmentation: Callable[[Mammogram], Segmentation]
    positioning: Callable[[Mammogram], Landmarks]
    registration: Aligner
    findings: Callable[[Mammogram], Findings]
    screening: Callable[[Mammogram, Findings | None], Malignancy]


@dataclass(frozen=True)
class Plan:
    """How every image and exam is assessed.

    Attributes:
        rooms: The systems at work.
        profile: Thresholds of the positioning criteria.
        preview_rows: Height of the pictures for the report, at most.
        malignancy_from: The score from which the malignancy of a mass is called high, where the weights
            have one.
        malignancy_always: Tell the malignancy of a breast in which no mass was found, too.
    """

    rooms: Rooms
    profile: Profile = field(default_factory=partial(load_profile, DEFAULT_PROFILE))
    preview_rows: int = PREVIEW_ROWS
    malignancy_from: float | None = None
    malignancy_always: bool = False


def guarded(system: str, ask: Callable[[], Said]) -> Said | Failed:
    """A system's answer; a failure costs that answer and nothing else."""
    try:
        return ask()
    except MammoscopeError as error:
        return Failed(str(error))
    except Exception as error:
        log.debug("%s failed", system, exc_info=True)
        return Failed(f"{type(error).__name__} in {system}: report it with --debug's output")
