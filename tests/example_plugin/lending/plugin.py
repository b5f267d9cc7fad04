"""Lending library: what this plugin offers to the host; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import RuleBroken
from core.hooks import hookimpl
from core.i18n import _, lazy
from core.pages import MenuEntry, Panel, SearchHit, WorkCard
from core.periods import Period
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from . import api, permissions, services, views
from .indicators import indicators
from .models import Loan
from .settings import settings

blueprints = [views.blueprint, api.blueprint]
roles = permissions.ROLES
constraints = {"ck_lending_loan_days": lazy("A loan cannot be due before it begins.")}
ledger_actions = {
    "lending.added": lazy("Entered a loan"),
    "lending.closed": lazy("Closed a loan"),
}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the page of loans."""
    return [MenuEntry(_("Loans"), "lending.index", permissions.SEE, icon="book", order=70)]


@hookimpl
def work_cards(work: Work) -> list[WorkCard]:
    """Say on the start page what is overdue."""
    if not work.may(permissions.MANAGE):
        return []
    overdue = services.count_open(work, work.unit.id, overdue=True)
    if not overdue:
        return []
    title = _("Overdue loans: %(n)s", n=overdue)
    values = {"unit": work.unit.code}
    return [WorkCard(title, action=_("Look at them"), endpoint="lending.index", values=values)]


@hookimpl
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Find loans by what was lent."""
    if not work.may(permissions.SEE):
        return []
    found = services.search_loans(work, words, limit)
    unit = {"unit": work.unit.code}
    return [SearchHit(_("Loans"), title, "", "lending.index", unit) for title, _due in found]


@hookimpl
def overview_panels(work: Work, period: Period) -> list[Panel]:
    """Show on the overview of a unit how many loans are open."""
    if not work.may(permissions.SEE):
        return []
    count = str(services.count_open(work, work.unit.id))
    unit = {"unit": work.unit.code}
    return [Panel(_("Loans"), [(_("Not closed yet"), count, "")], "lending.index", unit)]


@hookimpl
def check_member_leaving(work: Work, member_id: uuid.UUID, on: date) -> None:
    """Object while somebody still has something of ours."""
    count = services.open_of_member(work, member_id)
    if count:
        raise RuleBroken(_("Loans not closed yet: %(n)s. Close them first.", n=count))


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object to the voiding of a unit with loans of its own."""
    if services.count_open(work, unit_id):
        raise RuleBroken(_("The unit has loans that are not closed yet."))


@hookimpl
def check_plan_reverting(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Object to the reverting of a plan while something is lent in the units it concerns."""
    if services.count_open_by_unit(work, unit_ids):
        raise RuleBroken(_("The unit has loans that are not closed yet."))


@hookimpl
def check_member_voiding(work: Work, member_id: uuid.UUID) -> None:
    """Object to the voiding of a record that has something of ours."""
    check_member_leaving(work, member_id, work.today)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer the loans that are open in units that end or take over."""
    title = _("Open loans")
    counts = services.count_open_by_unit(work, unit_ids)
    return [Obligation("lending.open", title, unit_id, n) for unit_id, n in counts.items()]


@hookimpl
def units_replaced(work: Work, rehoming: Rehoming) -> None:
    """Let open loans go to the units that took over."""
    rehoming.move(Loan, Loan.closed_on.is_(None))


@hookimpl
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move what is kept of the second record to the first."""
    services.move_member(work, merged_id, kept_id)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over what is kept of a member."""
    return services.data_of_member(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase who borrowed; the counts stay."""
    services.forget_member(work, member_id)


__all__ = ["Loan", "indicators", "settings"]
