"""What is kept with a plan to be shown: changes, flows of people, what lapses, what moves on."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.members.models import COUNTED, Affiliation, MemberStatus, Position
from core.restructuring.outcome import MAIN, Change, Outcome
from core.restructuring.services.examining import Content, Examination
from core.restructuring.services.people import sources_of
from core.restructuring.services.rights import ending_rights
from core.restructuring.services.settling import changing_settings
from core.restructuring.services.sizes import counts_below
from core.units.places import valid_on
from core.units.timelines import holding
from core.units.versions import VersionFacts
from core.work import Work

MOST = 200
"""How many lines of a sort are kept and shown; the rest is told as a number."""

FACTS = ("kind", "is_grassroots", "has_delegated_powers", "has_seal", "term_months", "sector")


def picture(work: Work, found: Examination, content: Content) -> dict[str, Any]:
    """Return everything a page shows of a plan, in plain values and without names of people."""
    out = found.outcome
    own = [change for change in out.changes if not change.follows]
    posts, rights = lapsing_posts(work, out), ending_rights(work, out, MOST)
    return {
        "changes": [_change(out, change) for change in own[:MOST]],
        "more_changes": max(0, len(own) - MOST),
        "following": len(out.changes) - len(own),
        "flows": flows(work, out, content)[:MOST],
        "posts": posts[:MOST],
        "rights": [
            {
                "grant": right.grant_id.hex,
                "role": right.role,
                "unit": _unit(out, right.unit_id),
                "to": _unit(out, right.proposed_at),
            }
            for right in rights
        ],
        "settings": changing_settings(work, out)[:MOST],
        "open": [
            {
                "what": str(one.title),
                "count": one.count,
                "unit": _unit(out, one.unit_id),
                "to": _unit(out, out.heir(one.unit_id)),
            }
            for one in found.open_work[:MOST]
        ],
        "asked": asked(out, found, _listed(work, out, content)),
    }


def _unit(out: Outcome, unit_id: uuid.UUID | None) -> list[str]:
    """Return a unit as code and name; nothing as two empty texts."""
    if unit_id is None:
        return ["", ""]
    code = out.codes.get(unit_id, "")
    return [code, out.names.get(unit_id, "") or code]


def _change(out: Outcome, change: Change) -> dict[str, Any]:
    """Return what happens to one unit: what it was and what it will be, where they differ."""
    before, after = change.before, change.after
    facts: dict[str, list[Any]] = {}
    if before is not None and after is not None:
        facts = {
            name: [getattr(before, name), getattr(after, name)]
            for name in FACTS
            if getattr(before, name) != getattr(after, name)
        }
        if before.parent_id != after.parent_id:
            facts["parent"] = [_unit(out, before.parent_id)[1], _unit(out, after.parent_id)[1]]
        if before.name != after.name:
            facts["name"] = [before.name, after.name]
    return {
        "kind": change.kind,
        "unit": _unit(out, change.unit_id),
        "begins": before is None,
        "ends": after is None,
        "under": _unit(out, after.parent_id)[1] if before is None and after else "",
        "facts": facts,
        "reason": change.reason,
    }


def lapsing_posts(work: Work, out: Outcome) -> list[list[str]]:
    """Return the positions held in ended units: who (a key), which, where."""
    rows: list[list[str]] = []
    for chunk in chunked(sorted(out.ended)):
        for member_id, position, unit_id in work.session.execute(
            sa.select(Position.member_id, Position.position, Position.unit_id)
            .where(Position.unit_id.in_(chunk), Position.valid_to > out.on)
            .order_by(Position.unit_id, Position.valid_from)
            .limit(MOST + 1)
        ):
            rows.append([member_id.hex, position, *_unit(out, unit_id)])
    return rows


def flows(work: Work, out: Outcome, content: Content) -> list[dict[str, Any]]:
    """Return from which unit how many people go to which, on the day; whole units first."""
    links = [d for d in out.descents if d.predecessor != d.successor]
    parted = {d.predecessor for d in links} & (set(out.divided) | sources_of(out))
    parted -= {d.predecessor for d in links if d.share == 1 and d.predecessor not in out.divided}
    below = _children(out, parted)
    counts = counts_below(work, {d.predecessor for d in links} | set(below), out.on)
    assigned = Counter(
        (old, out.ids.get(code)) for old, code in _assigned(work, out, content, parted)
    )
    rows = []
    for link in links:
        old, new = link.predecessor, link.successor
        people = counts[old]
        if old in parted:
            people = sum(counts[c] for c, (under, to) in below.items() if (under, to) == (old, new))
            people += assigned[(old, new)]
            if new == out.heirs.get(old) and content.wanted.unassigned == "main":
                gone = sum(n for (source, _to), n in assigned.items() if source == old)
                people += max(0, found_home(work, old, out) - gone)
        rows.append(
            {
                "old": _unit(out, old),
                "new": _unit(out, new),
                "share": None if link.share is None else str(link.share),
                "main": link.is_main,
                "people": people,
                "goes_on": old not in out.ended,
            }
        )
    return rows


def found_home(work: Work, unit_id: uuid.UUID, out: Outcome) -> int:
    """Count the members at home in a single unit on the plan's day."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Affiliation)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .where(
            Affiliation.unit_id == unit_id,
            Affiliation.kind == "home",
            valid_on(Affiliation, out.on),
            valid_on(MemberStatus, out.on),
            MemberStatus.status.in_(COUNTED),
        )
    )
    return int(work.session.scalar(statement) or 0)


def _children(
    out: Outcome, parents: set[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None]]:
    """Return the units that stood under these: the one above, and where each stands after."""
    found: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None]] = {}
    for change in out.changes:
        before: VersionFacts | None = change.before
        if before is None or before.parent_id not in parents or change.unit_id in out.ended:
            continue
        after = holding(out.versions.get(change.unit_id, ()), out.on)
        found[change.unit_id] = (before.parent_id, after.parent_id if after else None)
    return found


def _assigned(
    work: Work, out: Outcome, content: Content, sources: set[uuid.UUID]
) -> list[tuple[uuid.UUID, str]]:
    """Return from which of these units each assigned member comes, and where they go."""
    found: list[tuple[uuid.UUID, str]] = []
    for chunk in chunked(content.assigned.members):
        rows = work.session.execute(
            sa.select(Affiliation.member_id, Affiliation.unit_id).where(
                Affiliation.member_id.in_(chunk),
                Affiliation.kind == "home",
                valid_on(Affiliation, out.on),
            )
        )
        found += [(u, content.assigned.members[m]) for m, u in rows if u in sources]
    return found


def _listed(work: Work, out: Outcome, content: Content) -> Counter[uuid.UUID] | None:
    """Count whose new home is said, by the unit they come from; None where nobody is asked."""
    if content.wanted.unassigned == MAIN:
        return None
    return Counter(old for old, _code in _assigned(work, out, content, sources_of(out)))


def asked(
    out: Outcome, found: Examination, listed: Mapping[uuid.UUID, int] | None
) -> list[dict[str, Any]]:
    """Return the units about whose people or children somebody is asked, with their successors.

    `left` is how many of those at home there nobody has said a word about and who cannot stay.
    """
    sources: Mapping[uuid.UUID, Sequence[uuid.UUID]] = {
        **{d.predecessor: [d.successor] for d in out.descents if d.kind == "split_off"},
        **out.divided,
    }
    return [
        {
            "unit": _unit(out, unit_id),
            "to": [_unit(out, heir) for heir in heirs],
            "members": found.staying.homes[unit_id],
            "left": max(0, found.staying.homes[unit_id] - listed.get(unit_id, 0))
            if listed is not None and unit_id in out.ended
            else 0,
            "goes_on": unit_id not in out.ended,
        }
        for unit_id, heirs in sources.items()
    ]
