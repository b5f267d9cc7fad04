"""A ward with its branch, a paper of the branch, and a database that is really written to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.app import System, create_system
from core.config import Config
from core.db import Database, make_engine
from core.documents.paper import Paper
from core.documents.render import sample_paper
from core.documents.services import issue_document
from core.reference import add_reference_data
from core.schema import create_all
from core.testing import World
from tests.environment.postgres import running_postgres


@pytest.fixture
def ward(world: World) -> World:
    """A province, a ward, two branches, with their real names."""
    world.unit("P", "province", name="Đảng bộ tỉnh Hà Tĩnh")
    world.unit("W1", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh")
    world.unit("B1", "branch", "W1", name="Chi bộ tổ dân phố Phúc Sơn")
    world.unit("B2", "branch", "W1", name="Chi bộ tổ dân phố 2")
    return world


@pytest.fixture
def paper() -> Paper:
    """A resolution without a number."""
    return replace(sample_paper("resolution"), number=None, day=date(2026, 11, 3))


@pytest.fixture
def issue(ward: World, paper: Paper):
    """Issue the paper at the branch, changed where a test says so."""

    def act(unit: str = "B1", **options: Any):
        changed = {k: options.pop(k) for k in ("kind", "subtitle", "body_code") if k in options}
        with ward.work(unit=unit) as work:
            return issue_document(work, replace(paper, **changed), **options)

    return act


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def real(request: Any, tmp_path_factory: Any) -> Iterator[System]:
    """A system on a database of its own, for acts that happen at the same time."""
    folder: Path = tmp_path_factory.mktemp(f"papers-{request.param}")
    url = f"sqlite:///{folder / 'papers.sqlite3'}"
    if request.param == "postgresql":
        server = sa.make_url(running_postgres())
        name = f"papers_{folder.name.replace('-', '_')}"
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        admin.dispose()
        url = server.set(database=name).render_as_string(hide_password=False)
    config = Config(
        var=folder, database_url=url, secret_key="for-tests-only", mode="test", strict_plugins=True
    )
    system = create_system(config, database=Database(make_engine(url)))
    create_all(system.database)
    with system.database.session(writing=True) as session:
        add_reference_data(session)
        session.commit()
    yield system
    system.database.engine.dispose()
