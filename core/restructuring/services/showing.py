"""What the page of a plan shows beside what is kept with it: names, what may be done, a drawing."""

from __future__ import annotations

import textwrap
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.access.models import Account, Grant
from core.access.permissions import SEE_GRANTS
from core.chunks import chunked
from core.i18n import _, _n
from core.members.models import Member
from core.pages import WorkCard
from core.restructuring.models import Plan
from core.restructuring.operations import Operation, named_codes
from core.restructuring.permissions import APPLY, APPROVE, DRAFT, MERGE
from core.restructuring.services.applying import obligations_at
from core.restructuring.services.drafting import content_of
from core.restructuring.services.merging import Side
from core.restructuring.services.papers import takes_paper
from core.units.places import Place
from core.work import Work

LARGE = 400
"""From so many units on a plan is applied by a job, because a request should not take so long."""

MOST_DRAWN, MOST_LISTED = 12, 200
ROW, GAP, WIDTH, SIDE = 66, 12, 400, 150
LETTERS = 18


def names_of(work: Work, picture: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of who holds lapsing posts and ending rights, as far as one may see them."""
    members = {uuid.UUID(row[0]) for row in picture.get("posts", [])}
    found: dict[str, str] = {}
    for chunk in chunked(sorted(members)):
        rows = work.session.execute(
            sa.select(Member.id, Member.full_name).where(Member.id.in_(chunk))
        )
        found.update({member_id.hex: name for member_id, name in rows})
    ledger.saw(work, "member", [uuid.UUID(key) for key in found])
    grants = {uuid.UUID(row["grant"]) for row in picture.get("rights", [])}
    # Whoever approves decides about these rights too, and so must know whose they are.
    if work.may(SEE_GRANTS) or work.may(APPROVE):
        for chunk in chunked(sorted(grants)):
            rows = work.session.execute(
                sa.select(Grant.id, Account.name)
                .join(Account, Account.id == Grant.account_id)
                .where(Grant.id.in_(chunk))
            )
            found.update({grant_id.hex: name for grant_id, name in rows})
    return found


def names_of_units(work: Work, operations: Sequence[Operation]) -> dict[str, str]:
    """Return the names of the units that operations name and that are there, by code."""
    codes = named_codes(operations[:MOST_LISTED])
    places = work.host.places.by_codes(work.session, codes, work.today, work.generation)
    return {code: f"{place.name} ({code})" for code, place in places.items()}


def acts_on(work: Work, plan: Plan) -> dict[str, bool]:
    """Return what this person may do with a plan in its state; the services check it again."""
    place = work.host.places.by_ids(work.session, [plan.unit_id], work.today, work.generation)
    here = place.get(plan.unit_id, work.unit)
    blocked = bool((plan.checks or {}).get("problems"))
    state = plan.state
    may = {name: work.may(name, here) for name in (DRAFT, MERGE, APPROVE, APPLY)}
    drafts = may[DRAFT] or may[MERGE]
    return {
        "cancel": drafts and state in ("draft", "checked"),
        "again": may[DRAFT] and state in ("reverted", "cancelled"),
        "paper": drafts and takes_paper(plan),
        "change": may[DRAFT] and state in ("draft", "checked"),
        "ask": may[MERGE] and state in ("draft", "checked"),
        "check": state in ("draft", "checked", "approved"),
        "submit": drafts and state == "draft" and not blocked,
        "approve": may[APPROVE] and state == "checked",
        "send_back": may[APPROVE] and state in ("checked", "approved"),
        "apply": may[APPLY] and state == "approved" and plan.effective_on <= work.today,
        "revert": may[APPLY] and state == "applied",
    }


def is_large(plan: Plan) -> bool:
    """Whether a plan is left to the job."""
    impact = (plan.checks or {}).get("impact", {})
    return sum(int(impact.get(name, 0)) for name in ("begin", "end", "move")) > LARGE


def result_of(plan: Plan) -> str:
    """Say in one sentence what applying a plan has done."""
    impact = (plan.checks or {}).get("impact", {})
    people = int(impact.get("new_homes", 0))
    opened = sum(int(n) for n in impact.get("open_work", {}).values())
    return " ".join(
        (
            _("Applied."),
            _n(
                "%(n)s member belongs to another unit now.",
                "%(n)s members belong to another unit now.",
                people,
            ),
            _n(
                "%(n)s open thing goes on with whoever took over.",
                "%(n)s open things go on with whoever took over.",
                opened,
            ),
        )
    )


def begun_in(work: Work, plan: Plan) -> list[tuple[str, str]]:
    """Return the units that begin by a plan, as choices."""
    operations = content_of(work, plan).wanted.operations
    return [(u.code, f"{u.name} ({u.code})") for one in operations for u in one.new]


def open_in(work: Work, places: Iterable[Place]) -> list[Any]:
    """Return what plugins have open in units."""
    return [one for one in obligations_at(work, {p.id for p in places}) if one.count]


def holder_of(side: Side, position: str) -> str:
    """Return the key of who holds a post in a branch, or nothing."""
    return next((str(p.member_id) for p in side.posts if p.position == position), "")


def seen_in(sides: Iterable[Side]) -> list[uuid.UUID]:
    """Return the members whose names the form of a merger shows as holders of posts."""
    return [post.member_id for side in sides for post in side.posts]


def drawing_of(flows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Lay out who goes where as boxes and bands; None where a table says it better."""
    olds = list(dict.fromkeys(tuple(flow["old"]) for flow in flows))
    news = list(dict.fromkeys(tuple(flow["new"]) for flow in flows))
    if not flows or len(olds) > MOST_DRAWN or len(news) > MOST_DRAWN:
        return None
    height = max(len(olds), len(news)) * (ROW + GAP)
    left, right = _boxes(olds, height, 0), _boxes(news, height, WIDTH - SIDE)
    most = max(int(flow["people"]) for flow in flows) or 1
    bands = []
    for flow in flows:
        one, two = left[tuple(flow["old"])], right[tuple(flow["new"])]
        y1, y2 = one["y"] + ROW / 2, two["y"] + ROW / 2
        middle = WIDTH / 2
        bands.append(
            {
                "d": f"M{SIDE} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} "
                f"{WIDTH - SIDE} {y2:.0f}",
                "width": f"{2 + 26 * int(flow['people']) / most:.1f}",
            }
        )
    boxes = [*left.values(), *right.values()]
    return {"height": height, "width": WIDTH, "boxes": boxes, "bands": bands}


def _boxes(units: Sequence[Any], height: int, x: int) -> dict[Any, dict[str, Any]]:
    """Return the boxes of one side, spread over the height."""
    step = height / len(units)
    return {
        unit: {
            "x": x,
            "y": round(step * number + (step - ROW) / 2),
            "w": SIDE,
            "h": ROW,
            "lines": textwrap.wrap(unit[1] or unit[0], LETTERS, max_lines=3, placeholder="…"),
        }
        for number, unit in enumerate(units)
    }


def cards_of(work: Work) -> list[WorkCard]:
    """Return a card for each plan that waits for this person's approval; one statement."""
    if not work.may(APPROVE):
        return []
    plans = work.session.scalars(
        sa.select(Plan).where(Plan.state == "checked").order_by(Plan.submitted_at.desc()).limit(3)
    ).all()
    return [
        WorkCard(
            title=_("A plan of restructuring waits for approval"),
            text=plan.title,
            action=_("Look at the plan"),
            endpoint="restructuring.show",
            values={"unit": work.unit.code, "plan_id": plan.id},
            urgency=13,
        )
        for plan in plans
    ]
