"""The door in: what `find` found becomes `About`, then `Mammogram`."""

import hashlib
from dataclasses import asdict
from types import TracebackType
from typing import Final

from mammoscope.core import About, Frame, Mammogram
from mammoscope.errors import InputError, RejectedInput, UsageError
from mammoscope.io import wire
from mammoscope.io.limits import Limits
from mammoscope.io.sandbox import Reply, Sandbox
from mammoscope.io.sources import Source
from mammoscope.io.tables import Table

_TASK: Final = "mammoscope.io.reading:answer"


class Reader:
    """Reads images in a process of its own, which ends with the context.

    Args:
        table: What the user's table says of raster files.
        spacing: The user's word, in mm, for files that have no spacing of their own.
        limits: What one image may take.

    Example:
        >>> with Reader() as reader:  # doctest: +SKIP
        ...     for source in find(["exams"]):
        ...         mammogram = reader.read(source)
    """

    def __init__(
        self, table: Table | None = None, spacing: float | None = None, limits: Limits | None = None
    ) -> None:
        self._table, self._spacing, self._limits = table, spacing, limits or Limits()
        self._sandbox = Sandbox(_TASK, self._limits)
        self._digests: dict[Source, str] = {}

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process; a later call starts a new one."""
        self._sandbox.close()

    def about(self, source: Source) -> About:
        """What a source is, from its header alone: no pixel is decoded.

        Raises:
            RejectedInput: If it is broken, hostile or contradictory.
            SkippedInput: If it is sound, but not for this system.
        """
        about = self._about(source, self._ask(source, decode=False))
        self._digests[source] = about.digest
        return about

    def read(self, source: Source, look: int = 0) -> Mammogram:
        """Decode a source.

        Args:
            source: What `find` found.
            look: Which of the header's tables and windows shows it, see `mammoscope.io.looks`;
                of `About.looks`, 0 is the one that everybody else sees.

        Raises:
            RejectedInput: As `about`, for pixels that cannot be decoded, and if the bytes are
                not those of which `about` spoke (19).
            SkippedInput: As `about`, and for an image of one value (49).
            UsageError: If the image has no such look.
        """
        reply = self._ask(source, decode=True, look=look)
        about = self._about(source, reply)
        if not 0 <= look < about.looks:
            raise UsageError(f"a look of 0 to {about.looks - 1} was expected, got {look}")
        shown, *valid = reply.arrays
        if shown.shape != about.shape:
            raise RejectedInput(f"pixels of {shown.shape} where the header says {about.shape}", 55)
        return Mammogram(shown, about, Frame.of(about.shape), valid[0] if valid else None)

    def pixel_digest(self, source: Source) -> str:
        """SHA-256 of an image's pixels as displayed; of its bytes where it cannot be decoded.

        For `mammoscope.io.exams.duplicates`: the same pixels in two files are one image.
        """
        try:
            return hashlib.sha256(self.read(source).pixels.data).hexdigest()
        except InputError:
            return self._digests.get(source, source.name)

    def _ask(self, source: Source, *, decode: bool, look: int = 0) -> Reply:
        row = self._table.row(source.name) if self._table else None
        request = {
            "name": source.name,
            "path": str(source.path),
            "member": source.member,
            "digest": self._digests.get(source, ""),
            "row": asdict(row) if row else None,
            "spacing": self._spacing,
            "decode": decode,
            "look": look,
        }
        return self._sandbox.ask(request)

    def _about(self, source: Source, reply: Reply) -> About:
        try:
            return wire.unpack(reply.values["about"])
        except (KeyError, TypeError, ValueError, IndexError):
            raise RejectedInput(
                "the reading process gave no sense: the file may be hostile", 58
            ) from None
