"""Kinds of jobs, as features and plugins declare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.plugin_host import PluginHost


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job, declared in `plugin.py` as `jobs = [JobKind("notices.mail", run, limit=60)]`.

    `run(work, payload)` is done in one transaction together with the note that it is done: it
    happens once or not at all. With `alone` it is `run(system, payload)` and opens what it needs
    itself, which is for work that must not hold a transaction, such as sending mail: it may be run
    again after a crash and must bear that.
    `limit` is in seconds; a job that takes longer is ended. With `every` it runs by itself: once in
    each such span, spans of a day or more beginning at midnight of the site's time zone.
    `tries` is how often it is tried before it counts as failed.
    """

    name: str
    run: Callable[[Any, Mapping[str, Any]], object]
    limit: int = 60
    every: timedelta | None = None
    alone: bool = False
    tries: int = 5


def job_kinds(host: PluginHost) -> dict[str, JobKind]:
    """Return the kinds of all sound plugins; a name belongs to the plugin it begins with."""
    found: dict[str, JobKind] = {}
    for plugin in host.sound():
        for kind in plugin.offered("jobs"):
            if kind.name.partition(".")[0] != plugin.name:
                raise ValueError(f"the job {kind.name} of {plugin.name} must begin with its name")
            found[kind.name] = kind
    return found
