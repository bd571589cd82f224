"""An image from its file to its score by the path that ships, against the paper's path.

    python benchmarks/screening.py [--weights DIR] [--repeats N] [--threads N] [--shape ROWS COLUMNS]

The paper's path: the DICOM file decoded by pydicom, written as a PNG of full size (8 bits), read back,
resized to the network's square, and its network, seresnext50_32x4d, in eager torch. Ours: the same file
decoded, its breast cut out at the network's scale, and the network that ships by onnxruntime. Between
them, so that the gain of each step is told apart: our preparation with our network in eager torch, and
each side's preparation and network alone. The heatmap of findings, which guides the score in
``mammoscope analyze``, is no part of either: see --guided. Weights of torch's networks are random,
which cost what trained ones do. The image is synthetic and not compressed. Ways run in turns; medians
are printed, of processor time over all threads, of wall and of stolen time.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import torch
from clock import measure, table
from positioning import HEIGHT_MM, picture
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import DigitalMammographyXRayImageStorageForPresentation, ExplicitVRLittleEndian

from mammoscope.core import About, Mammogram, Spacing
from mammoscope.core.settings import from_plain
from mammoscope.findings.infer import Finder
from mammoscope.image.breast import prepare
from mammoscope.image.windows import network_image
from mammoscope.io.codecs import decode
from mammoscope.io.pixels import stored_to_display
from mammoscope.runtime import Session, open_session, weights_folder
from mammoscope.screening.infer import Scorer
from mammoscope.screening.network import Network as PaperNetwork
from mammoscope.screening.pooled.network import Answers, Network
from mammoscope.screening.pooled.recipe import Recipe as OurRecipe
from mammoscope.screening.recipe import Recipe

PAPER, PAPER_READY, PAPER_ALONE = "paper's path", "paper's preparation", "paper's network, eager torch"
OURS, OURS_READY, OURS_ALONE = "ours", "our preparation", "our network, onnxruntime"
EAGER, EAGER_ALONE = "ours, network in eager torch", "our network, eager torch"
GUIDED = "ours, guided by findings"
BITS = 12
FILM = (4800, 3000)
"""Rows and columns of a film at 50 µm, which is what the weights that ship were taught."""


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shape", type=int, nargs=2, default=FILM)
    parser.add_argument("--guided", action="store_true", help="also with the heatmap of findings")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    session = open_session("screening", arguments.weights, arguments.threads)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "synthetic.dcm"
        write(file, *arguments.shape)
        runs = dict(ways(file, session, arguments.weights))
        if arguments.guided:
            finder = Finder(open_session("findings", arguments.weights, arguments.threads))
            score, image = Scorer(session), decoded(file)
            runs[GUIDED] = lambda: score(image, finder(image))
        costs = measure(runs, arguments.repeats)
    print(f"image {arguments.shape[0]} x {arguments.shape[1]}, torch {torch.__version__}, "
          f"{arguments.threads} threads")  # fmt: skip
    table(costs, OURS)
    if arguments.threads > 1:
        print("\nthreads that wait for each other count as work: see --threads 1 as well")


def ways(file: Path, session: Session, folder: Path | None) -> Mapping[str, Callable[[], object]]:
    """Each way by its name."""
    paper, score, ours = (
        PaperNetwork(Recipe.paper().network).eval(),
        Scorer(session),
        same(session, folder),
    )
    side = paper.settings.size
    square, ready = for_paper(file, side), for_ours(session, decoded(file))
    mirror = "and its mirror image" if ours.mirrored else "alone"
    print(f"paper's image {tuple(square.shape)}; ours {ready.shape} {mirror}, {len(ours.networks)} "
          "networks")  # fmt: skip
    return {
        PAPER: lambda: eager(paper, for_paper(file, side)),
        OURS: lambda: score(decoded(file)),
        EAGER: lambda: eager(ours, torch.from_numpy(for_ours(session, decoded(file)))),
        PAPER_READY: lambda: for_paper(file, side),
        OURS_READY: lambda: for_ours(session, decoded(file)),
        PAPER_ALONE: lambda: eager(paper, square),
        OURS_ALONE: lambda: session.run(ready),
        EAGER_ALONE: lambda: eager(ours, torch.from_numpy(ready)),
    }


def for_paper(file: Path, side: int) -> torch.Tensor:
    """The paper's preparation: "we converted dcm files to png files", then resized (5.5)."""
    values = dcmread(file).pixel_array
    low, high = int(values.min()), int(values.max())
    png = file.with_suffix(".png")
    cv2.imwrite(str(png), np.uint8(255.0 * (values - low) / (high - low)))
    small = cv2.resize(cv2.imread(str(png), cv2.IMREAD_GRAYSCALE), (side, side))
    return torch.from_numpy(small)[None, None] / 255


def decoded(file: Path) -> Mammogram:
    """Our reading, without the process of its own that guards against hostile files."""
    dataset = dcmread(file)
    pixels, _, _ = stored_to_display(decode(dataset), dataset)
    step = float(dataset.ImagerPixelSpacing[0])
    return Mammogram.of(pixels, About("synthetic", pixels.shape, spacing=Spacing(step, step, "tag")))


def for_ours(session: Session, image: Mammogram) -> np.ndarray:
    """Our preparation."""
    taken = session.card.input
    return network_image(prepare(image, taken.raw, taken.spacing_mm).pixels)


def eager(network: torch.nn.Module, image: torch.Tensor) -> object:
    """A network by torch as it comes."""
    with torch.inference_mode():
        return network(image)


def same(session: Session, folder: Path | None) -> Answers:
    """The network of the weights in torch; as many of them together as the file's size says."""
    recipe = from_plain(OurRecipe, session.card.recipe)
    network = Network(recipe.network)
    bytes_each = 4 * sum(one.numel() for one in network.parameters())
    size = (weights_folder(folder) / f"{session.card.name}.onnx").stat().st_size
    networks = [network, *(Network(recipe.network) for _ in range(round(size / bytes_each) - 1))]
    return Answers(networks, recipe.mirrored).eval()


def write(file: Path, rows: int, columns: int) -> None:
    """A synthetic digital MLO view as an uncompressed DICOM file."""
    image = picture(rows, columns, HEIGHT_MM / rows)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = DigitalMammographyXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = "2.25.1"
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, "2.25.1"
    dataset.Rows, dataset.Columns = rows, columns
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, BITS, BITS - 1
    dataset.PixelRepresentation, dataset.PresentationIntentType = 0, "FOR PRESENTATION"
    dataset.ImagerPixelSpacing = [HEIGHT_MM / rows] * 2
    dataset.PixelData = np.uint16(image.pixels * (2**BITS - 1)).tobytes()
    dataset.save_as(file, enforce_file_format=True)


if __name__ == "__main__":
    main()
