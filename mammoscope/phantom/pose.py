"""Where tissue lies when a breast is held for one view: forwards and backwards, in closed form.

From a breast's own coordinates to the view's plane: a turn about the nipple's axis by the view's
angle, the compression, a stretch of the axillary tail along b that is paid for along z and a, a shear
that brings the muscle's front onto its line, and shears by height, depth and place. Every step keeps
volumes, so the whole does.
"""

from typing import Final, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from mammoscope.phantom.compression import Squeeze, squeeze
from mammoscope.phantom.curve import Curve, sampled
from mammoscope.phantom.recipe import FORMATS, BreastPlan, ViewPlan

FOCUS_MM: Final = 650.0
"""From the focus to the detector."""
GAP_MM: Final = 20.0
"""From the detector to the breast: support, grid and air."""
NODES: Final = 4097
AXILLA: Final = 45.0
"""Direction of the axilla from the lateral side upwards, degrees."""
BEND_MM: Final = 9.0
"""How long the muscle's edge takes to bend at its lower end."""
THIN_MM: Final = 3.5
"""How far behind its front the muscle is thick enough to be seen."""
RECEDING: Final = 0.28
"""How far tissue below the nipple lies behind, mm a mm."""
SOFT_MM: Final = 20.0
"""How gradually it comes to that."""
PAID: Final = 0.45
"""How much of the tail's stretch is paid for in height: it is as a power of the stretch."""
TOP: Final = 0.8
"""Where the image's upper edge cuts an MLO view, as a share of the compressed half width."""
SMOOTH: Final = 0.5
"""How gradually the stretch of the tail sets in, as a share of the half width."""
WAVE_MM: Final = (70.0, 90.0)
"""Lengths of the slow waves."""


Height = TypeVar("Height", float, Tensor)


class Pose(NamedTuple):
    """One breast held for one view.

    Attributes:
        base: Radius of the base, mm.
        depth: Of the breast, mm.
        squeeze: The compression.
        turn: Degrees about the nipple's axis by z: the view's angle and the roll.
        stretch: b in the plane by b' after compression.
        unstretch: Its inverse.
        narrow: What z is divided by, by b in the plane.
        flat: What a is divided by; its product with `narrow` is the stretch's derivative.
        wedge: What is added to z by b in the plane.
        slide: Shear along b and z by height.
        tilt: Shear along b by z.
        sag: Along b by z², a mm.
        waves: Amplitude and phase, along b by z and along z by b.
        edge: z in the plane at the image's chest-wall edge.
        middle: b in the plane at half of the image's height.
        size: Rows and columns of the detector, mm.
    """

    base: float
    depth: float
    squeeze: Squeeze
    turn: Curve
    stretch: Curve
    unstretch: Curve
    narrow: Curve
    flat: Curve
    wedge: Curve
    slide: tuple[float, float]
    tilt: float
    sag: float
    waves: tuple[tuple[float, float], tuple[float, float]]
    edge: float
    middle: float
    size: tuple[float, float]

    def to(self, device: torch.device, dtype: torch.dtype) -> "Pose":
        """The same with its curves on a device, in another precision."""
        return self._replace(
            squeeze=self.squeeze.to(device, dtype),
            turn=self.turn.to(device, dtype),
            stretch=self.stretch.to(device, dtype),
            unstretch=self.unstretch.to(device, dtype),
            narrow=self.narrow.to(device, dtype),
            flat=self.flat.to(device, dtype),
            wedge=self.wedge.to(device, dtype),
        )


class Column(NamedTuple):
    """Points of the plane on their way back: after the shears, and within the compressed outline.

    Attributes:
        b: Before the stretch.
        z: Before the stretch.
        up: Height from the middle, before the stretch.
        f: Distance from the middle, as `Squeeze` counts; ``reach`` is the outline.
        narrow: What z was divided by.
        flat: What a was divided by.
    """

    b: Tensor
    z: Tensor
    up: Tensor
    f: Tensor
    narrow: Tensor
    flat: Tensor


def muscle_front(plan: BreastPlan, x: Tensor, y: Tensor) -> Tensor:
    """The depth of the pectoral muscle's front behind the base's plane, mm, at places of the base."""
    middle, axilla, flank = plan.muscle_mm
    cosine, sine = np.cos(np.radians(AXILLA)), np.sin(np.radians(AXILLA))
    up = ((x * cosine + y * sine) / plan.base_mm).clamp(min=0)
    aside = (y * cosine - x * sine) / plan.base_mm
    return middle + axilla * up**2 / (up + 0.25) + flank * aside**2


def pose(plan: BreastPlan, view: ViewPlan) -> Pose:
    """How a breast is held for a view."""
    pressed = squeeze(plan.base_mm, plan.depth_mm, view.compressed_mm)
    height, width = FORMATS[view.format]
    half = plan.base_mm * pressed.reach
    scale = magnification(view.compressed_mm / 2)
    above = view.nipple_row_mm / scale
    oblique = view.view == "MLO"
    ahead = plan.depth_mm * pressed.reach
    hangs = view.sag * ahead**2 / plan.depth_mm - view.tilt * ahead
    stretch, unstretch, narrow, flat = _stretched(half, above - hangs if oblique else 0.0)
    front = _front(plan, pressed, view.angle_deg, unstretch, narrow)
    if oblique:
        wedge, begins = _wedge(view, front, hangs)
    else:
        wedge, begins = sampled(-2 * half, 2 * half, np.zeros(2)), -_at(front, 0.0)
    heights = np.linspace(0, 1, 257)
    turn = view.angle_deg + view.roll_deg * heights**2 * (3 - 2 * heights)
    held = Pose(
        plan.base_mm, plan.depth_mm, pressed, sampled(0.0, plan.depth_mm, turn),
        stretch, unstretch, narrow, flat, wedge, view.slide, view.tilt,
        view.sag / plan.depth_mm, view.waves, begins + view.edge_mm, 0.0, (height, width),
    )  # fmt: skip
    nipple = to_plane(held, torch.tensor([0.0, 0.0, plan.depth_mm], dtype=torch.float64))
    return held._replace(middle=float(nipple[1]) + above - height / 2 / scale)


def magnification(height_mm: Height) -> Height:
    """How much larger than itself a thing appears at a height above the breast support."""
    return FOCUS_MM / (FOCUS_MM - GAP_MM - height_mm)


def to_plane(pose: Pose, points: Tensor) -> Tensor:
    """Tissue points (…, 3: x, y, z) as points of the view (…, 3: a, b, z), mm; a from half height."""
    x, y, z = points.unbind(-1)
    angle = torch.deg2rad(pose.turn(z.clamp(0, pose.depth)))
    up, along = y * angle.cos() - x * angle.sin(), x * angle.cos() + y * angle.sin()
    r = torch.hypot(along / pose.base, z.clamp(min=0) / pose.depth).clamp(max=1)
    up, wide = up * pose.squeeze.flatten(r), pose.squeeze.spread(r)
    along, z = along * wide, z * wide
    b = pose.stretch(along)
    up, z = up / pose.flat(b), z / pose.narrow(b) + pose.wedge(b)
    b, z = b + pose.slide[0] * up, z + pose.slide[1] * up
    b = b + _bow(pose, z)
    return torch.stack([up, b, z + _wave(pose.waves[1], b, WAVE_MM[1])], dim=-1)


def rim(pose: Pose, depth: float = 1.0) -> Tensor:
    """The skin around the breast at half height (n, 3: a, b, z), from its upper to its lower end.

    Args:
        pose: How the breast is held.
        depth: Share of the depth up to which; 0: the edge of the base.
    """
    around = torch.linspace(0, np.pi, 721, dtype=torch.float64)
    wide, ahead = around.cos() * pose.base, around.sin() * pose.depth * depth
    turn = torch.deg2rad(pose.turn(ahead))
    return to_plane(pose, torch.stack([wide * turn.cos(), wide * turn.sin(), ahead], dim=-1))


def column(pose: Pose, up: Tensor | float, b: Tensor, z: Tensor) -> Column:
    """Where points of the view lie within the compressed outline."""
    z = z - _wave(pose.waves[1], b, WAVE_MM[1])
    b = b - _bow(pose, z) - pose.slide[0] * up
    z = z - pose.slide[1] * up
    places = pose.unstretch.places(b)
    narrow, flat = pose.narrow.between(*places), pose.flat.between(*places)
    z = (z - pose.wedge(b)) * narrow
    b = pose.unstretch.between(*places)
    f = torch.hypot(b / pose.base, z.clamp(min=0) / pose.depth)
    return Column(b, z, up * flat, f, narrow, flat)


def to_tissue(pose: Pose, place: Column) -> tuple[Tensor, Tensor, Tensor]:
    """Points of the view as tissue points x, y, z; beyond the outline they mean nothing."""
    places = pose.squeeze.gather.places(place.f)
    gather = pose.squeeze.gather.between(*places)
    up = place.up * pose.squeeze.lift.between(*places)
    b, z = place.b * gather, place.z * gather
    angle = torch.deg2rad(pose.turn(z.clamp(0, pose.depth)))
    return b * angle.cos() - up * angle.sin(), b * angle.sin() + up * angle.cos(), z


def to_detector(pose: Pose, points: Tensor) -> Tensor:
    """Points of the view (…, 3) as mm down and across on the detector, from its first corner."""
    up, b, z = points.unbind(-1)
    scale = magnification(up + pose.squeeze.half_mm)
    return torch.stack([pose.size[0] / 2 - (b - pose.middle) * scale, (z - pose.edge) * scale], dim=-1)


def from_detector(pose: Pose, up: float, down: Tensor, across: Tensor) -> tuple[Tensor, Tensor]:
    """Where the ray to a place of the detector crosses a height: b and z."""
    scale = magnification(up + pose.squeeze.half_mm)
    return pose.middle + (pose.size[0] / 2 - down) / scale, pose.edge + across / scale


def _bow(pose: Pose, z: Tensor) -> Tensor:
    """What is added to b by z."""
    free = z - pose.edge
    return pose.tilt * free - pose.sag * free.clamp(min=0) ** 2 + _wave(pose.waves[0], z, WAVE_MM[0])


def _wave(wave: tuple[float, float], at: Tensor, length: float) -> Tensor:
    return wave[0] * torch.sin(at * (2 * np.pi / length) + wave[1])


def _stretched(half: float, above: float) -> tuple[Curve, Curve, Curve, Curve]:
    """The stretch of the tail, so that `TOP` of the half width comes to lie `above` the nipple."""
    u = np.linspace(-1.5, 1.5, 2 * NODES - 1)
    rise = _rise(u)

    def grown(strength: float) -> np.ndarray:
        slope = np.exp(strength * rise)
        whole = np.concatenate([[0], np.cumsum((slope[1:] + slope[:-1]) / 2 * (u[1] - u[0]))]) * half
        return whole - whole[NODES - 1]

    low, high = 0.0, 2.0
    for _ in range(40):
        middle = (low + high) / 2
        if np.interp(TOP, u, grown(middle)) < above:
            low = middle
        else:
            high = middle
    strength = low if above else 0.0
    out = grown(strength)
    even = np.linspace(out[0], out[-1], 4 * NODES)
    back = np.interp(even, out, u)
    slope = np.exp(strength * _rise(back))
    return (
        sampled(u[0] * half, u[-1] * half, out),
        sampled(even[0], even[-1], back * half),
        sampled(even[0], even[-1], slope ** (1 - PAID)),
        sampled(even[0], even[-1], slope**PAID),
    )


def _rise(u: np.ndarray) -> np.ndarray:
    """The stretch's logarithm by the place on the base: upwards it grows, below it stays near 0."""
    return 0.8 * u + 1.2 * (np.sqrt(u**2 + SMOOTH**2) - SMOOTH)


def _front(plan: BreastPlan, pressed: Squeeze, angle: float, unstretch: Curve, narrow: Curve) -> Curve:
    """The muscle's front behind the base's plane in the view's plane, by b, at half height."""
    end = unstretch.start + unstretch.step * (len(unstretch.values) - 1)
    b = torch.linspace(unstretch.start, end, NODES, dtype=torch.float64)
    inner = unstretch(b)
    f = (inner.abs() / plan.base_mm).clamp(max=pressed.reach)
    gather = pressed.gather(f)
    turned = np.radians(angle)
    rest = inner.clamp(-plan.base_mm * pressed.reach, plan.base_mm * pressed.reach) * gather
    deep = muscle_front(plan, rest * np.cos(turned), rest * np.sin(turned))
    return sampled(unstretch.start, end, (deep / gather / narrow(b)).numpy())


def _wedge(view: ViewPlan, front: Curve, hangs: float) -> tuple[Curve, float]:
    """The shear that lays the muscle's front on its line, and where that line begins."""
    b = torch.linspace(front.start, front.start + front.step * (NODES - 1), NODES, dtype=torch.float64)
    seen = np.tan(np.radians(view.pectoral_deg))
    tangent = seen / (1 - view.tilt * seen)
    end = view.muscle_end_mm - hangs - (view.edge_mm + THIN_MM) / tangent
    bend = (b - end) / BEND_MM
    line = tangent * BEND_MM * torch.logaddexp(bend, torch.zeros(()))
    hind = RECEDING * SOFT_MM * torch.logaddexp(-b / SOFT_MM, torch.zeros(()))
    below = _at(front, end)
    return sampled(float(b[0]), float(b[-1]), (line - hind + front(b) - below).numpy()), -below


def _at(curve: Curve, place: float) -> float:
    return float(curve(torch.tensor([place], dtype=torch.float64)))
