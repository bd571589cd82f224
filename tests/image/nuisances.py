"""Synthetic breasts with the nuisances of real film; none is a patient's image."""

import numpy as np

ROWS, COLUMNS = 600, 400


def breast(shape: tuple[int, int] = (ROWS, COLUMNS), level: float = 0.5) -> np.ndarray:
    """A half ellipse at the left edge that fades to its skin, with grain; air is 0."""
    rows, columns = shape
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32)
    away = ((down - rows / 2) / (0.35 * rows)) ** 2 + (across / (0.6 * columns)) ** 2
    grain = 0.02 * np.random.default_rng(5).standard_normal(shape)
    fading = np.clip((1 - away) * 6, 0, 1)
    return np.clip(fading * (level + 0.3 * (1 - away) + grain), 0, 1).astype(np.float32)


def truth(shape: tuple[int, int] = (ROWS, COLUMNS)) -> np.ndarray:
    """Where `breast` is not air."""
    rows, columns = shape
    down, across = np.mgrid[0:rows, 0:columns]
    return ((down - rows / 2) / (0.35 * rows)) ** 2 + (across / (0.6 * columns)) ** 2 < 1


def oblique() -> np.ndarray:
    """A breast that touches the top, the chest wall and the bottom, with a bright muscle."""
    down, across = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32)
    reach = 150 + 120 * np.sin(np.pi * down / ROWS)
    image = np.where(across < reach, 0.45, 0.0)
    return np.where(down / 350 + across / 140 < 1, 0.85, image).astype(np.float32)


def with_letters(image: np.ndarray) -> np.ndarray:
    """A bright label of three strokes beside the breast."""
    image = image.copy()
    for left in (300, 320, 340):
        image[40:90, left : left + 6] = 1
    return image


def with_frame(image: np.ndarray) -> np.ndarray:
    """White film borders on all sides, with rounded corners."""
    image = image.copy()
    rows, columns = image.shape
    image[:12], image[-9:], image[:, :7], image[:, -10:] = 1, 1, 1, 1
    down, across = np.mgrid[0:rows, 0:columns]
    for row, column in ((12, 7), (12, columns - 10), (rows - 9, 7), (rows - 9, columns - 10)):
        inwards_down = np.abs(down - row) < 20
        inwards_across = np.abs(across - column) < 20
        centre = (row + (20 if row < rows / 2 else -20), column + (20 if column < columns / 2 else -20))
        outside = np.hypot(down - centre[0], across - centre[1]) > 20
        between = (down - row) * (centre[0] - row) >= 0
        beside = (across - column) * (centre[1] - column) >= 0
        image[inwards_down & inwards_across & outside & between & beside] = 1
    return image


def with_scratches(image: np.ndarray) -> np.ndarray:
    """Thin bright lines across air and breast."""
    image = image.copy()
    image[:, 330] = 0.9
    image[70, :] = 0.9
    index = np.arange(ROWS)
    image[index, np.minimum(COLUMNS - 1, index // 2 + 80)] = 0.8
    return image


def with_text(image: np.ndarray) -> np.ndarray:
    """Burnt-in text that touches the skin line."""
    image = image.copy()
    for left in range(200, 380, 14):
        image[296:304, left : left + 7] = 1
    return image


def with_base(image: np.ndarray) -> np.ndarray:
    """A background that is not black: film base and noise."""
    grain = 0.01 * np.random.default_rng(6).standard_normal(image.shape)
    return np.clip(0.15 + 0.8 * image + grain, 0, 1).astype(np.float32)


def with_glow(image: np.ndarray) -> np.ndarray:
    """A strip of light along the chest wall, above and below the breast."""
    strip = 0.4 * np.clip(1 - np.arange(image.shape[1]) / 24, 0, 1)
    return np.maximum(image, strip[None]).astype(np.float32)


NUISANCES = {
    "letters": with_letters, "white frame": with_frame, "scratches": with_scratches,
    "burnt-in text": with_text, "film base": with_base, "edge glow": with_glow,
}  # fmt: skip
