"""Manifest: what a plugin says of itself, read before any of its code runs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORE_VERSION = (1, 0)
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
PERMISSION = re.compile(r"[a-z][a-z0-9_]*:[a-z0-9_]+:[a-z0-9_]+")
KNOWN = {
    "name",
    "title",
    "version",
    "needs_core",
    "prefix",
    "maintainer",
    "description",
    "permissions",
    "member_fields",
    "provides",
    "on_at_root",
}
NEEDED = ("name", "title", "version", "needs_core", "prefix", "maintainer")


class ManifestError(Exception):
    """A manifest that cannot be used; the text says what to correct."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The static description of a plugin (`plugin.toml`)."""

    name: str
    title: str
    version: str
    needs_core: str
    prefix: str
    maintainer: str
    description: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)
    member_fields: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    on_at_root: bool = False


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest; raise `ManifestError` with the file and the first thing wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(f"{path.name}: {error}") from error
    return check_manifest(raw, path.parent.name)


def check_manifest(raw: Mapping[str, Any], folder: str) -> Manifest:
    """Check the values of a manifest against the folder it was found in."""
    missing = [name for name in NEEDED if not isinstance(raw.get(name), str) or not raw[name]]
    if missing:
        raise ManifestError(f"plugin.toml lacks {', '.join(missing)}")
    unknown = set(raw) - KNOWN
    if unknown:
        raise ManifestError(f"plugin.toml names {', '.join(sorted(unknown))}, which nobody knows")
    if not NAME.fullmatch(raw["name"]) or raw["prefix"] != raw["name"]:
        raise ManifestError("name is small letters, digits, underscores; prefix is the same word")
    permissions = raw.get("permissions", {})
    for permission in permissions:
        if not PERMISSION.fullmatch(permission) or not permission.startswith(raw["name"] + ":"):
            raise ManifestError(f"permission {permission} is not {raw['name']}:<thing>:<action>")
    if not _core_fits(raw["needs_core"]):
        raise ManifestError(
            f"needs core {raw['needs_core']}, this is {'.'.join(map(str, CORE_VERSION))}"
        )
    return Manifest(
        **{name: raw[name] for name in NEEDED},
        description=raw.get("description", ""),
        permissions=dict(permissions),
        member_fields=tuple(raw.get("member_fields", ())),
        provides=tuple(raw.get("provides", ())),
        on_at_root=bool(raw.get("on_at_root", False)),
    )


def _core_fits(wanted: str) -> bool:
    """Whether this core is in a range such as `>=1.0,<2`."""
    for part in wanted.split(","):
        match = re.fullmatch(r"\s*(>=|<=|<|>|==)\s*(\d+)(?:\.(\d+))?\s*", part)
        if match is None:
            return False
        other = (int(match[2]), int(match[3] or 0))
        fits = {
            ">=": other <= CORE_VERSION,
            "<=": other >= CORE_VERSION,
            "<": other > CORE_VERSION,
            ">": other < CORE_VERSION,
            "==": other == CORE_VERSION,
        }[match[1]]
        if not fits:
            return False
    return True
