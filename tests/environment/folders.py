"""Folders of the suite's own that are kept from run to run."""

from pathlib import Path


def compiled_templates() -> Path:
    """Return where compiled templates are kept; each is known by its text."""
    folder = Path(__file__).resolve().parents[2] / "var" / "compiled-templates"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
