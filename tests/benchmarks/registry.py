"""The measures, by the name that `--only` takes; each yields rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.benchmarks.bench import Bench
from tests.benchmarks.measures import evaluating, files, reading, starting, writing
from tests.benchmarks.table import Row

Measure = Callable[[Bench], Iterator[Row]]

READING: dict[str, Measure] = {
    "list": reading.lists,
    "levels": reading.levels,
    "scope": reading.scope,
    "clients": reading.clients,
    "record": reading.record,
    "search": reading.search,
    "counts": reading.counts,
    "overview": reading.overview,
    "rollup": reading.rollup,
    "past": reading.past,
}
WRITING: dict[str, Measure] = {
    "create": writing.create,
    "meeting": writing.meeting,
    "ledger": writing.ledger,
    "evaluation": evaluating.evaluation,
}
OTHERS: dict[str, Measure] = {
    "request": starting.per_request,
    "plugin": starting.idle_plugin,
    "start": starting.start_up,
    "import": files.import_members,
    "export": files.export_members,
}
ALL = READING | WRITING | OTHERS
