"""Recognising many units by one decision: ticked on one page, its paper printed and issued."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from core.forms import Form
from core.i18n import _, _n
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.taking import AboutFilter, DecisionFilter, DecisionOfManyForm
from .door import address, blueprint, filled
from .files import ENDING, handed_over
from .index import year_links


def asked(data: dict[str, Any] | None, form: Form | None, work: Work) -> tuple[str, int]:
    """Return the model and the year of the page: asked for, or those of a refused form."""
    typed = form.data if form is not None and isinstance(form.data, MultiDict) else {}
    model = (data or {}).get("model") or str(typed.get("model") or "")
    year = (data or {}).get("year") or str(typed.get("year") or "")
    known = int(year) if str(year).isdigit() and 1930 <= int(year) <= 2200 else work.today.year
    return model[:40], known


@blueprint.view("/recognitions", permission=permissions.RECOGNISE, accepts=AboutFilter())
def recognitions(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show who can be recognised together, who cannot yet and why, and the decisions so far."""
    code, year = asked(data, form, work)
    models = {key: one for key, one in services.models_in(work).items() if not one.is_counted}
    if code not in models:
        code = next(iter(models), "")
    listed = services.candidates_for(work, code, year)
    shown = filled(
        form,
        DecisionOfManyForm(),
        {"recognised_on": work.today, "model": code, "year": year},
    )
    ticked = None
    if form is not None and isinstance(form.data, MultiDict):
        ticked = set(form.data.getlist("registrations"))
    return page(
        "pilots/recognitions.html",
        title=_("Recognise units"),
        trail=[(_("Pilot models"), address(work, "index")), (_("Recognise units"), "")],
        form=shown,
        ready=[one for one in listed if not one.obstacles],
        others=[one for one in listed if one.obstacles],
        ticked=ticked,
        decisions=services.recognitions_of(work, code, year),
        model=models.get(code),
        models=[
            (one.title, address(work, "recognitions", model=key, year=year), key == code)
            for key, one in models.items()
        ],
        years=year_links(work, "recognitions", year, model=code),
        year=year,
    )


@blueprint.view(
    "/recognitions",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    accepts=DecisionOfManyForm(),
    form="recognitions",
)
def recognise_units(work: Work, data: dict[str, Any]) -> Any:
    """Recognise the ticked units by one decision."""
    at = {"model": data["model"], "year": data["year"]}
    found = services.recognise_units(
        work,
        data["registrations"],
        decision_no=data["decision_no"],
        recognised_on=data["recognised_on"],
    )
    return redirect_to(
        "pilots.recognitions",
        **{name: value for name, value in at.items() if value},
        sentence=_n("%(n)s unit is recognised.", "%(n)s units are recognised.", len(found)),
    )


@blueprint.view(
    f"/recognitions/decision.{ENDING}",
    permission=permissions.RECOGNISE,
    accepts=DecisionFilter(),
)
def recognitions_file(work: Work, data: dict[str, Any], ending: str) -> Any:
    """Hand over the decision on several units with the list of them."""
    rows, places = services.recognised_by(work, data["model"], data["year"], data["number"])
    return handed_over(work, services.recognitions_paper(work, rows, places), ending)


@blueprint.view(
    "/recognitions/issue",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    accepts=DecisionFilter(),
)
def issue_recognitions(work: Work, data: dict[str, Any]) -> Any:
    """Issue the decision on several units: numbered and kept in the register."""
    document = services.issue_recognitions(work, data["model"], data["year"], data["number"])
    return redirect_to(
        "pilots.recognitions",
        model=data["model"],
        year=data["year"],
        sentence=_("Issued as %(code)s.", code=document.code or data["number"]),
    )
