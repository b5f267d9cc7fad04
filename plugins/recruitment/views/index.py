"""The board and the list of dossiers, a new candidate, the pool looked over."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from core.exchange.workbook import Column, write_rows
from core.forms import Form, options
from core.i18n import _, _n, lazy
from core.settings import value
from core.units.covering import query_of, told_in_words, told_of
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
STATE = Column("state", lazy("State"), width=24)
"""Beside the others as of an earlier day: the state of then need not be that of today."""
EARLIER = lazy(
    "A list of an earlier day tells stages and units; time limits and missing papers are told"
    " in the list of today only."
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
    """Show the dossiers as a list, by stage, state or name, as of today or another day."""
    as_of, kept = told_of(data), {name: data[name] for name in ("stage", "state", "q")}
    cards, following = services.list_candidates(
        work, **_wanted(data), as_of=as_of, cursor=data["cursor"]
    )
    told = query_of(as_of)
    here = {**kept, **told}
    return page(
        "recruitment/list.html",
        title=_("List of dossiers"),
        trail=[(_("Admission"), address(work, "index")), (_("List of dossiers"), "")],
        cards=cards,
        following=address(work, "listing", **here, cursor=following) if following else "",
        kept=kept,
        told=told,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        today_href=address(work, "listing", **kept),
        earlier=EARLIER if services.is_earlier(work, as_of) else "",
        stages=words.STAGES,
        states=words.STOOD,
        kind_of=lambda day: services.clock_kind(day, work.today),
        chips=_chips(work, here),
        excel=address(work, "listing_file", **here),
    )


def _wanted(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return which dossiers are looked for, as the service takes it."""
    state = "" if data["state"] == "all" else data["state"]
    return {"stage": data["stage"], "state": state, "words": data["q"]}


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
    as_of = told_of(data)
    cards, _following = services.list_candidates(work, **_wanted(data), as_of=as_of, limit=AT_ONCE)
    is_earlier = services.is_earlier(work, as_of)
    columns = (*COLUMNS, STATE) if is_earlier else COLUMNS
    target = io.BytesIO()
    write_rows(
        target,
        columns,
        [_row(card)[: len(columns)] for card in cards],
        title=_("List of dossiers"),
        note=" ".join(filter(None, (told_in_words(as_of), str(EARLIER) if is_earlier else ""))),
    )
    return download(target.getvalue(), "ho-so-ket-nap.xlsx", WORKBOOK)


def _row(card: services.Card) -> tuple[Any, ...]:
    """Return a dossier as a row of the workbook, its state last."""
    return (
        card.name,
        card.unit_name,
        str(words.STAGES[card.stage]),
        card.stage_since,
        card.due_on,
        card.clock,
        "; ".join(lack.title for lack in card.missing),
        str(words.STOOD[card.state]),
    )


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
