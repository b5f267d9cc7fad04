"""Beginning a plugin: our tested example, under another name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.manifest import NAME
from core.names import search_key

HERE = Path(__file__).resolve().parent.parent
# In a checkout among the tests, in an installed distribution beside this file.
EXAMPLES = (HERE.parent / "tests" / "example_plugin" / "lending", HERE / "_example_plugin")
SKIPPED = {"__pycache__", ".pytest_cache"}


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in place of the words of the example."""

    name: str
    title: str
    record: str

    @property
    def noun(self) -> str:
        """The record as a name in code: small letters, digits, underscores."""
        noun = re.sub(r"[^a-z0-9]+", "_", search_key(self.record)).strip("_")
        return noun if noun[:1].isalpha() else "record"

    def table(self) -> dict[str, str]:
        """Return each word of the example with what replaces it."""
        label = self.record.strip()
        camel = "".join(part.capitalize() for part in self.noun.split("_"))
        small = label[:1].lower() + label[1:]
        large = label[:1].upper() + label[1:]
        return {
            "Lending library": self.title,
            "Tủ sách chi bộ": self.title,
            "Lượt mượn": large,
            "lượt mượn": small,
            "lending": self.name,
            "loan_id": f"{self.noun}_id",
            "LoanLine": f"{camel}Line",
            "LoanInput": f"{camel}Input",
            "LoanFilter": f"{camel}Filter",
            "LoanOutput": f"{camel}Output",
            "Loan": camel,
            "loan": self.noun,
        }


def new_plugin(*, name: str, title: str, record: str, folder: Path) -> list[Path]:
    """Write a plugin into `folder/name`; return its files. Nothing that is there is overwritten."""
    if not NAME.fullmatch(name) or name == "core":
        raise InvalidInput(
            _("A module's name has small letters, digits, underscores, and begins with a letter.")
        )
    words = Words(name, title.strip() or name, record.strip() or "record")
    target = folder / name
    if target.exists():
        raise RuleBroken(_("%(path)s is there already; choose another name.", path=target))
    example = next((place for place in EXAMPLES if place.is_dir()), None)
    if example is None:
        raise RuleBroken(_("The example to begin with is not installed."))
    written = []
    for file in sorted(example.rglob("*")):
        if file.is_file() and not SKIPPED & set(file.parts):
            path = target / replaced(str(file.relative_to(example)), words)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(replaced(file.read_text(encoding="utf-8"), words), encoding="utf-8")
            written.append(path)
    return written


def replaced(text: str, words: Words) -> str:
    """Put the words in place of those of the example, all in one go."""
    table = words.table()
    pattern = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    return re.sub(pattern, lambda found: table[found.group()], text)
