"""Results as documents: JSON, CSV, HTML, pictures.

A run writes ``<out>/<exam.key>/`` with `write_exam`, whose return value (or `read_json` of an
earlier run's ``result.json``) is all that `write_summary`, `write_manifest` and `write_index` need:
nothing of an exam stays in memory once its folder is written.
"""

from mammoscope.report.exam import RESULT, write_exam
from mammoscope.report.files import Document, read_json, write_bytes, write_json, write_text
from mammoscope.report.html import write_index
from mammoscope.report.manifest import Run, write_manifest
from mammoscope.report.summary import write_summary

__all__ = [
    "RESULT", "Document", "Run", "read_json", "write_bytes", "write_exam", "write_index",
    "write_json", "write_manifest", "write_summary", "write_text",
]  # fmt: skip
