"""Recorded requests on their way from the product to the floor, which imports nothing of it."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Statement = tuple[str, Any, bool]
"""Text, parameters, and whether they are many sets of them."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request: its statements in their order, and the bytes it answered."""

    statements: Sequence[Statement]
    body: bytes
    mimetype: str


def keep(folder: Path, name: str, recorded: Sequence[Recorded]) -> None:
    """Write recorded requests where the floor's server finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = folder / f".{name}"
    waiting.write_bytes(pickle.dumps([(r.statements, r.body, r.mimetype) for r in recorded]))
    waiting.replace(folder / f"{name}.pickle")


def kept(folder: Path, name: str) -> list[Recorded]:
    """Read recorded requests."""
    # Written by this run a moment ago, on this machine.
    rows = pickle.loads((folder / f"{name}.pickle").read_bytes())  # noqa: S301
    return [Recorded(*row) for row in rows]
