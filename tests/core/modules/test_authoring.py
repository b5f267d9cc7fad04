"""Writing plugins: the scaffold works at once, the check names what is missing, hooks are told."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.authoring.checking import check_plugin
from core.authoring.hook_docs import HOOKS, hooks_page, list_hooks
from core.authoring.reading import hook_lines
from core.authoring.scaffold import Words, new_plugin, replaced
from core.authoring.worlds import plugin_world
from core.commands.docs import docs
from core.commands.plugins import plugin
from core.errors import InvalidInput, RuleBroken

EXAMPLE = Path(__file__).resolve().parents[2] / "example_plugin" / "lending"


def run(*arguments: str):
    return CliRunner().invoke(plugin, arguments)


def test_a_new_plugin_asks_nothing_passes_every_check_and_works(tmp_path):
    result = run(
        "new",
        "party_dues",
        *("--title", "Thu đảng phí", "--record", "phiếu thu"),
        *("--folder", str(tmp_path), "--yes", "--json"),
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["name"] == "party_dues"
    verdict = run("check", str(tmp_path / "party_dues"), "--json")
    assert (verdict.exit_code, json.loads(verdict.stdout)["level"]) == (0, "excellent")
    (tmp_path / "var").mkdir()
    with plugin_world(tmp_path / "party_dues", tmp_path / "var") as world:
        world.unit("W", "commune")
        world.unit("A", "branch", "W")
        world.switch("party_dues", "A", on=True)
        browser = world.browser(world.account("branch_secretary", "A"))
        assert browser.submit("/u/A/party_dues/new", {"title": "Tháng 11"}).status_code == 303
        page = browser.get("/u/A/party_dues/").text
        assert "Tháng 11" in page
        assert "Phiếu thu" in page


def test_no_word_of_the_example_is_left_in_a_new_plugin(tmp_path):
    files = new_plugin(name="gifts", title="Quà tặng", record="gift", folder=tmp_path)
    text = "\n".join(f"{file}\n{file.read_text()}" for file in files)
    assert not re.search(r"lending|loan|mượn|Tủ sách", text, re.IGNORECASE)


def test_names_of_code_are_made_of_a_vietnamese_word():
    words = Words("dues", "Thu đảng phí", "Phiếu thu")
    assert (words.noun, replaced("Loan loan_id", words)) == ("phieu_thu", "PhieuThu phieu_thu_id")
    assert Words("dues", "", "2026").noun == "record"


@pytest.mark.parametrize("name", ["Dues", "1dues", "đảng", "a", "core", "x" * 40, "../up"])
def test_a_name_that_cannot_be_a_module_is_refused(tmp_path, name):
    with pytest.raises(InvalidInput):
        new_plugin(name=name, title="", record="", folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_that_is_there_is_overwritten(tmp_path):
    (tmp_path / "dues").mkdir()
    with pytest.raises(RuleBroken):
        new_plugin(name="dues", title="", record="", folder=tmp_path)


def spoiled(tmp_path: Path, name: str, file: str, before: str, after: str) -> Path:
    """Copy the example under another name and spoil one place in it."""
    new_plugin(name=name, title="Hỏng", record=f"{name}_thing", folder=tmp_path)
    path = tmp_path / name / file
    text = path.read_text()
    assert before in text, text
    path.write_text(text.replace(before, after))
    return tmp_path / name


DAY = "    due_on: Mapped[date]\n"
UUID = "import uuid\n"
FIGURES = "from .indicators import indicators\n"
SPOILS = [
    # name, file, what stands there, what stands there instead, level, what the check says
    ("sp_version", "plugin.toml", 'version = "1.0"', "", "refused", "version"),
    ("sp_import", "plugin.py", UUID, "import nothing_here\n", "refused", "nothing_here"),
    ("sp_right", "plugin.toml", "thing:manage", "thing:other", "refused", "thing:manage"),
    ("sp_column", "models.py", DAY, f"{DAY}    size: Mapped[int]\n", "refused", "size"),
    ("sp_readme", "README.md", "## Removal", "## Other", "refused", "README.md"),
    ("sp_other", "services.py", UUID, f"{UUID}import plugins.meetings\n", "refused", "services"),
    ("sp_text", "views.py", '"Closed: ', '"Ended: ', "basic", "Ended: %(title)s."),
    ("sp_person", "plugin.py", "@hookimpl\ndef personal_data(", "def x(", "basic", "personal_data"),
    ("sp_types", "services.py", "= False) -> int:", "= False):", "good", "services.py"),
    ("sp_figures", "plugin.py", FIGURES, "indicators = ()\n", "good", "indicators"),
]


@pytest.mark.parametrize(("name", "file", "before", "after", "level", "missing"), SPOILS)
def test_the_check_names_what_is_missing_first(tmp_path, name, file, before, after, level, missing):
    verdict = check_plugin(spoiled(tmp_path, name, file, before, after))
    assert verdict.level == level
    assert missing in verdict.missing[0]


def test_a_plugin_without_tests_or_migrations_is_told(tmp_path):
    new_plugin(name="sp_bare", title="", record="bare", folder=tmp_path)
    shutil.rmtree(tmp_path / "sp_bare" / "tests")
    verdict = check_plugin(tmp_path / "sp_bare")
    assert (verdict.level, "tests/" in verdict.missing[0]) == ("basic", True)
    for file in (tmp_path / "sp_bare" / "migrations").glob("*.py"):
        file.unlink()
    verdict = check_plugin(tmp_path / "sp_bare")
    assert (verdict.level, "hatnhan db revision" in verdict.missing[0]) == ("refused", True)


def test_a_refused_plugin_exits_1_and_an_unknown_one_is_named(tmp_path):
    folder = spoiled(tmp_path, "sp_exit", "README.md", "## Removal", "## Other")
    result = run("check", str(folder))
    assert result.exit_code == 1
    assert "README.md" in result.stdout


# --- hooks ---------------------------------------------------------------------------------------


def test_the_page_of_hooks_is_what_the_code_says():
    assert HOOKS.read_text(encoding="utf-8") == hooks_page(), "run: hatnhan docs hooks"


@pytest.mark.parametrize("hook", list_hooks(), ids=lambda hook: hook.name)
def test_every_hook_has_its_five_lines_a_scope_and_somebody_who_uses_it(hook):
    assert hook.lines is not None
    assert re.match(r"\w+\((work|hatnhan): ", hook.signature)
    assert hook.users, "no hook without a user: a feature, a plugin of ours, or the example"


def test_objections_and_notices_return_nothing_and_offers_a_list():
    for hook in list_hooks():
        assert hook.name.startswith("check_") is (hook.kind == "objection")
        assert ("->" in hook.signature) is (hook.kind == "offer")


@pytest.mark.parametrize(
    "text",
    [
        "Offer.",
        "Offer.\n\nCalled: now.\nReturns: a list.\nFails: left out.\n",
        "Offer.\n\nReturns: a list.\nCalled: now.\nFails: left out.\nSince: 1.0\n",
        "Offer.\n\nCalled:\nReturns: a list.\nFails: left out.\nSince: 1.0\n",
    ],
)
def test_a_hook_without_its_five_lines_in_order_is_noticed(text):
    assert hook_lines(text) is None


def test_the_command_says_whether_the_page_of_hooks_is_old(tmp_path, monkeypatch):
    monkeypatch.setattr("core.commands.docs.HOOKS", tmp_path / "HOOKS.md")
    assert CliRunner().invoke(docs, ["hooks", "--check"]).exit_code == 1
    assert CliRunner().invoke(docs, ["hooks"]).exit_code == 0
    assert CliRunner().invoke(docs, ["hooks", "--check"]).exit_code == 0


def test_the_example_is_complete():
    assert check_plugin(EXAMPLE).missing == []
