"""What the command line says where it cannot work at all."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from core.cli import add_commands, main

add_commands()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("sqlite:///{folder}/empty.sqlite3", "hatnhan db upgrade"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/nothing", "HATNHAN_DATABASE_URL"),
    ],
)
def test_a_database_that_is_not_ready_is_one_sentence(tmp_path, monkeypatch, address, sentence):
    monkeypatch.setenv("HATNHAN_VAR", str(tmp_path))
    monkeypatch.setenv("HATNHAN_DATABASE_URL", address.format(folder=tmp_path))
    done = CliRunner().invoke(main, ["units", "tree"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
