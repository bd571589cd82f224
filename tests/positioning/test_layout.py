import numpy as np
import pytest

from mammoscope.core import About, Frame, Mammogram, Spacing
from mammoscope.positioning.heatmaps.layout import LINE, channels, seen


def mammogram(spacing: float | None = None, mirrored: bool = False) -> Mammogram:
    """A synthetic half disc at the left edge, 120 of 200 rows high."""
    down, across = np.indices((200, 140))
    inside = ((down - 100) / 60) ** 2 + (across / 90) ** 2 < 1
    pixels = np.where(inside, 0.7, 0.0).astype(np.float32)
    pixels = np.ascontiguousarray(pixels[:, ::-1]) if mirrored else pixels
    known = Spacing(spacing, spacing, "synthetic") if spacing else None
    return Mammogram(pixels, About("synthetic", (200, 140), spacing=known), Frame.of((200, 140)))


def test_the_chest_wall_comes_to_the_left():
    left, right = seen(mammogram(1.0), 2.0), seen(mammogram(1.0, mirrored=True), 2.0)
    assert (left.side, right.side) == ("left", "right")
    assert (left.mammogram.pixels == right.mammogram.pixels).all()


def test_what_is_seen_leads_back_to_the_source():
    right = seen(mammogram(1.0, mirrored=True), 2.0).mammogram.frame
    left = seen(mammogram(1.0), 2.0).mammogram.frame
    point = np.array([[20.0, 11.0]])
    row, column = left.to_source(point)[0]
    assert right.to_source(point)[0] == pytest.approx([row, 139 - column])


def test_the_scale_is_the_spacing_or_a_nominal_one():
    known, unknown = seen(mammogram(0.5), 1.0), seen(mammogram(), 1.0)
    assert (known.scale, unknown.scale) == ("spacing", "nominal")
    assert known.mammogram.frame.step[0] == pytest.approx(2.0, rel=0.02)
    assert unknown.mammogram.frame.step[0] == pytest.approx(120 / 205, rel=0.05)


def test_an_image_of_nothing_is_seen_whole():
    nothing = Mammogram.of(np.zeros((60, 40), np.float32))
    assert seen(nothing, 1.0).mammogram.frame.source == (60, 40)


def test_the_line_has_five_points():
    said = channels({"nipple": None, "pectoral upper": (10.0, 60.0), "pectoral lower": (90.0, 20.0)})
    assert said["nipple"] is None
    assert [said[name].tolist() for name in LINE] == [[10, 60], [30, 50], [50, 40], [70, 30], [90, 20]]
    assert "inframammary fold" not in said


def test_a_line_that_is_not_seen_has_no_point():
    said = channels({"pectoral upper": None, "pectoral lower": None})
    assert set(said) == set(LINE)
    assert not any(point is not None for point in said.values())
