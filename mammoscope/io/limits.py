"""How much of the machine one input may take."""

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits for reading; what goes beyond is rejected, never cut.

    Attributes:
        file_bytes: Largest file, zip member, and inflated data set.
        pixels: Largest rows × columns; a mammogram has at most 30 million.
        archive_bytes: Largest sum of a zip file's members.
        archive_members: Most members of a zip file.
        ratio: Largest compression ratio of a zip member above 1 MiB.
        depth: Deepest nesting of sequences.
        elements: Most data elements in one file.
        text_bytes: Longest text element.
        memory_bytes: Address space of the reading process; Linux only.
        cpu_seconds: Processor time for one input; not on Windows.
        wall_seconds: Time for one input by the clock.
    """

    file_bytes: int = 512 * MIB
    pixels: int = 120_000_000
    archive_bytes: int = 64 * 1024 * MIB
    archive_members: int = 100_000
    ratio: int = 300
    depth: int = 32
    elements: int = 200_000
    text_bytes: int = MIB
    memory_bytes: int = 4096 * MIB
    cpu_seconds: int = 60
    wall_seconds: int = 120
