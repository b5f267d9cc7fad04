"""`hatnhan serve`: the server, built once before its workers are split off from it."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from core.app import create_app
from core.cli import Context, pass_context, refusing
from core.i18n import _
from core.indicators.keeping import code_of


class Server(BaseApplication):
    """Gunicorn with threads, told everything here instead of by a file."""

    def __init__(self, build: Callable[[], Any], options: dict[str, Any]) -> None:
        """Keep how to build the application: once, or by each worker where code is reloaded."""
        self._build = build
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application; what it is made of stays, so no garbage is looked for in it.

        Workers then share its memory with the process they were split off from.
        """
        gc.disable()
        application = self._build()
        code_of(application.extensions["hatnhan"].host)
        gc.collect()
        gc.freeze()
        gc.enable()
        return application


def leave_connections(_arbiter: Any, worker: Any) -> None:
    """Let a worker open connections of its own; those opened before it was split off stay."""
    application = worker.app.callable
    if application is not None:
        application.extensions["hatnhan"].database.engine.dispose(close=False)


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
        "preload_app": True,
        "post_fork": leave_connections,
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
    Server(create_app, options(host, port, workers, reload=reload, preload_app=not reload)).run()
