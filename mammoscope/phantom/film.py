"""From the detector's signal to a digitised film: exposure, development, what sticks to it, scanning.

Everything happens in optical density: unexposed film is clear, which a light box shows white.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from mammoscope.phantom.film_labels import lead_marker, room_for, strip_of_words, turned
from mammoscope.phantom.looks import LEAST_EXPOSURE, Stored

Density = Float32[np.ndarray, "rows columns"]
APERTURE_MM: Final = 0.05
DUST_MM2: Final = 2000.0
"""Area on which one speck of dust lies."""
SPECK_MM: Final = 0.12
DENSER: Final = 10.0
"""Percentile of the light in the breast by which the film is exposed."""
LEAST_TRANSMITTED: Final = 1e-6


@dataclass(frozen=True)
class Film:
    """A screen-film system and the machine that reads it.

    Attributes:
        base: Density of unexposed film.
        top: Density of fully exposed film.
        gradient: Steepest slope of density over the decimal logarithm of exposure.
        target: Density that automatic exposure aims at where the breast lets least through.
        grain: Standard deviation of density 1 in a pixel of `APERTURE_MM`.
        darkest: Density that is digitised as 0.
        step: Density from one of 4,096 values to the next.
        stray: Standard deviation of the reader's own light, as a share of the lamp's, in such a pixel.
        blur_mm: Standard deviation of its spot.
        bits: Of a value.
        border_mm: The widest unexposed strip along an edge.

    Source:
        Steepest gradients of 3 to 4, densities of 1.4 to 1.9: Bushberg et al., The Essential Physics
        of Medical Imaging (2nd ed., 2002), chapter 8. Density of a digitised value: calibration of
        the Lumisys 200 as published with DDSM (Heath et al., IWDM 2000), 4.0598 - 0.00099081 value,
        where light film has high values.
    """

    base: float = 0.2
    top: float = 3.9
    gradient: float = 3.4
    target: float = 1.6
    grain: float = 0.03
    darkest: float = 4.0598
    step: float = 0.00099081
    stray: float = 2e-4
    blur_mm: float = 0.04
    bits: int = 12
    border_mm: float = 5.0


class Digitised(NamedTuple):
    """A digitised film.

    Attributes:
        stored: Its values.
        offset: Row and column of the view's first pixel in the film.
        marks: True where something sticks to the film or casts its shadow on it: labels, words.
    """

    stored: Stored
    offset: tuple[int, int]
    marks: Bool[np.ndarray, "film_rows film_columns"]


def density_of(log_exposure: Float32[np.ndarray, "*any"], film: Film) -> Float32[np.ndarray, "*any"]:
    """The characteristic curve: optical density by the decimal logarithm of exposure.

    A logistic curve through `Film.target` at 0, as steep as `Film.gradient` where it is steepest.

    Source:
        Hurter and Driffield, Photo-chemical investigations and a new method of determination of the
        sensitiveness of photographic plates, J. Soc. Chem. Ind. 9:455-469 (1890).
    """
    reach = film.top - film.base
    steep = 4 * film.gradient / reach
    middle = np.log((film.top - film.target) / (film.target - film.base)) / steep
    curve = film.base + reach / (1 + np.exp(-steep * (log_exposure - middle)))
    return np.asarray(curve, np.float32)


def digitised(
    exposure: Float32[np.ndarray, "rows columns"],
    labels: UInt8[np.ndarray, "rows columns"],
    name: str,
    spacing_mm: float,
    rng: np.random.Generator,
    film: Film | None = None,
) -> Digitised:
    """Expose, develop, label, handle and scan one film.

    Args:
        exposure: Signal as a share of the unattenuated beam's.
        labels: 0 background, 1 breast, 2 muscle; nothing is stuck on the last two.
        name: What the lead letters say: ``R CC``.
        spacing_mm: Of a pixel on the film.
        rng: Draws strips, labels, dust and noise.
        film: The system; None: the usual one.
    """
    film = film or Film()
    light = np.log10(np.maximum(exposure, np.float32(LEAST_EXPOSURE)))
    body = labels > 0
    light -= np.float32(np.percentile(light[body], DENSER) if body.any() else np.log10(0.05))
    top, bottom, left, right = (round(rng.uniform(0, film.border_mm) / spacing_mm) for _ in range(4))
    strips = ((top, bottom), (left, right))
    density = density_of(light, film)
    whole = np.pad(density, strips, constant_values=film.base)
    room = np.pad(labels, strips)
    marks = np.zeros(whole.shape, bool)
    whole = labelled(whole, marks, room, name, spacing_mm, rng, film)
    whole = dusty(whole, spacing_mm, rng, film)
    whole = grainy(whole, spacing_mm, rng, film)
    return Digitised(scanned(whole, spacing_mm, rng, film), (top, left), marks)


def labelled(
    density: Density,
    marks: Bool[np.ndarray, "rows columns"],
    labels: UInt8[np.ndarray, "rows columns"],
    name: str,
    spacing_mm: float,
    rng: np.random.Generator,
    film: Film,
) -> Density:
    """Lead letters, and on most films a strip with words, where they fit beside the breast.

    Args:
        density: The film.
        marks: Becomes True where a label lies.
        labels: 0 where there is no breast.
        name: What the letters say.
        spacing_mm: Of a pixel.
        rng: Draws which of them, and where.
        film: The system.
    """
    pictures = [lead_marker(name, spacing_mm, boxed=bool(rng.random() < 0.5))]
    if rng.random() < 0.7:
        pictures.append(strip_of_words(spacing_mm, rng))
    wide = 2 * round(2 / spacing_mm) + 1
    taken = cv2.dilate((labels > 0).astype(np.uint8), np.ones((wide, wide), np.uint8))
    result = density.copy()
    for upright in pictures:
        for picture in (upright, turned(upright)):
            place = room_for(taken, picture.covered.shape, rng)
            if place is not None:
                inked = film.base + (film.top - film.base) * picture.ink
                result[place][picture.covered] = inked[picture.covered]
                marks[place] |= picture.covered
                taken[place] = 1
                break
    return result


def dusty(density: Density, spacing_mm: float, rng: np.random.Generator, film: Film) -> Density:
    """Dust and hairs between screen and film, which leave clear specks, and scratches: on all of it."""
    rows, columns = density.shape
    shade = np.zeros(density.shape, np.uint8)
    for _ in range(int(rng.poisson(rows * columns * spacing_mm**2 / DUST_MM2))):
        middle = (int(rng.integers(columns)), int(rng.integers(rows)))
        width = float(rng.exponential(SPECK_MM)) / spacing_mm
        share = min(1.0, np.pi * width**2)
        cv2.circle(shade, middle, round(width), int(share * rng.integers(50, 230)), -1)
    for _ in range(int(rng.poisson(1))):
        start = rng.uniform((0, 0), (columns, rows))
        turns = np.cumsum(rng.normal(0, 0.5, 24)) + rng.uniform(0, 2 * np.pi)
        steps = np.stack([np.cos(turns), np.sin(turns)], axis=1) * rng.uniform(0.2, 2.5) / spacing_mm
        path = np.rint(start + np.cumsum(steps, axis=0)).astype(np.int32)
        cv2.polylines(shade, [path], isClosed=False, color=int(rng.integers(25, 130)))
    clear = shade.astype(np.float32) / 255
    return (density - clear * (density - film.base)).astype(np.float32)


def grainy(density: Density, spacing_mm: float, rng: np.random.Generator, film: Film) -> Density:
    """Grain of the developed silver.

    Source:
        Selwyn, A theory of graininess, Photogr. J. 75:571-580 (1935): the standard deviation of
        density goes with its root and falls as the side of the aperture.
    """
    spread = film.grain * np.sqrt(density) * (APERTURE_MM / spacing_mm)
    return density + spread * rng.standard_normal(density.shape, dtype=np.float32)


def scanned(density: Density, spacing_mm: float, rng: np.random.Generator, film: Film) -> Stored:
    """The film as a laser reader digitises it: light values are light film."""
    light = np.power(np.float32(10), -density)
    light = cv2.GaussianBlur(light, (0, 0), max(0.3, film.blur_mm / spacing_mm))
    stray = np.float32(film.stray * APERTURE_MM / spacing_mm)
    light += stray * rng.standard_normal(light.shape, dtype=np.float32)
    read = -np.log10(np.maximum(light, np.float32(LEAST_TRANSMITTED)))
    values = (film.darkest - read) / film.step * 2.0 ** (film.bits - 12)
    whole = np.clip(np.rint(values), 0, (1 << film.bits) - 1)
    return Stored(whole.astype(np.uint16), film.bits, "MONOCHROME2")
