"""A folder as `mammoscope phantom` writes it, of exams drawn by hand."""

from pathlib import Path

from mammoscope.phantom.folder import Rendering, exam_files
from tests.phantom.handmade import handmade_exam


def write(folder: Path, *kinds: str) -> Path:
    """Exam 9: four views of each kind, one mass on each."""
    for name, content in exam_files(handmade_exam(9), Rendering(kinds or ("presentation",))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
