"""What a page or a program is shown of people: masked by class, told to the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from core import ledger
from core.access.fields import CLASS_OF, masked, seen
from core.i18n import _
from core.members import labels
from core.members.models import PositionKind
from core.members.services import History, MemberLine, MemberPage, MemberRow
from core.periods import EVER, OPEN
from core.units.places import Place
from core.work import Work

FIELDS = (
    "full_name",
    "surname",
    "middle_name",
    "given_name",
    "birth_date",
    "birth_precision",
    "sex",
    "card_no",
    "record_no",
    "phone",
    "email",
    "status",
    "admitted_on",
    "official_on",
    "revision",
)
read_fields = attrgetter(*FIELDS)
PERSONAL = ("birth_date", "birth_precision", "card_no", "record_no", "phone", "email")


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated fact in words: what, since when, up to and including which day."""

    sort: str
    key: uuid.UUID
    text: str
    unit: Place | None
    valid_from: date
    valid_to: date
    decision_no: str
    is_current: bool

    @property
    def since(self) -> date | None:
        """The first day, or None for ever."""
        return None if self.valid_from == EVER else self.valid_from

    @property
    def until(self) -> date | None:
        """The last day that belongs to it, or None where it is open."""
        return last_day(self.valid_to)


def last_day(end: date) -> date | None:
    """Return the last day of a half-open span, or None where it is open."""
    return None if end == OPEN else end - timedelta(days=1)


def after_last_day(until: date | None) -> date | None:
    """Return the first day after a last day as people type it."""
    return None if until is None else until + timedelta(days=1)


def shown_record(work: Work, member: MemberRow, place: Place) -> dict[str, Any]:
    """Return a record as this reader may see it, with `hidden` and a `note`; tells the ledger."""
    values = {name: getattr(member, name) for name in FIELDS}
    result = masked(work, place, values, member_id=member.id)
    ledger.saw(work, "member", [member.id], seen(work, place))
    return {
        **result.values,
        "id": member.id,
        "unit_id": member.unit_id,
        "hidden": result.hidden,
        "note": result.note,
    }


def shown_lines(work: Work, page: MemberPage) -> list[dict[str, Any]]:
    """Return the lines of a list as this reader may see them; tells the ledger."""
    lines: list[dict[str, Any]] = []
    classes: set[str] = set()
    known: dict[uuid.UUID, frozenset[str]] = {}
    for line in page.lines:
        place, allowed = page.place(line), None
        if place is not None and line.is_reached:
            allowed = known.get(place.id)
            if allowed is None:
                allowed = known[place.id] = seen(work, place)
                classes |= allowed
        lines.append(_shown_line(work, line, place, page.home(line), allowed))
    ledger.saw(work, "member", [line.id for line in page.lines], classes - {"standing"})
    return lines


def _shown_line(
    work: Work,
    line: MemberLine,
    place: Place | None,
    home: Place | None,
    allowed: frozenset[str] | None,
) -> dict[str, Any]:
    """Return one line; of somebody out of reach by now only the name and the status of the day."""
    values = dict(zip(FIELDS, read_fields(line), strict=True))
    hidden = frozenset(PERSONAL)
    if line.is_reached and place is not None:
        result = masked(work, place, values, member_id=line.id, allowed=allowed)
        values, hidden = dict(result.values), result.hidden
    else:
        values.update(dict.fromkeys(PERSONAL))
    return {
        **values,
        "hidden": hidden,
        "id": line.id,
        "before": line.before,
        "is_reached": line.is_reached,
        "unit": place,
        "home": home,
    }


def entries_of(
    work: Work, history: History, kinds: Iterable[PositionKind], *, standing: bool
) -> list[Entry]:
    """Return the history in words, the latest first; statuses only for whoever may see standing."""
    titles = {kind.key: kind.title for kind in kinds}
    units = {
        span.unit_id for name in ("home", "temporary", "position") for span in history.of(name)
    }
    places = work.host.places.by_ids(work.session, units, work.today, work.generation)
    sorts = ["home", "temporary", "position"]
    if standing:
        sorts += ["status", "condition"]
    entries = [
        _entry(work, sort, history.key(sort, span), span, places, titles)
        for sort in sorts
        for span in history.of(sort)
    ]
    return sorted(entries, key=lambda e: (e.valid_from, e.valid_to), reverse=True)


def _entry(
    work: Work,
    sort: str,
    key: uuid.UUID,
    span: Any,
    places: Mapping[uuid.UUID, Place],
    titles: Mapping[str, str],
) -> Entry:
    place = places.get(getattr(span, "unit_id", work.unit.id))
    return Entry(
        sort=sort,
        key=key,
        text=_words(sort, span, place.name if place else "", titles),
        unit=place if hasattr(span, "unit_id") else None,
        valid_from=span.valid_from,
        valid_to=span.valid_to,
        decision_no=span.decision_no,
        is_current=span.holds_on(work.today),
    )


def _words(sort: str, span: Any, unit: str, titles: Mapping[str, str]) -> str:
    """Say a fact in one line."""
    if sort == "status":
        return str(labels.status_label(span.status, span.reason))
    if sort == "home":
        return _("Takes part in %(unit)s", unit=unit)
    if sort == "temporary":
        return _("Takes part for a time in %(unit)s", unit=unit)
    if sort == "position":
        return _("%(title)s, %(unit)s", title=titles.get(span.position, span.position), unit=unit)
    return str(labels.CONDITION.get(span.kind, span.kind))


def value_of(sort: str, span: Any) -> str:
    """Return the word by which programs know a fact."""
    column = {"status": "status", "position": "position", "condition": "kind"}.get(sort)
    return str(getattr(span, column)) if column else sort


def api_record(values: Mapping[str, Any], unit_code: str, born: str | None) -> dict[str, Any]:
    """Return a record or a line under the names programs know."""
    hidden = sorted({CLASS_OF[name] for name in values.get("hidden", ())})
    return {**values, "birth_date": born, "unit_code": unit_code, "hidden": hidden}


def facts_for_programs(work: Work, history: History, place: Place) -> list[dict[str, Any]]:
    """Return everything dated of a member; statuses and conditions only to who may see them."""
    standing = "standing" in seen(work, place)
    sorts = ["home", "temporary", "position", *(["status", "condition"] if standing else [])]
    units = {s.unit_id for name in sorts for s in history.of(name) if hasattr(s, "unit_id")}
    places = work.host.places.by_ids(work.session, units, work.today, work.generation)
    return [
        {
            "id": history.key(sort, span),
            "sort": sort,
            "value": value_of(sort, span),
            "unit_code": places[span.unit_id].code
            if getattr(span, "unit_id", None) in places
            else None,
            "since": None if span.valid_from == EVER else span.valid_from,
            "until": last_day(span.valid_to),
            "reason": getattr(span, "reason", ""),
            "decision_no": span.decision_no,
        }
        for sort in sorts
        for span in history.of(sort)
    ]
