"""The lines of positioning as a radiographer draws them."""

import numpy as np

from mammoscope.core import Line, View
from mammoscope.errors import GeometryError
from mammoscope.measures import lines
from mammoscope.measures.scene import ENDS, MIDDLE, Scene, Wall, wall_of
from mammoscope.scores.landmarks import foot


def lines_to_draw(scene: Scene, view: View | None) -> tuple[Line, ...]:
    """Lines in source pixels, those that their points allow.

    Args:
        scene: Points and size of the image.
        view: MLO: pectoral line, posterior nipple line, and the gap where the muscle ends above its
            foot, as far as it is on the film. CC: posterior nipple line and nipple axis. Both: the
            chest wall.
    """
    wall = wall_of(scene.points)
    drawn = [_line(scene, "chest wall", *_ends(scene, wall))] if wall else []
    try:
        return (*drawn, *(_oblique(scene) if view == "MLO" else _from_above(scene)))
    except GeometryError:
        return tuple(drawn)


def _ends(scene: Scene, wall: Wall) -> tuple[np.ndarray, np.ndarray]:
    """The chest-wall edge as far as it is seen; else to the image's upper or lower edge."""
    upper, lower = (scene.points.get(name) for name in ENDS)
    rows = 0.0 if upper is None else upper[0], scene.size[0] if lower is None else lower[0]
    return lines.at_row(float(rows[0]), *wall), lines.at_row(float(rows[1]), *wall)


def _oblique(scene: Scene) -> list[Line]:
    points = scene.points
    if not {"pectoral upper", "pectoral lower"} <= points.keys():
        return []
    upper, lower = points["pectoral upper"], points["pectoral lower"]
    drawn = [_line(scene, "pectoral line", upper, lower)]
    if "nipple" not in points:
        return drawn
    nipple = points["nipple"]
    wall = wall_of(points)
    end = lines.nipple_line_end(nipple, upper, lower, scene.size, wall)
    drawn.append(_line(scene, "posterior nipple line", nipple, end))
    if lines.pectoral_gap(nipple, upper, lower) > 0:
        below = lines.within_film(lower, foot(nipple, upper, lower), scene.size, wall)
        drawn.append(_line(scene, "gap", lower, below))
    return drawn


def _from_above(scene: Scene) -> list[Line]:
    wall, nipple = wall_of(scene.points), scene.points.get("nipple")
    if wall is None or nipple is None:
        return []
    drawn = [_line(scene, "posterior nipple line", nipple, foot(nipple, *wall))]
    if MIDDLE in scene.points:
        drawn.append(_line(scene, "nipple axis", scene.points[MIDDLE], nipple))
    return drawn


def _line(scene: Scene, kind: str, *points: np.ndarray) -> Line:
    return Line(kind, tuple(scene.to_pixels(point) for point in points))
