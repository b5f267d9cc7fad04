"""What one row of the dataset `members` tells about a person, laid over what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.exchange.rows import Row
from core.i18n import _, format_day
from core.ledger.recording import plain
from core.members.datasets.person import Person
from core.members.datasets.telling import nowhere, told, within_life, without_left
from core.members.services.facts import HOME, POST, STATUS, TEMPORARY
from core.members.services.identity import name_columns
from core.members.services.registering import first_statuses
from core.members.spans import PostSpan, StatusSpan, StaySpan, on
from core.names import PersonName, split_full_name
from core.periods import EVER, OPEN
from core.units.places import Place

if TYPE_CHECKING:
    from core.members.datasets.members import Ground

PLAIN = ("sex", "card_no", "record_no", "admitted_on", "official_on")


def tell_row(ground: Ground, person: Person, row: Row) -> None:
    """Judge a row against what is known of the person and, when sound, say what it changes."""
    columns = _columns(ground, person, row)
    statuses = _statuses(ground, person, row)
    homes = _homes(ground, person, row, statuses)
    stays = _stays(ground, person, row, homes)
    posts = _posts(ground, person, row)
    if not row.is_sound:
        return
    for name in columns:
        person.told_columns.setdefault(name, row.number)
    person.write(row, columns)
    person.insert(row)
    row.tell("full_name", *([person.member["full_name"]] * 2))
    _tell_changes(person, row, statuses, homes)
    person.replace(row, STATUS, statuses)
    person.replace(row, HOME, homes)
    person.replace(row, TEMPORARY, stays)
    person.replace(row, POST, posts)
    if row.get("status_from"):
        person.fix(STATUS, row.get("status_from"))
    if row.get("unit_from") and row.get("unit_code"):
        person.fix(HOME, row.get("unit_from"))


# --- plain columns -----------------------------------------------------------------------------


def _columns(ground: Ground, person: Person, row: Row) -> dict[str, Any]:
    """Return the columns of the member that a row gives; an empty cell gives none."""
    given = row.values
    columns: dict[str, Any] = {name: given[name] for name in PLAIN if given.get(name) is not None}
    if given.get("birth_date"):
        columns["birth_date"], columns["birth_precision"] = given["birth_date"]
    name = _name(person, row)
    if name is not None and name != person.name:
        columns |= name_columns(name)
    _check_told(person, row, columns)
    if person.is_new and not person.member:
        if name is None:
            row.reject("full_name", _("The full name is missing."))
        columns = {**_empty(ground, person), **columns}
    return columns


def _empty(ground: Ground, person: Person) -> dict[str, Any]:
    """Return the columns of somebody of whom nothing is known."""
    return {
        "id": person.id,
        "birth_date": None,
        "birth_precision": "day",
        "sex": "",
        "card_no": None,
        "record_no": None,
        "phone": "",
        "email": "",
        "admitted_on": None,
        "official_on": None,
        "created_at": ground.work.now,
        "revision": 1,
    }


def _name(person: Person, row: Row) -> PersonName | None:
    """Return the name a row gives; one that is stored is not split again, nor set in capitals."""
    full = row.get("full_name")
    if row.get("given_name"):
        return PersonName(row.get("surname", ""), row.get("middle_name", ""), row.get("given_name"))
    if not full:
        return None
    known = person.name.full
    if known and (full == known or (full.isupper() and full.casefold() == known.casefold())):
        return person.name
    return split_full_name(full)


def _check_told(person: Person, row: Row, columns: dict[str, Any]) -> None:
    """Reject what contradicts another row of the file about the same person."""
    for name, value in columns.items():
        if name in ("sort_key", "search", "birth_precision"):
            continue
        first = person.told_columns.get(name)
        if first is not None and person.member.get(name) != value:
            column = name if name in (*PLAIN, "birth_date") else "full_name"
            row.reject(
                column,
                _("Row %(row)s says otherwise of the same person. Correct one.", row=first),
            )


# --- status ------------------------------------------------------------------------------------


def _statuses(ground: Ground, person: Person, row: Row) -> list[StatusSpan]:
    """Return the statuses after a row."""
    is_known = bool(person.statuses) or person.is_status_told
    status = row.get("status") or (None if is_known else _status_by_days(row))
    since: date | None = row.get("status_from")
    if status is None:
        if not is_known:
            row.reject("status", _("Choose the status."))
        return list(person.statuses)
    if since is None:
        return _undated(ground, person, row, status)
    new = StatusSpan(since, OPEN, status, row.get("left_reason", ""))
    spans = told(person.statuses, new, lambda span: span.status == status, person.fixed(STATUS))
    return [_with_reason(span, new) for span in spans]


def _with_reason(span: StatusSpan, new: StatusSpan) -> StatusSpan:
    """Take the reason of leaving over where only that is new."""
    same = span.valid_from == new.valid_from and span.status == new.status
    return replace(span, reason=new.reason) if same and new.reason else span


def _status_by_days(row: Row) -> str | None:
    """Return what somebody new is by the days given, when no status is."""
    if row.get("official_on") or row.get("card_no"):
        return "official"
    return "probationary" if row.get("admitted_on") else None


def _undated(ground: Ground, person: Person, row: Row, status: str) -> list[StatusSpan]:
    """Return the statuses after a row that does not say since when its status holds."""
    admitted, official = row.get("admitted_on"), row.get("official_on")
    now = on(person.statuses, ground.today) or (person.statuses[-1] if person.statuses else None)
    if now is not None and now.status == status:
        return list(person.statuses)
    start = official if status == "official" else admitted if status == "probationary" else None
    if not person.statuses and status != "exempt":
        start = start or official or admitted or row.get("unit_from")
        if status == "official" and admitted and official and admitted <= official:
            return first_statuses(admitted, official)
    if start is None:
        row.reject("status_from", _("Write since when the status holds."))
        return list(person.statuses)
    row.values["status_from"] = start
    return _statuses(ground, person, row)


# --- home --------------------------------------------------------------------------------------


def _homes(ground: Ground, person: Person, row: Row, statuses: list[StatusSpan]) -> list[StaySpan]:
    """Return the homes after a row: none while somebody was no member."""
    place = ground.units.get(row.get("unit_code", ""))
    since: date | None = row.get("unit_from")
    homes = list(person.homes)
    if place is None:
        if since is not None and not row.get("unit_code"):
            homes = nowhere(homes, since)
    else:
        since = since or _since(ground, person, row, place)
        if since is not None and _is_there(ground, row, "unit_from", place, since):
            new = StaySpan(since, OPEN, place.id)
            homes = told(homes, new, lambda span: span.unit_id == place.id, person.fixed(HOME))
            homes = within_life(homes, ground.lives)
            row.values["unit_from"] = since
            _check_heir(ground, person, row, place, statuses)
    kept = without_left(homes, statuses)
    if place is not None and since is not None and row.is_sound and on(kept, since) is None:
        row.reject("unit_from", _("The person was no member on that day. Check the days."))
    return kept


def _since(ground: Ground, person: Person, row: Row, place: Place) -> date | None:
    """Return since when somebody is in a branch when the row does not say it."""
    now = on(person.homes, ground.today) or (person.homes[-1] if person.homes else None)
    if now is not None and now.unit_id == place.id:
        return None
    if now is None:
        begin: date | None = row.get("admitted_on") or row.get("official_on")
        begin = begin or row.get("status_from")
        starts = [start for start, _end in ground.lives.get(place.id, ())]
        if begin is not None:
            return max(begin, starts[0] if starts else EVER)
        row.reject("unit_from", _("Write since when, or the day of admission."))
        return None
    row.reject("unit_from", _("Write since when the person belongs to this branch."))
    return None


def _is_there(ground: Ground, row: Row, column: str, place: Place, day: date) -> bool:
    """Reject a day on which the unit is not there."""
    lives = ground.lives.get(place.id, ())
    if any(start <= day < end for start, end in lives):
        return True
    begin = format_day(lives[0][0]) if lives and lives[0][0] != EVER else "–"
    end = format_day(lives[-1][1]) if lives and lives[-1][1] != OPEN else "–"
    row.reject(
        column,
        _(
            "%(unit)s is there from %(begin)s to %(end)s. Choose days within that time.",
            unit=place.name,
            begin=begin,
            end=end,
        ),
    )
    return False


def _check_heir(
    ground: Ground, person: Person, row: Row, place: Place, statuses: list[StatusSpan]
) -> None:
    """Reject somebody who would stay in a unit that ended, where others took over from it."""
    now = on(statuses, ground.today)
    stays = row.number in ground.last_home_rows and now is not None and now.status != "left"
    later = any(home.valid_from > row.get("unit_from") for home in person.homes)
    known = on(person.homes, row.get("unit_from"))
    is_known = known is not None and known.unit_id == place.id
    if stays and not later and not is_known and place.id in ground.heirs:
        row.reject(
            "unit_code",
            _(
                "%(unit)s has ended; its members went to %(heirs)s.",
                unit=place.name,
                heirs=ground.heirs[place.id],
            ),
        )


# --- stays and posts ---------------------------------------------------------------------------


def _stays(ground: Ground, person: Person, row: Row, homes: list[StaySpan]) -> list[StaySpan]:
    """Return the temporary stays after a row."""
    place = ground.hosts.get(row.get("temporary_unit_code", ""))
    since: date | None = row.get("temporary_from")
    if place is None:
        return list(person.stays)
    if since is None:
        now = on(person.stays, ground.today)
        if now is None or now.unit_id != place.id:
            row.reject("temporary_from", _("Write since when."))
        return list(person.stays)
    home = on(homes, since)
    if home is not None and home.unit_id == place.id:
        row.reject("temporary_unit_code", _("This is the person's own branch."))
    if not _is_there(ground, row, "temporary_from", place, since):
        return list(person.stays)
    new = StaySpan(since, OPEN, place.id)
    stays = told(person.stays, new, lambda span: span.unit_id == place.id, ())
    return within_life(stays, ground.lives)


def _posts(ground: Ground, person: Person, row: Row) -> list[PostSpan]:
    """Return the positions after a row: the one it names is held in the row's branch."""
    place = ground.units.get(row.get("unit_code", ""))
    position = row.get("position")
    if position is None or place is None:
        return list(person.posts)
    since: date = row.get("position_from") or row.get("unit_from") or ground.today
    for post in person.posts:
        same = post.unit_id == place.id and post.position == position
        if same and (post.holds_on(since) or row.get("position_from") is None):
            return list(person.posts)
    if not _is_there(ground, row, "position_from", place, since):
        return list(person.posts)
    new = [StaySpan(since, OPEN, place.id)]
    end = within_life(new, ground.lives)[0].valid_to
    return [*person.posts, PostSpan(since, end, place.id, position)]


def _tell_changes(
    person: Person, row: Row, statuses: list[StatusSpan], homes: list[StaySpan]
) -> None:
    """Note for the ledger which branch and status a row brings."""
    if homes != person.homes and row.get("unit_from"):
        old, new = on(person.homes, row.get("unit_from")), on(homes, row.get("unit_from"))
        row.tell(
            "unit_id", plain(old.unit_id) if old else None, plain(new.unit_id) if new else None
        )
        row.tell("from", None, plain(row.get("unit_from")))
    if statuses != person.statuses and row.get("status_from"):
        was, now = on(person.statuses, row.get("status_from")), on(statuses, row.get("status_from"))
        row.tell("status", was.status if was else None, now.status if now else None)
        row.tell("on", None, plain(row.get("status_from")))
