"""A breast whose every number is chosen, for tests of how phantoms are made."""

from dataclasses import replace

from mammoscope.phantom.recipe import BreastPlan, LesionPlan, ViewPlan

STILL = ((0.0, 0.0), (0.0, 0.0))


def cc(**changes) -> ViewPlan:
    plain = ViewPlan(
        "CC", "18 x 24", 0.0, 50.0, 120.0, 5.0, 0.0, 0.0, 0.0, (0.0, 0.0), 0.0, 0.0, STILL, False, 28, 1
    )
    return replace(plain, **changes)


def mlo(**changes) -> ViewPlan:
    plain = cc(view="MLO", angle_deg=45.0, nipple_row_mm=150.0, edge_mm=3.0, tilt=-0.2, seed=2)
    plain = replace(plain, pectoral_deg=22.0, muscle_end_mm=25.0)
    return replace(plain, **changes)


def breast(*lesions: LesionPlan, **changes) -> BreastPlan:
    plain = BreastPlan(
        "L",
        "B",
        0.06,
        65.0,
        55.0,
        1.5,
        (7.0, 30.0, 50.0),
        (5.0, 6.0),
        0.1,
        0.1,
        3,
        lesions,
        (cc(), mlo()),
    )
    return replace(plain, **changes)


def lesion(kind="mass", shape="round", margins="circumscribed", diameter=12.0, place=(0.2, 0.2, 0.4)):
    return LesionPlan(kind, shape, margins, 1, diameter, place, 5)
