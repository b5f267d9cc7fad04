"""What a server is when it starts: ready without the database, without what most never need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATE = (
    "alembic", "charset_normalizer", "core.generate", "cryptography", "docx", "holidays",
    "icalendar", "lxml", "rich", "scipy", "typst", "xlsxwriter",
)  # fmt: skip
PROGRAM = f"""
import sys
from core.commands import serving
from core.app import create_app
app = create_app()
print(len(app.view_functions) > 500, *(name for name in {LATE!r} if name in sys.modules))
"""


def test_a_server_starts_without_the_database_and_without_what_most_never_need(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={
            **os.environ,
            # Nobody is there: whoever asks anything at the start fails.
            "HATNHAN_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
            "HATNHAN_SECRET_KEY": "for tests only",
            "HATNHAN_VAR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr
