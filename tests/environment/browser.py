"""Chromium of this machine, as Playwright starts it for the tests."""

import shutil
from typing import Any

# The shell draws pages and nothing else: the whole browser takes twice the processor for its frame.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--no-sandbox",  # the tests may run as root, where the sandbox refuses
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers have little of it
    # Nothing that asks other machines.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page is looked at for a second: making its scripts faster takes longer than they run.
    "--js-flags=--no-opt --no-maglev",
)


def launch_arguments() -> dict[str, Any]:
    """Return the arguments of Playwright's `launch`: the machine's browser, asking nobody."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        message = "There is no Chromium here: install the package chromium."
        raise RuntimeError(message)
    return {"executable_path": found, "args": list(FLAGS)}
