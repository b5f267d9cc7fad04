"""Comments that others ask of this branch, answered on one page."""

from __future__ import annotations

from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.reviews import AnswersInput
from ..services import words
from .door import blueprint
from .frame import filled, show, typed


@blueprint.view("/asked", permission=permissions.ANSWER)
def asked(work: Work, form: Form | None = None) -> Any:
    """Show what other branches ask of this one, as one grid."""
    rows, following = services.list_asked(work)
    schema = AnswersInput()
    return show(
        work,
        "asked",
        title=_("Comments asked of this branch"),
        rows=rows,
        lines={line["id"]: line for line in typed(form, schema, "rows")},
        opinions=words.OPINIONS,
        kinds=words.COMMENT_KINDS,
        answered=services.list_asked(work, state="answered", limit=20)[0],
        more=following,
        form=filled(form, schema, {"answered_on": work.today}),
    )


@blueprint.view(
    "/asked",
    methods=["POST"],
    permission=permissions.ANSWER,
    accepts=AnswersInput(),
    form="asked",
)
def answer(work: Work, data: dict[str, Any]) -> Any:
    """Answer the requests for which an opinion was chosen."""
    given = {one["id"]: (one["opinion"], one["text"]) for one in data["answers"] if one["opinion"]}
    count = services.answer(work, given, data["answered_on"])
    return redirect_to(
        "evaluation.asked",
        sentence=_n("%(n)s comment was sent.", "%(n)s comments were sent.", count),
    )
