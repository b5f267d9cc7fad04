"""The board and the list of dossiers, a new candidate, the pool looked over."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from core.exchange.workbook import Column, write_rows
from core.forms import Form, options
from core.i18n import _, _n, lazy
from core.settings import value
from core.web import download, page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.forms import CandidateInput, ListFilter
from ..services import words
from .door import address, blueprint, filled, form_page

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 5000
COLUMNS = (
    Column("name", lazy("Full name"), width=28),
    Column("unit", lazy("Unit"), width=32),
    Column("stage", lazy("Stage"), width=24),
    Column("since", lazy("Since"), "day"),
    Column("due", lazy("Due on"), "day"),
    Column("clock", lazy("What runs"), width=48),
    Column("missing", lazy("Missing"), width=60),
)


@blueprint.view("/", permission=permissions.SEE)
def index(work: Work, form: Form | None = None) -> Any:
    """Show the dossiers by stage, in each the most urgent first."""
    found = services.board(work)
    return page(
        "recruitment/board.html",
        title=_("Dossiers of admission"),
        refused=form,
        board=found,
        stages=words.STAGES,
        kind_of=lambda day: services.clock_kind(day, work.today),
        is_branch=work.unit.kind == "branch",
        sentence=_(
            "%(open)s dossiers on the way, %(late)s overdue, %(soon)s due within 30 days.",
            open=found.open,
            late=found.late,
            soon=found.soon,
        ),
    )


@blueprint.view("/list", permission=permissions.SEE, accepts=ListFilter())
def listing(work: Work, data: dict[str, Any]) -> Any:
    """Show the dossiers as a list, by stage, state or name."""
    state = "" if data["state"] == "all" else data["state"]
    cards, following = services.list_candidates(
        work, stage=data["stage"], state=state, words=data["q"], cursor=data["cursor"]
    )
    kept = {"stage": data["stage"], "state": data["state"], "q": data["q"]}
    return page(
        "recruitment/list.html",
        title=_("List of dossiers"),
        trail=[(_("Admission"), address(work, "index")), (_("List of dossiers"), "")],
        cards=cards,
        following=address(work, "listing", **kept, cursor=following) if following else "",
        kept=kept,
        stages=words.STAGES,
        states=words.STATES,
        kind_of=lambda day: services.clock_kind(day, work.today),
        chips=_chips(work, kept),
        excel=address(work, "listing_file", **kept),
    )


def _chips(work: Work, kept: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    shown: list[tuple[str, Any]] = [
        ("open", words.STATES["open"]),
        *options(words.STATES, "recognised"),
    ]
    shown += [*options(words.STATES, "refused", "withdrawn"), ("all", _("All"))]
    return [
        (str(title), address(work, "listing", **{**kept, "state": key}), key == kept["state"])
        for key, title in shown
    ]


@blueprint.view("/list.xlsx", permission=permissions.EXPORT, accepts=ListFilter())
def listing_file(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the list as a workbook."""
    state = "" if data["state"] == "all" else data["state"]
    cards, _following = services.list_candidates(
        work, stage=data["stage"], state=state, words=data["q"], limit=AT_ONCE
    )
    target = io.BytesIO()
    rows = [
        (
            card.name,
            card.unit_name,
            str(words.STAGES[card.stage]),
            card.stage_since,
            card.due_on,
            card.clock,
            "; ".join(lack.title for lack in card.missing),
        )
        for card in cards
    ]
    write_rows(target, COLUMNS, rows, title=_("List of dossiers"))
    return download(target.getvalue(), "ho-so-ket-nap.xlsx", WORKBOOK)


@blueprint.view("/new", permission=permissions.MANAGE)
def new(work: Work, form: Form | None = None) -> Any:
    """Show the form of a new candidate."""
    return form_page(
        work,
        title=_("Put somebody on the list"),
        form=candidate_form(work, form, {"entered_on": work.today}),
        submit=_("Put on the list"),
        back=address(work, "index"),
        intro=_("Only what the admission needs; nothing of relatives, nothing confidential."),
    )


@blueprint.view(
    "/new", methods=["POST"], permission=permissions.MANAGE, accepts=CandidateInput(), form="new"
)
def enter(work: Work, data: dict[str, Any]) -> Any:
    """Put a candidate on the list of the pool."""
    candidate = services.enter_candidate(work, facts_of(data))
    return redirect_to(
        "recruitment.show",
        candidate_id=candidate.id,
        sentence=_("%(name)s is on the list of the pool.", name=candidate.full_name),
    )


def candidate_form(work: Work, form: Form | None, first: Any) -> Form:
    """Return the form of a candidate with the groups of this place."""
    groups: Mapping[str, str] = value(work, "recruitment.source_groups")
    return filled(form, CandidateInput(), first, choices={"groups": list(groups.items())})


def facts_of(data: dict[str, Any]) -> services.CandidateFacts:
    """Return what was typed as facts."""
    born, precision = data["birth_date"] or (None, "day")
    kept = {name: one for name, one in data.items() if name not in ("revision", "birth_date")}
    return services.CandidateFacts(**kept, birth_date=born, birth_precision=precision)


@blueprint.view("/review", methods=["POST"], permission=permissions.MANAGE, form="index")
def review(work: Work) -> Any:
    """Note that the list of the pool was looked over today."""
    count = services.review_pool(work)
    sentence = _n("%(n)s person looked over.", "%(n)s people looked over.", count)
    return redirect_to("recruitment.index", sentence=sentence)
