"""`hatnhan demo`: the town to try the system on, with its accounts."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from typing import Any

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core.app import create_app, create_system
from core.cli import refusing
from core.commands.serving import Server, is_free, options
from core.config import load_config
from core.demo import BUILDERS, prepare_demo
from core.i18n import _, set_default_locale


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--data", default="town", type=click.Choice(sorted(BUILDERS)), show_default=True)
@refusing
def demo(port: int, data: str) -> None:
    """Build the demo's database when absent, print its accounts, and serve it on this machine."""
    if not is_free("127.0.0.1", port):
        click.echo(_("Port %(port)s is taken; choose another with PORT=.", port=port), err=True)
        sys.exit(1)
    os.environ["HATNHAN_MODE"] = "demo"
    config = load_config()
    set_default_locale(config.locale)
    system = create_system(config)
    with progress() as step:
        made = prepare_demo(system, data, step)
    system.database.engine.dispose()
    program = [sys.executable, "-m", "core", "jobs", "work", "--with-parent", str(os.getpid())]
    jobs = subprocess.Popen(program, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program

    def ready(_server: Any) -> None:
        click.echo(f"ready http://127.0.0.1:{port}/")
        for account in made:
            click.echo("\t".join((account["role"], account["username"], account["password"])))
        sys.stdout.flush()

    def stopped(_server: Any) -> None:
        jobs.terminate()

    try:
        Server(
            lambda: create_app(system=system),
            options("127.0.0.1", port, 1, threads=8, when_ready=ready, on_exit=stopped),
        ).run()
    finally:
        jobs.terminate()


@contextlib.contextmanager
def progress() -> Any:
    """Show a bar on a terminal, one line per step elsewhere."""
    began = time.monotonic()
    if not sys.stderr.isatty():

        def line(title: str, _done: float) -> None:
            click.echo(f"{time.monotonic() - began:5.1f} s  {title}", err=True)

        yield line
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), transient=True
    ) as bar:
        task = bar.add_task("", total=1.0)

        def step(title: str, done: float) -> None:
            bar.update(task, description=title, completed=done)

        yield step
