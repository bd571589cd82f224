"""The bow of the outlined muscle against that of an edge followed beside the marked line.

    python scripts/measure_bow.py DATA

DATA is as for measure_quality.py. The edge is found from the marks and the pixels without the
network (muscle_edge.py); only women whom the network did not train on are counted. Where it is not
seen the edge keeps to the straight line, so the second bow is drawn towards 0.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from make_masks import split_of
from measure_quality import FILM, Image, known_spacings, landmarks_of, read
from muscle_edge import muscle as muscle_beside

from mammoscope.core import BREAST, PECTORAL, Landmarks, Mask
from mammoscope.io import Reader
from mammoscope.io.marks import MarkedImage, read_marks
from mammoscope.measures import muscle
from mammoscope.runtime import open_session
from mammoscope.segmentation.infer import Segmenter


def main() -> None:
    """Measure and print one line for film and one for digital images."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    marks = [one for one in read_marks(data / "landmarks_train.csv") if wanted(one)]
    spacings = known_spacings(data / FILM / "lesions.csv")
    segmenter = Segmenter(open_session("segmentation"))
    pairs: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    with Reader() as reader:
        for mark in marks:
            image = read(mark.image, spacings.get(mark.image.name), segmenter, reader)
            if split_of(image.woman if image.film else "C" + image.woman[1:]) == "test":
                pairs[image.film].append(both(image, landmarks_of(mark, image)))
    for film, many in pairs.items():
        values = np.array([pair for pair in many if np.isfinite(pair).all()])
        away = values[:, 0] - values[:, 1]
        print(
            f"{'film' if film else 'digital'}: {len(values)} of {len(many)} images, "
            f"mean difference {away.mean():.2f} %, SD {away.std(ddof=1):.2f}, robust SD "
            f"{1.4826 * np.median(np.abs(away - np.median(away))):.2f}, "
            f"correlation {np.corrcoef(values.T)[0, 1]:.2f}"
        )


def wanted(mark: MarkedImage) -> bool:
    """A first reading with both ends of the muscle."""
    ends = (mark.points.get(name) for name in ("pectoral upper", "pectoral lower"))
    return mark.view == "MLO" and mark.reading == 1 and all(ends)


def both(image: Image, landmarks: Landmarks) -> tuple[float, float]:
    """The bow by the network's outline and by the edge beside the line; NaN where there is none."""
    ends = (landmarks.points[name].point for name in ("pectoral upper", "pectoral lower"))
    upper, lower = (end for end in ends if end is not None)
    behind = muscle_beside(image.preview, upper, lower, landmarks.chest_wall)
    mask = image.segmentation.mask
    labels = np.where(mask.body, np.where(behind, PECTORAL, BREAST), 0).astype(np.uint8)
    other = replace(image.segmentation, mask=Mask(labels, mask.frame))
    bows = (muscle.bow(each, landmarks, image.about).value for each in (image.segmentation, other))
    first, second = (bow if isinstance(bow, float) else np.nan for bow in bows)
    return first, second


if __name__ == "__main__":
    main()
