"""What a program sends about a plan, made into a draft: the same rows and files as on screen."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.access.services.grants import position_titles
from core.chunks import chunked
from core.documents.services import Upload
from core.errors import InvalidInput, RuleBroken
from core.exchange.workbook import UnreadableFile
from core.i18n import _
from core.members.models import Member
from core.restructuring.files import Assignments, PlanFile, raw_rows, read_full
from core.restructuring.models import Plan
from core.restructuring.services.asking import Asked, answer, answer_from_file
from core.restructuring.services.drafting import Draft
from core.restructuring.services.examining import Examination
from core.restructuring.services.filing import draft_from, read_assign_file, read_plan_file
from core.restructuring.services.people import Posting
from core.work import Work


def draft_sent(work: Work, body: Mapping[str, Any]) -> Draft:
    """Make a draft of what a program sent; rows that cannot be read are named with their number."""
    if body["file"] is not None and body["operations"]:
        sentence = _("Send the operations as rows or as a file, not both.")
        raise InvalidInput(sentence, fields={"file": [sentence]})
    told = _read(body["assign"], "assign", read_assign_file) or Assignments()
    told.parents = {**told.parents, **_parents(body["units"])}
    frame = {name: body[name] for name in ("on", "decision_no", "decision_date", "title")}
    filed = draft_from(work, _operations(body), told, unassigned=body["unassigned"], **frame)
    if filed.problems:
        field = "file" if body["file"] is not None else "operations"
        sentence = _("The file was not taken: %(reasons)s", reasons=" ".join(filed.problems[:8]))
        raise InvalidInput(sentence, fields={field: filed.problems[:50]})
    members = {**filed.draft.members, **{m: to for m, to in _members(work, body["members"]) if to}}
    return replace(filed.draft, members=members, postings=_postings(work, body["posts"]))


def _operations(body: Mapping[str, Any]) -> PlanFile:
    """Read the operations from the file, or from rows of the same columns."""
    if body["file"] is not None:
        return _read(body["file"], "file", read_plan_file) or PlanFile()
    operations, problems = read_full(raw_rows(body["operations"]))
    return PlanFile(operations=operations, problems=problems)


def _read(upload: Upload | None, field: str, read: Callable[[Path, str], Any]) -> Any:
    """Read a file that was sent; None where none was."""
    if upload is None:
        return None
    with tempfile.TemporaryDirectory(prefix="hatnhan-") as folder:
        path = Path(folder) / "sent"
        path.write_bytes(upload.body)
        try:
            return read(path, upload.filename)
        except UnreadableFile as refusal:
            sentence = _(refusal.sentence, **refusal.values)
            raise InvalidInput(sentence, fields={field: [sentence]}) from refusal


def _parents(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {row["unit_code"]: row["new_parent_code"] for row in rows if row["new_parent_code"]}


def _members(work: Work, rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[uuid.UUID, str]]:
    listed = [(row["member_id"], row["new_unit_code"]) for row in rows]
    _check_members(work, {member_id for member_id, _to in listed}, "members")
    return listed


def _postings(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[Posting]:
    _check_members(work, {row["member_id"] for row in rows}, "posts")
    titles = position_titles(work) if rows else {}
    if unknown := sorted({row["position"] for row in rows} - set(titles)):
        sentence = _("There is no position %(position)s.", position=unknown[0])
        raise InvalidInput(sentence, fields={"posts": [sentence]})
    return [Posting(row["member_id"], row["unit_code"], row["position"]) for row in rows]


def _check_members(work: Work, wanted: set[uuid.UUID], field: str) -> None:
    """Refuse members who are not known here, or whom this account may not see."""
    known: set[uuid.UUID] = set()
    for chunk in chunked(sorted(wanted)):
        known.update(work.session.scalars(sa.select(Member.id).where(Member.id.in_(chunk))))
    if missing := wanted - known:
        sentence = _("%(n)s of the members listed are not known here.", n=len(missing))
        raise InvalidInput(sentence, fields={field: [sentence]})


def answer_sent(work: Work, plan: Plan, asked: Asked, body: Mapping[str, Any]) -> Examination:
    """Write down where a program says units and people of a divided unit go."""
    if body["file"] is not None:
        told = _read(body["file"], "file", read_assign_file) or Assignments()
        return answer_from_file(work, plan, told)
    units = {row["unit_code"]: row["new_parent_code"] for row in body["units"]}
    members = {row["member_id"]: row["new_unit_code"] for row in body["members"]}
    strange = set(units) - {one.code for one in asked.units}
    if strange or set(members) - {one.id for one in asked.members}:
        raise RuleBroken(_("Only units and members of %(unit)s are asked about.", unit=asked.name))
    return answer(work, plan, asked, units, members)
