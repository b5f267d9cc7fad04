"""Fixtures of the suite: one database of each kind, rolled back after every test."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from xdist.scheduler import LoadScopeScheduling

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.app import create_app
from core.plugin_rules import forget_models
from core.system import System
from core.testing import Counter, World, counted, refuse_unscoped
from tests.environment.browser import launch_arguments
from tests.environment.folders import compiled_templates
from tests.environment.settling import Fresh, Settle, Settled, settled
from tests.environment.systems import KINDS, shared_system

# The suite says the same on every machine; HYPOTHESIS_PROFILE=search looks for new examples.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("search", deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# The suite builds a dozen applications in each process; a template is compiled once for all.
Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(compiled_templates()))}
# Nothing of what is imported and collected is garbage; looking for it takes a fifth of that time.
gc.disable()

FOREIGN = "local_plugins."
_looked: dict[str, Any] = {"modules": 0, "packages": set()}
LONG = (
    "tests/browser/test_every_page.py",
    "tests/browser/test_main_job.py",
    "tests/core/indicators/test_remembering.py",
    "tests/core/test_bad_input.py",
    "tests/core/restructuring/test_reform.py",
    "tests/core/exchange/test_round_trip.py",
    "tests/browser/test_recruitment.py",
    "tests/core/test_statements.py",
    "tests/core/test_schema_of_api.py",
    "tests/browser/",
    "tests/core/test_doors.py",
)
"""What takes longest begins first, so that no worker waits for the other in the end."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive Debian's Chromium."""
    return {**browser_type_launch_args, **launch_arguments()}


def foreign_packages() -> set[str]:
    """Return the packages of the plugins that were loaded from a folder.

    A module that is loaded stays, so where there are no more than before nobody need look.
    """
    if len(sys.modules) != _looked["modules"]:
        found = {".".join(name.split(".")[:2]) for name in sys.modules if name.startswith(FOREIGN)}
        _looked.update(modules=len(sys.modules), packages=found)
    packages: set[str] = _looked["packages"]
    return packages


@contextmanager
def forgotten() -> Iterator[None]:
    """Take what foreign plugins mapped inside out of the process: others know no such tables."""
    before = foreign_packages()
    yield
    for package in foreign_packages() - before:
        forget_models(package)


class ByModule(LoadScopeScheduling):
    """Gives a worker a whole module, whose world is then built once."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what a test belongs to."""
        return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start one worker more than there are cores: one waits for a database or a browser."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    """Distribute the tests by that."""
    return ByModule(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let tests of pages, of programs and of every door run on PostgreSQL: it refuses more.

    What these ask for is asked on both by the tests of services. On SQLite `test_statements` opens
    every page and every list for programs, with few and with many rows, `test_bad_input` sends
    every form and every request, and the browser's tests walk through the town.
    """
    module = Path(str(metafunc.module.__file__)).name
    if (
        module.startswith(("test_pages", "test_api", "test_doors"))
        and "backend" in metafunc.fixturenames
    ):
        one = pytest.mark.parametrize("backend", ["postgresql"], indirect=True, scope="session")
        metafunc.definition.add_marker(one)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first; the rest stays in its random order."""

    def turn(item: pytest.Item) -> int:
        found = (number for number, name in enumerate(LONG) if item.nodeid.startswith(name))
        return next(found, len(LONG))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """Forget the foreign plugins that a list of cases loaded; look for garbage less often.

    What was imported stays, so looking through it again and again took a sixth of the time.
    """
    for package in foreign_packages():
        forget_models(package)
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="module", autouse=True)
def _plugins_of_a_module() -> Iterator[None]:
    """Forget the foreign plugins that a fixture of a module loaded."""
    with forgotten():
        yield


@pytest.fixture(autouse=True)
def _plugins_of_a_test(_plugins_of_a_module: None) -> Iterator[None]:
    """Forget the foreign plugins that a test loaded."""
    with forgotten():
        yield


@pytest.fixture(scope="session")
def database_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this process keeps the files of its databases."""
    return tmp_path_factory.mktemp("databases")


@pytest.fixture(scope="session")
def applications(database_folder: Path) -> Iterator[Callable[[str], tuple[System, Any]]]:
    """Open the system of a kind of database and its web application, once for a process."""
    opened: dict[str, tuple[System, Any]] = {}

    def open_once(kind: str) -> tuple[System, Any]:
        if kind not in opened:
            system = shared_system(kind, database_folder, "suite")
            refuse_unscoped(system.database.engine)
            opened[kind] = system, create_app(system=system)
        return opened[kind]

    yield open_once
    for system, _app in opened.values():
        system.database.engine.dispose()


@pytest.fixture(scope="session", params=KINDS)
def backend(request: pytest.FixtureRequest, applications: Any) -> System:
    """One database of each kind, with the reference data; every test runs on both."""
    system: System = applications(request.param)[0]
    return system


@pytest.fixture(scope="session")
def application(backend: System, applications: Any) -> Any:
    """The web application on the session's database."""
    return applications("postgresql" if backend.database.is_postgresql else "sqlite")[1]


@pytest.fixture(scope="module")
def settle() -> Settle | None:
    """What the tests of a module begin with, built once for all of them; a folder says it."""
    return None


@pytest.fixture(scope="module")
def settled_world(
    backend: System, application: Any, settle: Settle | None
) -> Iterator[Settled | None]:
    """The world as it was built for the module, or None where its tests begin with nothing."""
    if settle is None:
        yield None
        return
    with settled(backend, application, settle) as found:
        yield found


@pytest.fixture
def anew(backend: System, application: Any, settled_world: Settled | None) -> Iterator[Fresh]:
    """The world and what was built in it; what a test does there is rolled back after it."""
    if settled_world is not None:
        with settled_world.anew() as found:
            yield found
        return
    with settled(backend, application, None) as empty, empty.anew() as found:
        yield found


@pytest.fixture
def system(anew: Fresh) -> System:
    """The system inside a transaction that is rolled back after the test."""
    return anew.world.system


@pytest.fixture
def world(anew: Fresh) -> World:
    """A small world with builders; see `core.testing.World`."""
    return anew.world


@pytest.fixture
def statements(system: System) -> Iterator[Counter]:
    """Count the statements of the test."""
    with counted(system.database.engine) as counter:
        yield counter
