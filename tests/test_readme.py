"""The front door tells the truth: its map names what exists, its commands run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return the text under a heading."""
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def commands(title: str) -> list[str]:
    """Return the shell commands under a heading."""
    blocks = re.findall(r"```sh\n(.*?)```", section(title), flags=re.DOTALL)
    return [line for block in blocks for line in block.strip().splitlines()]


def test_the_map_names_only_what_exists() -> None:
    block = re.search(r"```\n(.*?)```", section("The map"), flags=re.DOTALL)
    assert block is not None
    top = ""
    for line in block[1].splitlines():
        words = line.split("   ")[0].split()
        if not line.startswith(" "):
            top = words[0]
            assert (ROOT / top).is_dir(), line
        else:
            for name in words:
                assert (ROOT / top / name).exists(), name


def test_the_picture_is_there() -> None:
    picture = re.search(r"!\[.*?\]\((.*?)\)", README)
    assert picture is not None
    assert (ROOT / picture[1]).is_file()


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_a_plugin_is_written_as_the_readme_says(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "HATNHAN_VAR": str(tmp_path / "var"),
        "HATNHAN_MODE": "test",
        "HATNHAN_LOCALE": "en",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    for name in ("HATNHAN_DATABASE_URL", "HATNHAN_CONFIG", "HATNHAN_NOW"):
        environment.pop(name, None)
    script = "set -e\n" + "\n".join(commands("Write a plugin"))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    assert (tmp_path / "local" / "dues" / "plugin.py").is_file()
