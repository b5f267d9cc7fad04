"""What the size of a branch or organisation asks for; only reminders, never a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.i18n import _
from core.members.services.counting import HeadCount
from core.members.services.reading import Post
from core.members.settings import BECOMES_ORGANISATION, ELECTS_COMMITTEE, LEAST_OFFICIAL
from core.settings import explain
from core.units.places import Place
from core.work import Work


def size_reminders(
    work: Work, place: Place, count: HeadCount, posts: Iterable[Post], on: date
) -> list[str]:
    """Return what a committee should look at because of the number of members on a day."""
    if place.kind == "branch":
        return _of_branch(work, place, count, posts, on)
    if place.kind == "party_org" and place.is_grassroots:
        number, source = rule_at(work, BECOMES_ORGANISATION, place, on)
        if 0 < count.total < number:
            return [
                _(
                    "A grassroots organisation has at least %(number)s members, here "
                    "%(count)s; fewer needs the superior's permission (%(source)s).",
                    number=number,
                    count=count.total,
                    source=source,
                )
            ]
    return []


def _of_branch(
    work: Work, place: Place, count: HeadCount, posts: Iterable[Post], on: date
) -> list[str]:
    """Return the reminders of a branch."""
    found: list[str] = []
    least, source = rule_at(work, LEAST_OFFICIAL, place, on)
    if count.official + count.exempt < least:
        found.append(
            _(
                "A branch has at least %(number)s official members, here %(count)s (%(source)s).",
                number=least,
                count=count.official + count.exempt,
                source=source,
            )
        )
    elects, source = rule_at(work, ELECTS_COMMITTEE, place, on)
    held = {post.position for post in posts if post.unit_id == place.id}
    if count.official >= elects and "branch_committee_member" not in held:
        found.append(
            _(
                "From %(number)s official members on a branch elects a branch committee "
                "(%(source)s); none is entered.",
                number=elects,
                source=source,
            )
        )
    most, source = rule_at(work, BECOMES_ORGANISATION, place, on)
    if place.is_grassroots and count.total >= most:
        found.append(
            _(
                "A grassroots branch of %(number)s members or more becomes an organisation with "
                "branches, here %(count)s (%(source)s).",
                number=most,
                count=count.total,
                source=source,
            )
        )
    return found


def rule_at(work: Work, key: str, place: Place, on: date) -> tuple[int, str]:
    """Return a number of the regulations in force on a day, and where it comes from."""
    told = explain(work, key, place, on)
    return int(told.value), told.given.document_no if told.given else told.default_source
