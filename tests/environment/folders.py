"""Folders of the suite's own that are kept from run to run."""

import hashlib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def compiled_templates() -> Path:
    """Return where compiled templates are kept, each known by its text.

    Another folder where what compiles them is another: ours (`core/parts.py`), or Jinja's.
    """
    compiler = (ROOT / "core" / "parts.py").read_bytes() + version("jinja2").encode()
    folder = ROOT / "var" / "compiled-templates" / hashlib.sha256(compiler).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    return folder
