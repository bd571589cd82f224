"""The public surface: what is promised to people who import it."""

import importlib.metadata
import subprocess
import sys

import mammoscope


def test_the_surface():
    assert mammoscope.__all__ == ["__version__", "analyze", "read"]
    assert all(hasattr(mammoscope, name) for name in mammoscope.__all__)


def test_the_version_is_the_packages():
    assert mammoscope.__version__ == importlib.metadata.version("mammoscope")


def test_importing_costs_nothing():
    script = (
        "import sys, mammoscope; print({'numpy', 'pydicom', 'onnxruntime', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_help_imports_nothing_heavy():
    heavy = "{'numpy', 'pydicom', 'onnxruntime', 'torch', 'rich', 'jinja2'}"
    script = (
        "import sys; sys.argv = ['mammoscope', '--help']\n"
        "from mammoscope.faces.cli import main\n"
        f"try:\n    main()\nexcept SystemExit:\n    print({heavy} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"
