"""The README's picture: the report of the synthetic exam, as a browser shows it.

python scripts/readme_picture.py docs/report.png
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import synthetic_exam
from playwright.sync_api import sync_playwright


def main(picture: Path) -> None:
    """Draw the exam, analyse it, photograph its page."""
    with tempfile.TemporaryDirectory() as folder:
        exam, out = Path(folder) / "exam", Path(folder) / "out"
        synthetic_exam.main(exam)
        subprocess.run(["mammoscope", "analyze", str(exam), "-o", str(out)], check=True)
        page = next(out.glob("*/report.html"))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox", "--disable-gpu"],
            )
            view = browser.new_page(viewport={"width": 1560, "height": 900})
            view.goto(page.as_uri())
            view.wait_for_timeout(1000)
            view.screenshot(path=picture)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
