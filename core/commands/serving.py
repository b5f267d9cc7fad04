"""`hatnhan serve` and `hatnhan demo`: the server, and the town to try it on."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core.app import create_app, create_system
from core.cli import Context, pass_context, refusing
from core.config import load_config
from core.demo import BUILDERS, prepare_demo
from core.i18n import _, set_default_locale


class Server(BaseApplication):
    """Gunicorn with threads, told everything here instead of by a file."""

    def __init__(self, build: Callable[[], Any], options: dict[str, Any]) -> None:
        """Keep how to build the application, so that each worker builds its own."""
        self._build = build
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application in the worker."""
        return self._build()


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens on a port."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def options(host: str, port: int, workers: int, **more: Any) -> dict[str, Any]:
    """Return gunicorn's options: threads, bounded requests, quiet log."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 5,
        "loglevel": "warning",
        "limit_request_line": 4094,
        "control_socket_disable": True,
        **more,
    }


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--safe-mode", is_flag=True, help="Start without the plugins that are not ours.")
@click.option("--reload", is_flag=True, help="Start again when a file changes (developers).")
@pass_context
@refusing
def serve(
    context: Context, host: str, port: int, workers: int, *, safe_mode: bool, reload: bool
) -> None:
    """Run the production server; jobs run in a process of their own (`hatnhan jobs work`)."""
    if not is_free(host, port):
        click.echo(_("Port %(port)s is taken; choose another with --port.", port=port), err=True)
        sys.exit(1)
    if safe_mode:
        os.environ["HATNHAN_PLUGIN_FOLDERS"] = ""
    Server(create_app, options(host, port, workers, reload=reload)).run()


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
            lambda: create_app(config),
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
