"""A plan as programs get it: everything its page shows, under names of its own."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from core.documents.models import Document
from core.restructuring.files import rows_of
from core.restructuring.models import Plan
from core.restructuring.services.course import course_of
from core.restructuring.services.drafting import content_of
from core.restructuring.services.listing import lines_of
from core.restructuring.services.papers import decision_of
from core.restructuring.services.regranting import chosen
from core.restructuring.services.showing import acts_on, names_of
from core.units.covering import TODAY, AsOf
from core.work import Work

FRAME = (
    "id",
    "title",
    "state",
    "decision_no",
    "decision_date",
    "effective_on",
    "unassigned",
    "created_by",
    "created_at",
    "revision",
)
PAPER = (
    "id",
    "source",
    "state",
    "kind",
    "kind_code",
    "code",
    "number",
    "term_from",
    "issuer",
    "subject",
    "issued_on",
    "signer",
    "about_type",
    "about_id",
    "void_reason",
    "revision",
)
Told = dict[str, Any]


def told_list(work: Work, plans: Sequence[Plan], as_of: AsOf = TODAY) -> list[Told]:
    """Return plans as they stand in a list, or stood on its day."""
    return [
        {
            **{name: getattr(line.plan, name) for name in FRAME},
            "state": line.state,
            "unit_code": line.place.code,
        }
        for line in lines_of(work, plans, as_of)
    ]


def told(work: Work, plan: Plan) -> Told:
    """Return a plan with everything that follows from it."""
    checks = plan.checks or {}
    picture = checks.get("picture", {})
    return {
        **told_list(work, [plan])[0],
        "course": course_of(plan),
        "refusal": plan.refusal,
        "revert_reason": plan.revert_reason,
        "document": _paper(decision_of(work, plan)),
        "may": acts_on(work, plan),
        **_content(work, plan),
        "problems": checks.get("problems", []),
        "warnings": checks.get("warnings", []),
        "unplaced": checks.get("unplaced", []),
        "impact": checks.get("impact", {}),
        **_picture(picture, names_of(work, picture), {one.hex for one in chosen(plan)}),
    }


def _paper(document: Document | None) -> Told | None:
    if document is None:
        return None
    return {name: getattr(document, name) for name in PAPER}


def _content(work: Work, plan: Plan) -> Told:
    """Return what a plan says, as it could be sent again."""
    content = content_of(work, plan)
    parents, assigned = content.wanted.parents, content.assigned
    return {
        "operations": rows_of(content.wanted.operations),
        "units": [{"unit_code": c, "new_parent_code": to} for c, to in parents.items()],
        "members": [{"member_id": m, "new_unit_code": to} for m, to in assigned.members.items()],
        "posts": [
            {"member_id": one.member_id, "unit_code": one.unit_code, "position": one.position}
            for one in assigned.postings
        ],
    }


def _named(pair: Sequence[str]) -> Told | None:
    return {"code": pair[0], "name": pair[1]} if pair and pair[0] else None


def _with_units(rows: Iterable[Mapping[str, Any]], *names: str) -> list[Told]:
    """Return rows in which some pairs of code and name become units."""
    return [{**row, **{name: _named(row[name]) for name in names}} for row in rows]


def _picture(picture: Mapping[str, Any], people: Mapping[str, str], given: Collection[str]) -> Told:
    asked = _with_units(picture.get("asked", []), "unit")
    return {
        "changes": _with_units(picture.get("changes", []), "unit"),
        "following": picture.get("following", 0),
        "flows": _with_units(picture.get("flows", []), "old", "new"),
        "lapsing_posts": [
            {
                "member_id": uuid.UUID(key),
                "full_name": people.get(key, ""),
                "position": position,
                "unit": {"code": code, "name": name},
            }
            for key, position, code, name in picture.get("posts", [])
        ],
        "ending_rights": [
            {
                **row,
                "grant": uuid.UUID(row["grant"]),
                "given": row["grant"] in given,
                "account": people.get(row["grant"], ""),
            }
            for row in _with_units(picture.get("rights", []), "unit", "to")
        ],
        "settings": picture.get("settings", []),
        "open_work": _with_units(picture.get("open", []), "unit", "to"),
        "asked": [{**one, "to": [_named(pair) for pair in one["to"]]} for one in asked],
    }
