"""What tests share."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # networks of tests are tiny: threads only wait

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real images and papers beside the checkout."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs ../shared/data: real images that the project does not distribute")
    return SHARED
