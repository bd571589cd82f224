"""Where in the breast a finding lies: how deep behind the nipple, and where on a clock face.

Conventions: ACR BI-RADS Atlas, 5th edition (2013), Mammography, section I.H: the clock face is that of
the breast as one faces the woman, so 3 o'clock is the outer half of the left breast and the inner half
of the right one; depth is told in thirds from the nipple. A CC view shows outer above inner, as it
hangs. An MLO view is taken to be at 45°, so what lies up on it lies up and out in the breast.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from mammoscope.core import About, Landmarks, Laterality, PairView, Point
from mammoscope.errors import GeometryError
from mammoscope.measures.lines import direction
from mammoscope.measures.scene import scene, wall_of
from mammoscope.scores.landmarks import foot

Third = Literal["anterior", "middle", "posterior"]
THIRDS: Final[tuple[Third, ...]] = ("anterior", "middle", "posterior")
NAMES: Final[Mapping[Laterality, str]] = {"L": "left breast", "R": "right breast"}
HALVES: Final[Mapping[PairView, tuple[str, str]]] = {
    "CC": ("outer", "inner"),
    "MLO": ("upper", "lower"),
}
OBLIQUITY: Final = np.radians(45)
"""The angle of an MLO view; in practice 40 to 60 degrees."""
CENTRAL_MM: Final = 15.0
"""How far from the axis of the nipple is still behind the areola, whose radius it is."""
CENTRAL_SHARE: Final = 1 / 6
"""The same in lengths of the posterior nipple line, where a spacing is unknown."""
MUSCLE: Final = ("pectoral upper", "pectoral lower")


@dataclass(frozen=True)
class Place:
    """A point of one view, told from the nipple.

    Attributes:
        share: How far along the posterior nipple line: 0 at the nipple, 1 at the pectoral line of an
            MLO view (the chest-wall edge where no muscle is seen), at the chest-wall edge of a CC view.
        offset: How far above that line, in its lengths.
        line_mm: Its length in mm; None where the spacing is unknown.
        distance_mm: From the nipple straight to the point; None where the spacing is unknown.
    """

    share: float
    offset: float
    line_mm: float | None
    distance_mm: float | None


@dataclass(frozen=True)
class Location:
    """Where in the breast a finding lies.

    Attributes:
        laterality: Which breast.
        region: ``upper outer quadrant``, ``upper central``, ``central``, ``retroareolar``; of one view
            ``outer half``, ``upper half``; empty where no view tells.
        hour: On the clock face; None where one view alone tells, or behind the nipple.
        third: Depth; None where no view tells.
        distance_mm: From the nipple, by view, where the spacing is known.
    """

    laterality: Laterality | None
    region: str
    hour: int | None
    third: Third | None
    distance_mm: Mapping[PairView, float]

    @property
    def words(self) -> str:
        """One phrase: ``right breast, upper outer quadrant, about 10 o'clock, middle third, …``."""
        far = " and ".join(f"{mm:.0f} mm on {view}" for view, mm in self.distance_mm.items())
        parts = (
            NAMES[self.laterality] if self.laterality else "",
            self.region,
            f"about {self.hour} o'clock" if self.hour else "",
            f"{self.third} third" if self.third else "",
            f"{far} from the nipple" if far else "",
        )
        return ", ".join(part for part in parts if part)


def place(point: Point, view: PairView, landmarks: Landmarks, about: About) -> Place | None:
    """A point of a view from its nipple; None where the nipple or all behind it is not seen.

    Args:
        point: In source pixels.
        view: Which view it is.
        landmarks: Of the image.
        about: Its size and spacing.
    """
    seen = scene(landmarks, about)
    wall, nipple = wall_of(seen.points), seen.points.get("nipple")
    muscle = [seen.points[name] for name in MUSCLE if name in seen.points]
    behind = muscle if view == "MLO" and len(muscle) == len(MUSCLE) else wall
    if nipple is None or behind is None:
        return None
    try:
        end = foot(nipple, *behind)
        inward = direction(nipple, end)
    except GeometryError:
        return None
    length = float(np.linalg.norm(end - nipple))
    step = seen.from_pixels(point) - nipple
    above = np.array([inward[1], -inward[0]])
    return Place(
        share=float(step @ inward) / length,
        offset=float(step @ above) / length,
        line_mm=length if seen.in_mm else None,
        distance_mm=float(np.linalg.norm(step)) if seen.in_mm else None,
    )


def locate(places: Mapping[PairView, Place | None], laterality: Laterality | None) -> Location:
    """Where a finding lies by the places that its views show.

    Args:
        places: By view; a view that does not show it is left out, or None.
        laterality: Which breast; without it there is no hour.
    """
    found = {view: one for view, one in places.items() if one is not None}
    third = _third(found)
    region, hour = _region(found, laterality, third)
    distances = {view: one.distance_mm for view, one in found.items() if one.distance_mm is not None}
    return Location(laterality, region, hour, third, distances)


def in_words(point: Point, landmarks: Landmarks, about: About) -> str:
    """Where a point of a CC or MLO view lies in the breast, as far as this view tells.

    Args:
        point: In source pixels.
        landmarks: Of the image.
        about: Of the same; on another view there are no words.
    """
    view = about.view.value if about.view else None
    if view not in ("CC", "MLO"):
        return ""
    side = about.laterality.value if about.laterality else None
    return locate({view: place(point, view, landmarks, about)}, side).words


def hour_of(out: float, up: float, laterality: Laterality) -> int:
    """The hour of a direction from the nipple, as one faces the woman.

    Args:
        out: Away from the middle of the body.
        up: Towards the head, in the same unit.
        laterality: Which breast.

    Example:
        >>> hour_of(1.0, 0.0, "L"), hour_of(1.0, 0.0, "R"), hour_of(-0.5, 0.866, "R")
        (3, 9, 1)
    """
    right = out if laterality == "L" else -out
    turned = round(float(np.degrees(np.arctan2(right, up))) / 30) % 12
    return turned or 12


def _third(found: Mapping[PairView, Place]) -> Third | None:
    if not found:
        return None
    share = sum(one.share for one in found.values()) / len(found)
    return THIRDS[int(np.clip(np.floor(3 * share), 0, 2))]


def _region(
    found: Mapping[PairView, Place], laterality: Laterality | None, third: Third | None
) -> tuple[str, int | None]:
    if len(found) < 2:
        for view, one in found.items():
            above, below = HALVES[view]
            return f"{above if one.offset >= 0 else below} half", None
        return "", None
    out, up, central = _from_nipple(found["CC"], found["MLO"])
    if np.hypot(out, up) < central:
        return "retroareolar" if third == "anterior" else "central", None
    hour = hour_of(out, up, laterality or "L")
    vertical, lateral = "upper" if up >= 0 else "lower", "outer" if out >= 0 else "inner"
    region = f"{vertical} {lateral} quadrant"
    if hour % 3 == 0:
        region = f"{vertical if hour % 6 == 0 else lateral} central"
    return region, hour if laterality else None


def _from_nipple(cc: Place, mlo: Place) -> tuple[float, float, float]:
    """Out, up and the radius of the areola: in mm where both spacings are known, else in lines."""
    if cc.line_mm is None or mlo.line_mm is None:
        out, oblique, central = cc.offset, mlo.offset, CENTRAL_SHARE
    else:
        out, oblique, central = cc.offset * cc.line_mm, mlo.offset * mlo.line_mm, CENTRAL_MM
    return out, float((oblique - out * np.cos(OBLIQUITY)) / np.sin(OBLIQUITY)), central
