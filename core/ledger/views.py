"""Pages of the ledger: who did what, who read what, proving that nothing was altered."""

from __future__ import annotations

import io
from typing import Any

from core.exchange.workbook import write_rows
from core.exchange.workbook.columns import Column
from core.forms import Form
from core.i18n import _, format_day, format_instant, lazy
from core.ledger import services
from core.ledger.schemas import SearchInput, search_of
from core.ledger.services import SEE
from core.ledger.verifying import AT_A_GLANCE, verify
from core.ledger.wording import areas_of
from core.web import PluginBlueprint, download, page
from core.work import Work

blueprint = PluginBlueprint("ledger", is_core=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCREEN = ("who", "what", "about", "since", "until")


def query_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return a search as the query of an address."""
    kept = {name: data[name] for name in SCREEN if data[name]}
    return {n: v.isoformat() if n in ("since", "until") else v for n, v in kept.items()}


def form_of(work: Work, data: dict[str, Any]) -> Form:
    """Return the form of a search, filled."""
    areas = [("", _("Everything")), *areas_of(work.host)]
    return Form(SearchInput(), data=data, choices={"what": areas})


@blueprint.view("/", permission=SEE, accepts=SearchInput())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show what was done at a unit and below it, newest first."""
    lines, following = services.list_acts(work, search_of(data), cursor=data["cursor"])
    return page(
        "ledger/acts.html",
        title=_("Ledger"),
        form=form_of(work, data),
        lines=lines,
        following=following,
        query=query_of(data),
    )


@blueprint.view("/reads", permission=SEE, accepts=SearchInput())
def reads(work: Work, data: dict[str, Any]) -> Any:
    """Show who saw personal data at a unit and below it, newest first."""
    lines, following = services.list_reads(work, search_of(data), cursor=data["cursor"])
    return page(
        "ledger/reads.html",
        title=_("Ledger"),
        form=form_of(work, data),
        lines=lines,
        following=following,
        query=query_of(data),
    )


@blueprint.view("/verdict", permission=SEE)
def verdict(work: Work) -> Any:
    """Prove the ledger: the chain of all batches, and the rows of the newest."""
    return page(
        "ledger/verdict.html",
        title=_("Check that the ledger is whole"),
        verdict=verify(work, newest=AT_A_GLANCE),
        trail=[
            (_("Ledger"), f"/u/{work.unit.code}/ledger/"),
            (_("Check that the ledger is whole"), ""),
        ],
    )


@blueprint.view("/excel", permission=SEE, accepts=SearchInput())
def excel(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the acts found as a workbook."""
    most = services.MOST_ROWS
    lines, following = services.list_acts(work, search_of(data), limit=most)
    columns = [
        Column("at", lazy("When"), width=22),
        Column("actor", lazy("Who"), width=28),
        Column("acting_for", lazy("Acting for"), width=24),
        Column("unit", lazy("Unit"), width=34),
        Column("title", lazy("What"), width=30),
        Column("label", lazy("About"), width=34),
        Column("changes", lazy("Before and after"), width=60),
        Column("id", lazy("Number in the ledger"), width=38),
    ]
    rows = [
        [
            format_instant(line.at, work.host.zone),
            line.actor,
            line.acting_for or "",
            line.unit,
            line.title,
            line.label,
            changes_text(line),
            str(line.id),
        ]
        for line in lines
    ]
    note = _("At most %(n)s rows; narrow the search for the others.", n=most) if following else ""
    title = f"{_('Ledger')} · {work.unit.name} · {format_day(work.today)}"
    buffer = io.BytesIO()
    write_rows(buffer, columns, rows, title=title, note=note)
    return download(buffer.getvalue(), f"{work.unit.code}-ledger-{work.today}.xlsx", XLSX)


def changes_text(line: services.ActLine) -> str:
    """Write what changed on one line of a cell."""
    if line.erased_rule:
        return _("Erased under the rule: %(rule)s", rule=line.erased_rule)
    text = "; ".join(f"{change.label}: {change.before} → {change.after}" for change in line.changes)
    return text[:10_000]
