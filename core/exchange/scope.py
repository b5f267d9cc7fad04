"""The units that rows name: found, allowed, switched on, all rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.exchange.rows import Row
from core.i18n import _
from core.units.places import Place
from core.work import Work


def units_of(
    work: Work,
    rows: Sequence[Row],
    name: str = "unit_code",
    *,
    permission: str | None,
    plugin: str | None = None,
    column: str | None = None,
) -> Mapping[str, Place]:
    """Return the units that rows name and this actor may write to, by code; reject other rows.

    `name` is the value of a row that holds the code, `column` its heading where it differs. With
    `plugin`, a row for a unit where it is off is rejected with that reason. `permission=None` asks
    only that the unit is there.
    """
    codes = {row.get(name) for row in rows if row.get(name)}
    places = work.host.places.by_codes(work.session, codes, work.today, work.generation)
    reasons = {code: _reason(work, places.get(code), code, permission, plugin) for code in codes}
    for row in rows:
        reason = reasons.get(row.get(name))
        if reason:
            row.reject(column or name, reason)
    return {code: places[code] for code, reason in reasons.items() if not reason}


def _reason(
    work: Work, place: Place | None, code: str, permission: str | None, plugin: str | None
) -> str:
    """Say why rows may not name a unit; nothing when they may."""
    if place is None or (permission is not None and not work.actor.sees(place)):
        return _(
            "There is no unit with the code %(code)s, or this account may not see it.", code=code
        )
    if permission is not None and not work.actor.may(permission, place):
        return _("You have not been given the right to do this at %(units)s.", units=place.name)
    if plugin is not None and not work.host.is_on(work, plugin, place):
        title = _title(work, plugin)
        return _("The module “%(name)s” is off at %(unit)s.", name=title, unit=place.name)
    return ""


def _title(work: Work, plugin: str) -> str:
    manifest = work.host.plugins[plugin].manifest
    return _(manifest.title) if manifest is not None else plugin
