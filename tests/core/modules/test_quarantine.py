"""Deliberately bad plugins: each is quarantined with the right reason, and the rest goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from alembic import command

from core.app import create_app, create_system
from core.authoring.worlds import config_of, empty_database
from core.db import Base, Database, make_engine
from core.errors import RuleBroken
from core.manifest import ManifestError
from core.members.models import Member
from core.schema import alembic_config, components
from core.system import System
from core.testing import NOON, World
from core.units.services import rename_unit, void_unit

EMPTY = Path(__file__).resolve().parents[2] / "environment"
MANIFEST = """\
name = "{name}"
title = "Bad"
version = "1.0"
needs_core = ">=1.0,<2"
prefix = "{name}"
maintainer = "A province"
on_at_root = true
"""
HOOKS = """\
from core.hooks import hookimpl
from core.pages import MenuEntry
from core.errors import RuleBroken
"""


def write(folder: Path, name: str, code: str, *, manifest: str = MANIFEST, **files: str) -> None:
    """Write a plugin of one file."""
    place = folder / name
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("")
    (place / "plugin.py").write_text(dedent(code))
    (place / "plugin.toml").write_text(manifest.format(name=name))
    for file, text in files.items():
        (place / f"{file}.py").write_text(dedent(text))


def start(var: Path, *folders: Path, strict: bool = False) -> World:
    """Start a system with these folders of plugins on an empty database."""
    var.mkdir(exist_ok=True)
    config = replace(config_of(var, *folders), strict_plugins=strict)
    (var / "world.sqlite3").write_bytes(empty_database(EMPTY))
    system: System = create_system(config, database=Database(make_engine(config.database_url)))
    system.opener.clock = lambda: NOON
    for name, folder in components(system.host):
        command.stamp(alembic_config(name, folder, system.database), "head")
    return World(system, create_app(system=system))


@contextmanager
def started(var: Path, *folders: Path) -> Iterator[World]:
    """Start a system with these folders of plugins, with a ward and a branch."""
    world = start(var, *folders)
    try:
        world.unit("W", "commune")
        world.unit("A", "branch", "W", name="Chi bộ A")
        yield world
    finally:
        world.system.database.engine.dispose()


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """The folder of a province's plugins, beside the data."""
    return tmp_path / "plugins"


def problem(world: World, name: str) -> str:
    return world.system.host.plugins[name].problem


def goes_on(world: World) -> bool:
    """Whether the rest keeps running: pages, our own module, the readiness answer."""
    browser = world.browser(world.account("branch_secretary", "A"))
    ready = browser.get("/readyz")
    return (
        browser.get("/u/A/units/").status_code == 200
        and browser.get("/u/A/meetings/").status_code == 200
        and (ready.status_code, ready.json["status"]) == (200, "degraded")
    )


BAD: dict[str, tuple[str, str]] = {
    "bad_import": ("import nothing_of_this_name", "ModuleNotFoundError"),
    "bad_syntax": ("def (", "SyntaxError"),
    "bad_raise": ("raise RuntimeError('no')", "RuntimeError: no"),
    "bad_exit": ("raise SystemError('stop')", "SystemError"),
    "bad_hook_name": (
        HOOKS + "\n@hookimpl\ndef menu_entriez(work):\n    return []\n",
        "there is no hook menu_entriez",
    ),
    "bad_hook_argument": (
        HOOKS + "\n@hookimpl\ndef menu_entries(work, nobody):\n    return []\n",
        "nobody",
    ),
    "bad_blueprint": (
        "from core.web import PluginBlueprint\nblueprints = [PluginBlueprint('meetings')]",
        "must be called bad_blueprint",
    ),
    "bad_core": (
        (
            "from core.web import PluginBlueprint\n"
            "blueprints = [PluginBlueprint('core', is_core=True)]"
        ),
        "must be called bad_core",
    ),
    "bad_setting": (
        (
            "import marshmallow as ma\nfrom core.settings import SettingSpec\n"
            "settings = [SettingSpec('meetings.mine', 'Mine', ma.fields.Boolean())]"
        ),
        "must begin with bad_setting.",
    ),
    "bad_preparation": ("def prepare(host):\n    1 / 0\npreparations = [prepare]", "ZeroDivision"),
    "bad_routes": (
        (
            "from core.web import PluginBlueprint\nblueprint = PluginBlueprint('bad_routes')\n"
            "blueprint.view('/<nothing:x>', permission='public')(lambda work: None)\n"
            "blueprints = [blueprint]"
        ),
        "LookupError",
    ),
}


MANIFESTS: dict[str, tuple[str, str]] = {
    "bad_toml": ("name = ", "plugin.toml"),
    "bad_short": ('name = "bad_short"', "lacks title"),
    "bad_surprise": (MANIFEST.replace('"1.0"', '"1.0"\nsurprise = 1', 1), "surprise"),
    "bad_range": (MANIFEST.replace(">=1.0,<2", ">=9"), "needs core"),
    "bad_prefix": (MANIFEST.replace('prefix = "{name}"', 'prefix = "core"'), "prefix"),
    "bad_right": (MANIFEST + '[permissions]\n"core:unit:see" = "x"', "core:unit:see"),
}
MODELS = """\
import uuid
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from core.db import Base, Keyed
class Thing(Keyed, Base):
    __tablename__ = "{table}"
    {column}
"""
POINTS = 'a: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings_meeting.id"))'
TABLES: dict[str, tuple[str, str, str]] = {
    "bad_table": ("core_thing", "size: Mapped[int]", "must be called bad_table_"),
    "bad_key": ("bad_key_thing", POINTS, "points to meetings_meeting"),
    "bad_mapping": ("bad_mapping_thing", 'a = relationship("Nobody")', "Nobody"),
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A system that starts with all of them at once."""
    place = tmp_path_factory.mktemp("zoo")
    for name, (code, _reason) in BAD.items():
        write(place / "plugins", name, code)
    for name, (manifest, _reason) in MANIFESTS.items():
        write(place / "plugins", name, "raise RuntimeError('it ran')", manifest=manifest)
    for name, (table, column, _reason) in TABLES.items():
        models = MODELS.format(table=table, column=column)
        write(place / "plugins", name, "from . import models", models=models)
    write(place / "plugins", "meetings", "raise RuntimeError('it ran')")
    with started(place / "var", place / "plugins") as world:
        yield world


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plugin_is_quarantined_with_its_reason(zoo, name):
    assert BAD[name][1] in problem(zoo, name)


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_bad_manifest_is_named_and_no_code_of_it_runs(zoo, name):
    assert MANIFESTS[name][1] in problem(zoo, name)
    assert "it ran" not in problem(zoo, name)


@pytest.mark.parametrize("name", TABLES)
def test_models_that_reach_too_far_or_cannot_be_mapped_stop_no_query(zoo, name):
    assert TABLES[name][2] in problem(zoo, name)
    assert TABLES[name][0] not in Base.metadata.tables
    assert zoo.rows(Member) == 0


def test_a_newcomer_with_the_name_of_one_of_ours_is_refused_and_ours_goes_on(zoo):
    assert problem(zoo, "meetings") == ""
    reason = problem(zoo, "meetings@plugins")
    assert re.search(r"two plugins are called meetings: .*/meetings and .*/meetings", reason)


def test_with_twenty_bad_plugins_the_rest_goes_on_and_an_administrator_sees_why(zoo):
    assert goes_on(zoo)
    page = zoo.browser(zoo.account("administrator")).get("/u/ROOT/modules/").text
    assert page.count("đang hỏng; mọi việc khác vẫn chạy") >= 20
    assert "RuntimeError: no" in page


def test_a_broken_module_cannot_be_switched_on(zoo):
    browser = zoo.browser(zoo.account("administrator"))
    assert browser.submit("/u/ROOT/modules/bad_raise", {"state": "on"}).status_code == 409
    assert browser.get("/u/ROOT/modules/bad_raise").status_code == 200


def test_of_two_foreign_plugins_with_one_name_neither_is_preferred(tmp_path):
    for place in ("one", "two"):
        write(tmp_path / place, "bad_twin", "raise RuntimeError('it ran')")
    with started(tmp_path / "var", tmp_path / "one", tmp_path / "two") as world:
        assert "two plugins are called bad_twin" in problem(world, "bad_twin")
        assert goes_on(world)


RAISES: dict[str, str] = {
    "bad_menu": "@hookimpl\ndef menu_entries(work):\n    1 / 0\n",
    "bad_offer": "@hookimpl\ndef menu_entries(work):\n    return 'nothing'\n",
    "bad_items": "@hookimpl\ndef menu_entries(work):\n    return [1, 2]\n",
    "bad_link": (
        "from core.pages import MenuEntry\n@hookimpl\ndef menu_entries(work):\n"
        "    return [MenuEntry('Nowhere', 'bad_link.nowhere', 'core:unit:see')]\n"
    ),
    "bad_sql": (
        "import sqlalchemy as sa\n@hookimpl\ndef menu_entries(work):\n"
        "    work.session.execute(sa.text('SELECT nothing FROM nowhere'))\n"
    ),
}


@pytest.mark.parametrize("name", RAISES)
def test_a_request_that_fails_through_a_hook_is_run_once_more_without_the_plugin(
    province, tmp_path, name
):
    write(province, name, HOOKS + RAISES[name])
    with started(tmp_path / "var", province) as world:
        assert problem(world, name) == ""
        browser = world.browser(world.account("branch_secretary", "A"))
        assert browser.get("/u/A/units/").status_code == 200
        assert problem(world, name) != ""
        assert goes_on(world)
        answer = browser.get("/readyz").json
        assert any(name in reason for reason in answer["reasons"])
        page = world.browser(world.account("administrator")).get(f"/u/ROOT/modules/{name}").text
        assert problem(world, name).replace("'", "&#39;")[:40] in page


def test_a_busy_database_is_no_fault_of_the_plugin_that_met_it(province, tmp_path):
    code = """
import sqlite3
from sqlalchemy.exc import OperationalError
busy = []
@hookimpl
def menu_entries(work):
    if busy:
        error = sqlite3.OperationalError("locked")
        error.sqlite_errorname = "SQLITE_BUSY"
        raise OperationalError("SELECT 1", {}, error)
"""
    write(province, "unlucky", HOOKS + code)
    with started(tmp_path / "var", province) as world:
        browser = world.browser(world.account("branch_secretary", "A"))
        met = world.system.host.plugins["unlucky"].module.busy
        met.append(1)
        answer = browser.get("/u/A/units/")
        assert (answer.status_code, "Hệ thống đang" in answer.text) == (409, True), answer.text
        assert problem(world, "unlucky") == ""
        met.clear()
        assert browser.get("/u/A/units/").status_code == 200


def test_a_request_goes_on_without_all_the_plugins_that_fail_in_it(province, tmp_path):
    names = {f"also_{name}": code for name, code in RAISES.items()}
    for name, code in names.items():
        write(province, name, HOOKS + code)
    with started(tmp_path / "var", province) as world:
        browser = world.browser(world.account("branch_secretary", "A"))
        assert browser.get("/u/A/units/").status_code == 200
        assert all(problem(world, name) for name in names)
        assert goes_on(world)


def test_an_act_that_fails_through_a_notice_is_done_once_and_not_twice(province, tmp_path):
    code = "@hookimpl\ndef tree_changed(work, unit_ids):\n    1 / 0\n"
    write(province, "bad_notice", HOOKS + code)
    world = start(tmp_path / "var", province)
    plugin = world.system.host.plugins["bad_notice"]
    # Not before the ward is there.
    plugin.problem = "not yet"
    world.unit("W", "commune")
    plugin.problem = ""
    world.system.host.forget()
    calls: list[int] = []

    def act() -> int:
        calls.append(1)
        with world.work() as work:
            rename_unit(work, world.place("W", work), name="Phường mới", on=NOON.date())
        return len(calls)

    assert world.system.opener.retrying(act) == 2
    assert world.place("W").name == "Phường mới"
    assert "ZeroDivisionError" in problem(world, "bad_notice")
    world.system.database.engine.dispose()


def test_an_objection_is_a_rule_and_no_fault(province, tmp_path):
    code = "@hookimpl\ndef check_unit_voiding(work, unit_id):\n    raise RuleBroken('Chưa được.')\n"
    write(province, "good_rule", HOOKS + code)
    with started(tmp_path / "var", province) as world:
        with pytest.raises(RuleBroken, match="Chưa được"), world.work() as work:
            void_unit(work, world.place("A", work), reason="test")
        assert problem(world, "good_rule") == ""


@pytest.mark.parametrize("name", ["bad_import", "bad_hook_name", "bad_preparation"])
def test_with_a_strict_start_a_bad_plugin_is_fatal(province, tmp_path, name):
    write(province, f"strict_{name}", BAD[name][0])
    with pytest.raises((ImportError, ManifestError)):
        start(tmp_path / "var", province, strict=True)
