"""Removing a module into an archive and restoring it: nothing is lost, nothing is left over."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from core.authoring.worlds import plugin_world
from core.cli import Context
from core.commands.plugins import plugin
from core.modules.archiving import frozen, thawed
from core.settings.models import EffectiveValue, SettingRow
from core.testing import World

EXAMPLE = Path(__file__).resolve().parents[2] / "example_plugin" / "lending"


@pytest.fixture
def used(tmp_path: Path) -> Iterator[World]:
    """A world in which the example plugin was used at two branches."""
    with plugin_world(EXAMPLE, tmp_path) as world:
        world.unit("W", "commune")
        world.unit("A", "branch", "W")
        world.unit("B", "branch", "W")
        world.switch("lending", "W", on=True)
        world.give("lending.days", 12, "A")
        for code in "AB":
            browser = world.browser(world.account("branch_secretary", code))
            for title in ("Sổ tay", "Điều lệ “2011”", "Nghị quyết\u00a004"):
                browser.submit(f"/u/{code}/lending/new", {"title": title})
        yield world


def run(world: World, *arguments: str):
    context = Context()
    context._system = world.system
    return CliRunner().invoke(plugin, arguments, obj=context)


def loans(world: World) -> list[Any]:
    with world.system.database.engine.connect() as connection:
        table = sa.Table("lending_loan", sa.MetaData(), autoload_with=connection)
        return list(
            connection.execute(
                sa.select(table).prefix_with("/* unscoped: test */").order_by(table.c.id)
            )
        )


def tables(world: World) -> set[str]:
    return {
        name
        for name in sa.inspect(world.system.database.engine).get_table_names()
        if "lending" in name
    }


def removed(world: World) -> Path:
    result = run(world, "uninstall", "lending", "--yes", "--json")
    assert result.exit_code == 0, result.output
    return Path(json.loads(result.stdout)["archive"])


def test_a_module_is_removed_whole_and_comes_back_as_it_was(used):
    before = loans(used)
    archive = removed(used)
    assert tables(used) == set()
    for model in (SettingRow, EffectiveValue):
        with used.work(writing=False) as work:
            keys = work.session.scalars(sa.select(model.key).distinct()).all()
        assert not [key for key in keys if key.startswith("lending.")]
    used.system.host.plugins["lending"].problem = ""
    assert run(used, "restore", str(archive)).exit_code == 0
    assert loans(used) == before
    browser = used.browser(used.account("branch_secretary", "A"))
    assert browser.get("/api/v1/settings/lending.days?unit=A").status_code == 403
    with used.work(writing=False) as work:
        assert work.host.is_on(work, "lending", used.place("B", work))


def test_removing_asks_first_and_without_a_terminal_does_nothing(used):
    assert run(used, "uninstall", "lending").exit_code == 1
    assert len(loans(used)) == 6


def test_a_damaged_archive_is_refused_and_nothing_is_written(used, tmp_path):
    archive = removed(used)
    used.system.host.plugins["lending"].problem = ""
    with zipfile.ZipFile(archive) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(damaged, "w") as bundle:
        for name, body in parts.items():
            bundle.writestr(name, body.replace("Sổ".encode(), b"So"))
    assert run(used, "restore", str(damaged)).exit_code == 1
    assert tables(used) == set()
    (tmp_path / "x.zip").write_bytes(b"nothing")
    assert run(used, "restore", str(tmp_path / "x.zip")).exit_code == 1


def test_what_is_there_is_not_overwritten_by_an_archive(used):
    archive = removed(used)
    used.system.host.plugins["lending"].problem = ""
    assert run(used, "restore", str(archive)).exit_code == 0
    assert run(used, "restore", str(archive)).exit_code == 1
    assert len(loans(used)) == 6


def test_core_and_unknown_modules_cannot_be_removed(used):
    for name in ("units", "nothing"):
        assert run(used, "uninstall", name, "--yes").exit_code == 1


def test_a_value_comes_back_as_it_was(used):
    for row in loans(used):
        for value in row:
            assert thawed(json.loads(json.dumps(frozen(value)))) == value
    for value in ({"a": [1, None]}, ["x"], None, True, 1.5, "x"):
        assert thawed(json.loads(json.dumps(frozen(value)))) == value
