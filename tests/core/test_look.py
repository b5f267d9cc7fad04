"""The look: style sheets, script, templates and the vendored files behind them."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "core" / "static"
VENDOR = STATIC / "vendor"
OURS = sorted((ROOT / "core" / "templates").rglob("*.html"))
SHEETS = [STATIC / "core" / name for name in ("app.css", "fonts.css", "print.css")]


# --- vendored files ------------------------------------------------------------------------------


def _sums() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_vendored_file_has_the_check_sum_that_was_written_down() -> None:
    for name, digest in _sums().items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_no_vendored_file_is_missing_from_the_check_sums() -> None:
    own = {"SHA256SUMS", "refresh.mjs"}
    found = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()}
    assert found - own == set(_sums())


def test_vendored_files_equal_the_packages_where_these_are_installed() -> None:
    places = {
        "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
        "htmx/LICENSE": "htmx.org/LICENSE",
        "be-vietnam-pro/LICENSE": "@fontsource/be-vietnam-pro/LICENSE",
        "bootstrap-icons/LICENSE": "bootstrap-icons/LICENSE",
    }
    for name in _sums():
        file = Path(name)
        if file.suffix == ".woff2":
            places[name] = f"@fontsource/be-vietnam-pro/files/{file.name}"
        elif file.suffix == ".svg" and file.stem != "sprite":
            places[name] = f"bootstrap-icons/icons/{file.name}"
    assert set(places) == set(_sums()) - {"bootstrap-icons/sprite.svg"}
    modules = ROOT / "node_modules"
    for name, source in places.items() if modules.is_dir() else ():
        assert (VENDOR / name).read_bytes() == (modules / source).read_bytes(), name


def test_every_vendored_package_brings_its_licence() -> None:
    for folder in ("htmx", "be-vietnam-pro", "bootstrap-icons"):
        assert (VENDOR / folder / "LICENSE").stat().st_size > 200


def test_the_sprite_holds_exactly_the_vendored_drawings() -> None:
    sprite = (VENDOR / "bootstrap-icons" / "sprite.svg").read_text()
    drawings = {f.stem: f.read_text() for f in (VENDOR / "bootstrap-icons").glob("*.svg")}
    del drawings["sprite"]
    symbols = dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', sprite))
    assert set(symbols) == set(drawings)
    for name, text in drawings.items():
        inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", text)
        assert symbols[name] == re.sub(r"\n\s*", "", inner), name


def test_the_lock_names_exact_versions_and_no_address_to_fetch_from() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    locked = json.loads(lock)["packages"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")


# --- style sheets and script ---------------------------------------------------------------------


def test_style_sheets_stay_small_and_load_only_our_own_files() -> None:
    assert SHEETS[0].stat().st_size < 37 * 1024
    for sheet in SHEETS:
        addresses = re.findall(r"url\(\"?([^\")]+)", sheet.read_text())
        for address in addresses:
            assert address.startswith(("data:image/svg+xml", "../vendor/")), address
            if address.startswith("../"):
                assert (sheet.parent / address).is_file()


def test_the_script_stays_small_and_evaluates_nothing() -> None:
    script = (STATIC / "core" / "app.js").read_text()
    assert len(script.splitlines()) <= 250
    assert not re.search(r"\beval\(|new Function|innerHTML|https?:", script)


@pytest.mark.parametrize("template", OURS, ids=lambda file: file.name)
def test_templates_have_no_inline_style_script_or_handler(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:href|src|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("template", OURS, ids=lambda file: file.name)
def test_icons_that_templates_name_are_in_the_sprite(template: Path) -> None:
    sprite = (VENDOR / "bootstrap-icons" / "sprite.svg").read_text()
    named = re.findall(
        r"\b(?:draw_icon|_?icon)\(\"([a-z0-9-]+)\"|icon=\"([a-z0-9-]+)\"", template.read_text()
    )
    for name in {first or second for first, second in named}:
        assert f'id="{name}"' in sprite, name


def _tokens(rule: str) -> dict[str, str]:
    body = re.search(re.escape(rule) + r" \{(.*?)\}", SHEETS[0].read_text(), re.DOTALL)
    assert body
    pairs = re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", body[1])
    return {name: "#" + "".join(c * 2 for c in v[1:]) if len(v) == 4 else v for name, v in pairs}


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "link") for ground in ("paper", "ground")],
    ("ink-soft", "shade"),
    ("accent", "accent-soft"),
    ("accent-ink", "accent"),
    ("bar-ink", "bar"),
    *[(kind, f"{kind}-soft") for kind in ("good", "warn", "late", "info", "none")],
]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    usual = _tokens(":root")
    strong = {**usual, **_tokens('html[data-contrast="1"]')}
    assert _contrast(usual[ink], usual[ground]) >= 4.5
    assert _contrast(strong[ink], strong[ground]) >= 7


def test_edges_of_inputs_and_the_focus_ring_stand_out() -> None:
    usual = _tokens(":root")
    for ground in ("paper", "ground"):
        assert _contrast(usual["edge"], usual[ground]) >= 3
        assert _contrast(usual["focus"], usual[ground]) >= 3
