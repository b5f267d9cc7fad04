"""Starts one server of a run as `hatnhan serve` does: the product, a variant, or the floor."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication


def product() -> Any:
    """Build the product."""
    from core.app import create_app  # noqa: PLC0415 - the floor must not pay for importing it

    return create_app()


def without_ledger() -> Any:
    """Build the product without its ledger: neither acts nor reads are kept."""
    from core import opening  # noqa: PLC0415

    setattr(opening, "write_pending", lambda work: work.session.info.pop("ledger", None))  # noqa: B010
    setattr(opening, "spool_read", lambda work, _route: work.session.info.pop("shown", None))  # noqa: B010
    return product()


def floor() -> Any:
    """Build the floor."""
    from tests.benchmarks.floor import build  # noqa: PLC0415

    return build(os.environ["BENCH_ADDRESS"], Path(os.environ["BENCH_RECORDED"]))


class Gunicorn(BaseApplication):
    """Gunicorn with the options of `hatnhan serve`, without what that command imports."""

    def __init__(self, build: Callable[[], Any], port: int, workers: int) -> None:
        """Keep how a worker builds its application."""
        self._build, self._port, self._workers = build, port, workers
        super().__init__()

    def load_config(self) -> None:
        """Set threads and the port."""
        told = {
            "bind": f"127.0.0.1:{self._port}",
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": 4,
            "loglevel": "warning",
            "control_socket_disable": True,
            "preload_app": True,
        }
        for name, value in told.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application before the workers are split off, as `hatnhan serve` does."""
        gc.disable()
        application = self._build()
        gc.collect()
        gc.freeze()
        gc.enable()
        return application


VARIANTS: dict[str, Callable[[], Any]] = {
    "product": product,
    "without_ledger": without_ledger,
    "floor": floor,
}


def main() -> None:
    """Serve a variant: its name, port and number of workers."""
    name, port, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    Gunicorn(VARIANTS[name], port, workers).run()


if __name__ == "__main__":
    main()
