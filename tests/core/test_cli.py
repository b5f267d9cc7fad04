"""What the command line says where it cannot work at all."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from core.cli import main


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


@pytest.mark.parametrize(
    ("locale", "words"),
    [("vi", "Cách dùng: Tùy chọn Bật phân hệ"), ("en", "Usage: Options Switch")],
)
def test_the_help_speaks_the_language_of_the_place(locale, words):
    done = subprocess.run(
        [sys.executable, "-m", "core", "plugin", "on", "--help"],
        env={**os.environ, "HATNHAN_LOCALE": locale},
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(word in done.stdout for word in words.split())
    other = "Hiện phần hướng dẫn này." if locale == "en" else "Show this message and exit."
    assert other not in done.stdout
