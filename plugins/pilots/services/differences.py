"""What a trial changes in settings: reckoned as lines, shown to a person, never guessed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.i18n import _, format_day
from core.settings.resolving import current, explain, in_force
from core.settings.values import in_words
from core.units.places import Place
from core.work import Work

from ..models import Change, Trial
from .shapes import ChangeGroup, ChangeLine, Key

Line = dict[str, Any]


def start_lines(
    work: Work,
    places: Sequence[Place],
    settings: Sequence[Mapping[str, Any]],
    on: date,
    until: date,
) -> list[Line]:
    """Return what begins at each unit on a day, and what holds there again from the sunset on."""
    lines: list[Line] = []
    for place in places:
        for one in settings:
            key, value = str(one["key"]), one["value"]
            if work.host.settings.get(key) is None:
                lines.append(_line(place, key, on, None, value, "none", _unknown(key)))
                continue
            found = explain(work, key, place, on)
            if found.value == value and found.source_unit_id == place.id:
                lines.append(_line(place, key, on, found.value, value, "none"))
                continue
            obstacle = _obstacle(work, key, place, on, until)
            lines.append(_line(place, key, on, found.value, value, "give", obstacle))
            lines.append(_back(work, place, key, until, value))
    return lines


def _line(
    place: Place,
    key: str,
    on: date,
    before: Any,
    after: Any,
    action: str,
    obstacle: str = "",
    *,
    locked: bool = False,
) -> Line:
    return {
        "unit_id": str(place.id),
        "key": key,
        "on": on.isoformat(),
        "before": before,
        "after": after,
        "action": action,
        "locked": locked,
        "obstacle": obstacle,
    }


def _unknown(key: str) -> str:
    return _("There is no setting %(key)s.", key=key)


def _obstacle(work: Work, key: str, place: Place, on: date, until: date) -> str:
    """Say what keeps a setting from being given for the span; nothing when nothing does."""
    found = explain(work, key, place, on)
    if found.is_locked and found.source_unit_id != place.id:
        return _("Locked from above; ask the unit that locked it.")
    for entry in current(work).given_at(key, place.id):
        if on < entry.valid_from < until:
            return _(
                "Another value is planned here from %(day)s.", day=format_day(entry.valid_from)
            )
    return ""


def _back(work: Work, place: Place, key: str, on: date, value: Any) -> Line:
    """Return the line that lets hold again what would hold on a day without the trial."""
    own = in_force(current(work).given_at(key, place.id), on)
    if own is not None:
        return _line(place, key, on, value, own.value, "give", locked=own.locked)
    above = explain(work, key, place, on, path=place.path[1:])
    return _line(place, key, on, value, above.value, "inherit")


def end_lines(work: Work, trial: Trial, places: Mapping[Key, Place], on: date) -> list[Line]:
    """Return what takes the trial back on a day before its sunset."""
    lines: list[Line] = []
    for one in trial.given:
        place = places[Key(one["unit_id"])]
        back = one["back"]
        lines.append(
            _line(place, one["key"], date.fromisoformat(one["until"]), back["after"], None,
                  "withdraw")
        )  # fmt: skip
        lines.append(
            _line(
                place, one["key"], on, one["value"], back["after"], back["action"],
                locked=bool(back["locked"]),
            )
        )  # fmt: skip
    return lines


def extend_lines(work: Work, trial: Trial, places: Mapping[Key, Place], until: date) -> list[Line]:
    """Return what moves the end of a trial to a later day."""
    lines = end_lines(work, trial, places, until)
    for line in lines:
        if line["action"] == "withdraw":
            continue
        later = [
            entry
            for entry in current(work).given_at(line["key"], Key(line["unit_id"]))
            if trial.sunset_on < entry.valid_from < until
        ]
        if later:
            line["obstacle"] = _(
                "Another value is planned here from %(day)s.", day=format_day(later[0].valid_from)
            )
    return lines


def roll_out_lines(work: Work, trial: Trial, places: Mapping[Key, Place], on: date) -> list[Line]:
    """Return what gives the trial's settings to the unit that runs it, for everybody below.

    The units of the trial follow from that day on; nothing of their own stands against it.
    """
    lines: list[Line] = []
    for one in trial.settings:
        key, value = str(one["key"]), one["value"]
        if work.host.settings.get(key) is None:
            lines.append(_line(work.unit, key, on, None, value, "none", _unknown(key)))
            continue
        found = explain(work, key, work.unit, on)
        obstacle = ""
        if found.is_locked and found.source_unit_id != work.unit.id:
            obstacle = _("Locked from above; ask the unit that locked it.")
        lines.append(_line(work.unit, key, on, found.value, value, "give", obstacle))
    for one in trial.given:
        place, key = places[Key(one["unit_id"])], one["key"]
        until = date.fromisoformat(one["until"])
        lines.append(_line(place, key, until, one["back"]["after"], None, "withdraw"))
        lines.append(_line(place, key, on, one["value"], one["value"], "inherit"))
    return lines


def same(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether two differences say the same; the wording of obstacles does not count."""

    def plain(lines: Sequence[Line]) -> list[Line]:
        return [
            {**line, "obstacle": bool(line["obstacle"])}
            for line in sorted(lines, key=lambda x: (x["unit_id"], x["key"], x["on"], x["action"]))
        ]

    return plain(one) == plain(other)


def shown_lines(work: Work, change: Change) -> list[ChangeLine]:
    """Return the lines of a difference with the words a person reads, unit by unit."""
    ids = {Key(line["unit_id"]) for line in change.lines}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    shown = []
    for line in change.lines:
        place, spec = places[Key(line["unit_id"])], work.host.settings.get(line["key"])
        shown.append(
            ChangeLine(
                unit_code=place.code,
                unit_name=place.name,
                key=line["key"],
                title=_title(work, line["key"]),
                on=date.fromisoformat(line["on"]),
                before=in_words(spec, line["before"]) if spec else "–",
                after=_after(spec, line),
                action=line["action"],
                obstacle=line["obstacle"],
            )
        )
    own = places[change.unit_id].code if change.unit_id in places else ""
    return sorted(shown, key=lambda x: (x.on, x.unit_code != own, x.unit_name, x.title))


def grouped_lines(lines: Sequence[ChangeLine]) -> list[ChangeGroup]:
    """Return lines that say the same of several units as one, in their order."""
    found: dict[tuple[Any, ...], list[ChangeLine]] = {}
    for line in lines:
        said = (line.on, line.key, line.before, line.after, line.action, line.obstacle)
        found.setdefault(said, []).append(line)
    return [ChangeGroup(group[0], [one.unit_name for one in group]) for group in found.values()]


def _after(spec: Any, line: Line) -> str:
    if spec is None:
        return str(line["after"])
    if line["action"] == "inherit":
        return _("%(value)s, by the unit above", value=in_words(spec, line["after"]))
    return in_words(spec, line["after"])


def _title(work: Work, key: str) -> str:
    """Return how a setting is called; the switch of a module with the module's own title."""
    spec = work.host.settings.get(key)
    if spec is None:
        return key
    name = key.removesuffix(".enabled")
    plugin = work.host.plugins.get(name)
    if key.endswith(".enabled") and plugin is not None and plugin.manifest is not None:
        return _("Module “%(name)s” is on", name=_(plugin.manifest.title))
    return str(spec.title)


def spoken_settings(work: Work, settings: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return settings with their values as people read them."""
    found = []
    for one in settings:
        spec = work.host.settings.get(str(one["key"]))
        text = in_words(spec, one["value"]) if spec else str(one["value"])
        found.append((_title(work, str(one["key"])), text))
    return found
