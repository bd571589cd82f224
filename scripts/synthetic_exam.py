"""Draw a synthetic four-view exam as DICOM: for the README's picture, for trying things out.

No breast was imaged: outlines are curves, tissue is filtered noise. Nothing may be measured on it.

    python scripts/synthetic_exam.py FOLDER
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from pydicom.uid import generate_uid

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.synthetic import mammogram_dataset, save

ROWS, COLUMNS, SPACING = 1200, 900, 0.2


def noise(rng: np.random.Generator, slope: float) -> np.ndarray:
    """A power-law texture of mean 0 and standard deviation 1, shape (ROWS, COLUMNS)."""
    down, across = np.meshgrid(np.fft.fftfreq(ROWS), np.fft.rfftfreq(COLUMNS), indexing="ij")
    spectrum = np.hypot(down, across)
    spectrum[0, 0] = 1
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((ROWS, COLUMNS))) * spectrum ** (-slope / 2))
    return (field - field.mean()) / field.std()


def distance(view: str) -> np.ndarray:
    """Depth below the skin in pixels, negative outside; chest wall at the left edge."""
    row, column = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
    middle, reach, half = (600, 560, 430) if view == "CC" else (700, 580, 400)
    breast = 1 - np.hypot((row - middle) / half, column / reach)
    if view == "MLO":
        arm = (360 + 0.24 * row - column) / 500
        breast = np.maximum(breast, np.where(row < middle, arm, -1)).astype(np.float32)
        breast = cv2.GaussianBlur(breast, (0, 0), 40)
    nipple = 1 - np.hypot(row - middle, column - reach) / 26
    inside = ((breast > 0) | (nipple > 0)).astype(np.uint8)
    mirrored = np.pad(inside, ((0, 0), (COLUMNS, 0)), mode="edge")
    return cv2.distanceTransform(mirrored, cv2.DIST_L2, 5)[:, COLUMNS:]


def picture(view: str, rng: np.random.Generator) -> np.ndarray:
    """Grey levels 0–4095 of one view, chest wall at the left edge."""
    row, column = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
    depth = distance(view)
    thickness = np.clip(depth / 130, 0, 1) ** 0.45
    middle = 600 if view == "CC" else 700
    gland = np.exp(-(((row - middle) / 260) ** 2) - ((column - 330) / 210) ** 2)
    tissue = 0.42 + 0.05 * noise(rng, 2.2) + gland * (0.17 + 0.16 * noise(rng, 2.9))
    if view == "MLO":
        edge = 270 - 0.42 * row + 12 * np.sin(row / 120) - column
        muscle = 0.5 + 0.5 * np.tanh(edge / 10)
        tissue = tissue * (1 - 0.7 * muscle) + muscle * (0.62 + 0.02 * noise(rng, 2.0))
    skin = 0.06 * np.exp(-(((depth - 6) / 5) ** 2)) * (depth > 0)
    image = thickness * np.clip(tissue, 0.12, 1) + skin
    image = cv2.GaussianBlur(image.astype(np.float32), (0, 0), 1.0)
    grain = rng.normal(0, 14, image.shape) * (depth > 0)
    return np.clip(image * 3600 + grain, 0, 4095).astype(np.uint16)


def main(folder: Path) -> None:
    """Write the four views."""
    folder.mkdir(parents=True, exist_ok=True)
    study = generate_uid(entropy_srcs=["mammoscope synthetic exam"])
    for number, (laterality, view) in enumerate([(s, v) for v in ("CC", "MLO") for s in ("R", "L")]):
        pixels = picture(view, np.random.default_rng(number))
        pixels = np.ascontiguousarray(pixels[:, ::-1]) if laterality == "R" else pixels
        dataset = mammogram_dataset(
            view, laterality, pixels=pixels, StudyInstanceUID=study,
            SOPInstanceUID=generate_uid(entropy_srcs=[study, view, laterality]),
            ImagerPixelSpacing=[SPACING, SPACING], EstimatedRadiographicMagnificationFactor=1.07,
            WindowCenter=2000, WindowWidth=4000,
        )  # fmt: skip
        path = folder / f"synthetic_{laterality}_{view}.dcm"
        save(dataset, path)
        print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
