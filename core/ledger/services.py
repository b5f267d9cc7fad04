"""Reading the ledger: acts and reads at a place, newest first, with what changed in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from core.access.fields import TITLES
from core.i18n import _n, lazy
from core.ledger.models import LedgerPayload, LedgerRead, LedgerRow
from core.ledger.recording import saw
from core.ledger.wording import Difference, action_title, differences, fields_of, unit_keys
from core.paging import beyond, make_cursor, read_cursor
from core.scope import reached
from core.units.models import UnitScope
from core.units.places import Place, visible
from core.work import Work

SEE = "core:ledger:see"
PAGE = 50
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: who, which area or act, about what, from which day to which."""

    who: str = ""
    what: str = ""
    about: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act as a page shows it."""

    id: uuid.UUID
    at: datetime
    actor: str
    acting_for: str | None
    unit: str
    unit_code: str
    action: str
    title: str
    label: str
    about_type: str
    about_id: uuid.UUID | None
    batch: int | None
    erased_rule: str = ""
    changes: Sequence[Difference] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One request that showed personal data."""

    id: uuid.UUID
    at: datetime
    actor: str
    acting_for: str | None
    unit: str
    unit_code: str
    route: str
    shown: str
    batch: int | None


def list_acts(
    work: Work, search: Search, *, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[ActLine], str | None]:
    """List what was done at a place and below it; a page, and the cursor of the next."""
    statement = (
        sa.select(LedgerRow, LedgerPayload.body, LedgerPayload.erased_rule)
        .outerjoin(LedgerPayload, LedgerPayload.ledger_id == LedgerRow.id)
        .where(*_where(work, LedgerRow, search))
    )
    if search.what:
        area = LedgerRow.action.startswith(search.what + ".", autoescape=True)
        statement = statement.where(sa.or_(area, LedgerRow.action == search.what))
    if search.about:
        statement = statement.where(_about(search.about))
    rows, following = _page(work, statement, LedgerRow, cursor, limit)
    units = {row.unit_id for row, *_rest in rows if row.unit_id}
    for _row, body, _rule in rows:
        units |= unit_keys(body)
    places = _places(work, units)
    lines = [_act_line(work, row, body, rule, places) for row, body, rule in rows]
    _note_shown(work, rows)
    return lines, following


def _note_shown(work: Work, rows: Iterable[Any]) -> None:
    """Reading about people in the ledger is reading about people."""
    about = {row.about_id for row, *_rest in rows if row.about_type == "member" and row.about_id}
    if about:
        saw(work, "member", sorted(about), {"ledger"})


def _act_line(
    work: Work, row: LedgerRow, body: Any, rule: str | None, places: dict[uuid.UUID, Place]
) -> ActLine:
    """Put an act into words; what of a person the reader may not see stays hidden."""
    place = places.get(row.unit_id) if row.unit_id else None
    classes = work.actor.field_classes(place or work.unit)
    return ActLine(
        row.id,
        row.at,
        row.actor,
        row.acting_for,
        place.name if place else "",
        place.code if place else "",
        row.action,
        action_title(work.host, row.action),
        _label(work, row),
        row.about_type,
        row.about_id,
        row.batch_no,
        rule or "",
        differences(body, places, classes, fields_of(work.host, row.action)),
    )


def _label(work: Work, row: LedgerRow) -> str:
    """Return how the thing is called; a setting by its title instead of its key."""
    if row.about_type != "setting":
        return row.label
    key, dot, unit = row.label.partition(" · ")
    spec = work.host.settings.get(key)
    if spec is None:
        return row.label
    plugin = work.host.plugins.get(key.removesuffix(".enabled"))
    title = lazy(plugin.manifest.title) if plugin and plugin.manifest else spec.title
    return f"{title}{dot}{unit}"


def _about(text: str) -> sa.ColumnElement[bool]:
    """Condition: about the thing with this key, or called like this."""
    try:
        return LedgerRow.about_id == uuid.UUID(text.strip())
    except ValueError:
        return LedgerRow.label.icontains(text.strip(), autoescape=True)


def list_reads(
    work: Work, search: Search, *, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[ReadLine], str | None]:
    """List who saw personal data at a place and below it; a page, and the cursor of the next."""
    statement = sa.select(LedgerRead).where(*_where(work, LedgerRead, search))
    rows, following = _page(work, statement, LedgerRead, cursor, limit)
    places = _places(work, {row.unit_id for (row,) in rows if row.unit_id})
    lines = []
    for (row,) in rows:
        place = places.get(row.unit_id)
        lines.append(
            ReadLine(
                row.id,
                row.at,
                row.actor,
                row.acting_for,
                place.name if place else "",
                place.code if place else "",
                row.route,
                shown_in_words(row.shown),
                row.batch_no,
            )
        )
    return lines, following


def shown_in_words(shown: Any) -> str:
    """Say whose records were shown and which classes of fields."""
    parts = []
    for kind, entry in sorted((shown or {}).items()):
        count = len(entry.get("ids", ()))
        who = _n("%(n)s member", "%(n)s members", count) if kind == "member" else f"{count} {kind}"
        classes = [str(TITLES.get(name, name)) for name in entry.get("classes", ())]
        parts.append(f"{who} ({', '.join(classes)})" if classes else who)
    return "; ".join(parts)


def _where(work: Work, model: Any, search: Search) -> list[sa.ColumnElement[bool]]:
    """Conditions: at the place or below, within rights, by whom, from day to day."""
    found: list[sa.ColumnElement[bool]] = []
    root = work.session.info["root_id"]
    if work.unit.id != root:
        below = (
            sa.exists()
            .where(
                UnitScope.unit_id == model.unit_id,
                UnitScope.ancestor_id == work.unit.id,
                visible(UnitScope, work.generation),
            )
            .correlate_except(UnitScope)
        )
        found.append(below)
    permitted = reached(work, SEE, model.unit_id)
    if permitted is not None:
        found.append(permitted)
    if search.who:
        found.append(model.actor.icontains(search.who.strip(), autoescape=True))
    if search.since:
        found.append(model.at >= _midnight(work, search.since))
    if search.until:
        found.append(model.at < _midnight(work, search.until + timedelta(days=1)))
    return found


def _midnight(work: Work, day: date) -> datetime:
    """Return the instant at which a day begins at the site."""
    return datetime.combine(day, time(), tzinfo=work.host.zone).astimezone(UTC)


def _page(
    work: Work, statement: Any, model: Any, cursor: str | None, limit: int
) -> tuple[list[Any], str | None]:
    """Read one page, newest first, and say where the next begins."""
    last = read_cursor(cursor or "", "t", "k")
    if last is not None:
        statement = statement.where(beyond((model.at, model.id), last, down=True))
    ordered = statement.order_by(model.at.desc(), model.id.desc()).limit(limit + 1)
    rows = list(work.session.execute(ordered).all())
    if len(rows) <= limit:
        return rows, None
    row = rows[limit - 1][0]
    return rows[:limit], make_cursor((row.at, row.id))


def _places(work: Work, ids: set[uuid.UUID]) -> dict[uuid.UUID, Place]:
    """Return the units named, ended ones too."""
    return work.host.places.by_ids(work.session, ids, work.today, work.generation)
