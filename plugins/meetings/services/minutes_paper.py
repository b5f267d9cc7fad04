"""The minutes as they print: five parts in the order of the field, in Vietnamese for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.documents.paper import (
    Block,
    Column,
    Heading,
    Paper,
    Paragraph,
    People,
    Run,
    Signer,
    Table,
    day_on_paper,
    from_data,
)
from core.documents.services import head_of
from core.i18n import _, format_day, paper_count, time_in_words, use_locale
from core.work import Work

from ..models import CAME, AgendaItem, Attendance, Meeting, Minutes, Task, Visitor, Vote
from . import words
from .naming import local, subject_of
from .reading import list_items, list_visitors, list_votes

MOST_REASONS = 12


def minutes_paper(work: Work, meeting: Meeting, version: Minutes | None = None) -> Paper:
    """Return the minutes as they print: a locked version as it was frozen, else as they stand."""
    if version is None:
        version = _newest(work, meeting)
    if version is not None and version.body is not None:
        return from_data(version.body)
    with use_locale("vi"):
        return _live(work, meeting, version)


def _newest(work: Work, meeting: Meeting) -> Minutes | None:
    found: Minutes | None = work.session.scalar(
        sa.select(Minutes)
        .where(Minutes.meeting_id == meeting.id)
        .order_by(Minutes.version.desc())
        .limit(1)
    )
    return found


def _live(work: Work, meeting: Meeting, version: Minutes | None) -> Paper:
    day = meeting.held_on or work.today
    head = head_of(work, work.unit, day)
    title = _("MINUTES")
    return Paper(
        kind="minutes",
        body_code=head.body_code,
        upper_body=head.upper_body,
        issuing_body=head.issuing_body,
        number=None,
        place=head.place,
        day=day,
        title=title,
        subtitle=subject_of(meeting),
        blocks=(
            *_time_and_place(work, meeting),
            *_people(work, meeting),
            *_course(work, meeting),
            *_tasks(work, meeting),
            *_quality(meeting),
            *_close(work, meeting, version),
        ),
        signers=(
            Signer((_("CLERK"),), meeting.clerk_name, _("(signature, full name)")),
            Signer((_("CHAIR"),), meeting.chair_name, _("(signature, full name)")),
        ),
        footnote=_amendment(version),
    )


def _amendment(version: Minutes | None) -> str:
    if version is None or version.version == 1:
        return ""
    return _(
        "Amended version %(version)s. Reason: %(reason)s.",
        version=version.version - 1,
        reason=version.amendment_reason,
    )


def at_time(work: Work, instant: datetime) -> str:
    """Write the time of an instant as papers do: 19 giờ 30 phút."""
    return time_in_words(local(work, instant).time())


def _time_and_place(work: Work, meeting: Meeting) -> list[Block]:
    begun = meeting.started_at
    place = meeting.place or (_("online") if meeting.mode == "online" else "…")
    text = _(
        "Began at %(time)s, %(day)s, at %(place)s.",
        time=at_time(work, begun) if begun else "…",
        day=day_on_paper(meeting.held_on),
        place=place,
    )
    if meeting.mode == "mixed":
        text += " " + _("Part of the members took part online.")
    if meeting.theme:
        text += " " + _("Theme: %(theme)s.", theme=meeting.theme)
    return [Heading(_("I. Time and place")), Paragraph(text)]


def _people(work: Work, meeting: Meeting) -> list[Block]:
    rows = list(
        work.session.scalars(
            sa.select(Attendance)
            .where(Attendance.meeting_id == meeting.id)
            .order_by(Attendance.sort_key, Attendance.member_id)
        )
    )
    visitors = list_visitors(work, meeting)
    blocks: list[Block] = [Heading(_("II. Who took part")), Paragraph(_composition(meeting, rows))]
    blocks.extend(_guests(visitors))
    blocks.append(
        Paragraph(
            _(
                "Chair: %(chair)s. Clerk: %(clerk)s.",
                chair=comrade(meeting.chair_name),
                clerk=comrade(meeting.clerk_name),
            )
        )
    )
    present = [row.printed_name for row in rows if row.state in CAME]
    if present:
        blocks.extend([Paragraph(_("Members present:")), People(tuple(present))])
    return blocks


def comrade(name: str) -> str:
    """Write a name as lists do, or room where there is none."""
    return _("Comrade %(name)s", name=name) if name else "…"


def _begun(sentence: str) -> str:
    """Begin a sentence with a capital."""
    return sentence[:1].upper() + sentence[1:]


def _composition(meeting: Meeting, rows: Sequence[Attendance]) -> str:
    """Say who there is, who had to come, who came, who did not and why."""
    parts = [
        _(
            "Members in all %(all)s comrades (official %(official)s,"
            " probationary %(probationary)s)",
            all=paper_count(meeting.members),
            official=paper_count(meeting.official),
            probationary=paper_count(meeting.probationary),
        )
    ]
    if meeting.exempt:
        parts.append(_("exempt %(n)s", n=paper_count(meeting.exempt)))
    if meeting.elsewhere:
        parts.append(_("taking part elsewhere for a time %(n)s", n=paper_count(meeting.elsewhere)))
    if meeting.suspended:
        parts.append(_("suspended %(n)s", n=paper_count(meeting.suspended)))
    parts.append(_("required %(n)s", n=paper_count(meeting.required)))
    parts.append(_("present %(n)s", n=paper_count(meeting.attended)))
    if meeting.online:
        parts.append(_("of them online %(n)s", n=paper_count(meeting.online)))
    excused = [row for row in rows if row.is_required and row.state == "excused"]
    absent = [row for row in rows if row.is_required and row.state == "absent"]
    parts.append(_absent(_("excused"), excused))
    parts.append(_absent(_("absent without a reason"), absent))
    temporary = sum(row.group == "temporary" and row.state in CAME for row in rows)
    if temporary:
        parts.append(_("taking part here for a time %(n)s", n=paper_count(temporary)))
    came = sum(not row.is_required and row.group == "home" and row.state in CAME for row in rows)
    if came:
        parts.append(_("exempt and present %(n)s", n=paper_count(came)))
    return "; ".join(parts) + "."


def _absent(label: str, rows: Sequence[Attendance]) -> str:
    if not rows:
        return _("%(label)s: none", label=label)
    names = [
        f"{comrade(row.printed_name)} ({str(words.REASONS[row.reason]).lower()})"
        if row.reason in words.REASONS
        else comrade(row.printed_name)
        for row in rows
    ]
    return f"{label} {paper_count(len(rows))}: {', '.join(names)}"


def _guests(visitors: Sequence[Visitor]) -> list[Block]:
    blocks: list[Block] = []
    for label, chosen in (
        (_("Superiors present"), [v for v in visitors if v.is_superior]),
        (_("Guests"), [v for v in visitors if not v.is_superior]),
    ):
        if chosen:
            names = "; ".join(
                f"{comrade(v.name)}, {v.role}" if v.role else comrade(v.name) for v in chosen
            )
            blocks.append(Paragraph(f"{label}: {names}."))
    return blocks


def _course(work: Work, meeting: Meeting) -> list[Block]:
    blocks: list[Block] = [Heading(_("III. Content and course"))]
    votes: dict[object, list[Vote]] = {}
    for vote in list_votes(work, meeting):
        votes.setdefault(vote.item_id, []).append(vote)
    for number, item in enumerate(list_items(work, meeting), 1):
        blocks.extend(_item(number, item, votes.pop(item.id, [])))
    for rest in votes.values():
        blocks.extend(_vote(vote) for vote in rest if vote.kind != "minutes")
    return blocks


def _item(number: int, item: AgendaItem, votes: Sequence[Vote]) -> list[Block]:
    blocks: list[Block] = [Heading(f"{number}. {item.title}", level=2)]
    if item.presenter_name:
        blocks.append(Paragraph(_begun(_("%(n)s presented it.", n=comrade(item.presenter_name)))))
    if item.discussion:
        blocks.extend(_labelled(_("Views in the discussion"), item.discussion))
    if item.conclusion:
        blocks.extend(_labelled(_("Conclusion"), item.conclusion))
    blocks.extend(_vote(vote) for vote in votes)
    return blocks


def _labelled(label: str, text: str) -> list[Block]:
    """Print a label in bold before the first paragraph of a text."""
    first, *rest = [line for line in text.split("\n") if line.strip()]
    return [
        Paragraph((Run(f"{label}: ", bold=True), Run(first))),
        *(Paragraph(line) for line in rest),
    ]


def _vote(vote: Vote) -> Block:
    values = {
        "in_favour": vote.in_favour,
        "count": vote.base_count,
        "base": words.BASES[vote.base],
        "needed": vote.needed,
        "result": _("passed") if vote.is_passed else _("not passed"),
    }
    text = _(
        "%(in_favour)s/%(count)s %(base)s in favour (at least %(needed)s needed): %(result)s.",
        **values,
    )
    if vote.against or vote.abstained:
        text += " " + _(
            "Against %(against)s, no view %(abstained)s.",
            against=vote.against,
            abstained=vote.abstained,
        )
    if vote.method == "secret":
        text += " " + _(
            "Secret ballot: issued %(issued)s, returned %(returned)s, valid %(valid)s,"
            " invalid %(invalid)s.",
            issued=vote.issued,
            returned=vote.returned,
            valid=vote.valid,
            invalid=vote.invalid,
        )
    label = _("Result of the vote on “%(question)s”", question=vote.question)
    return Paragraph((Run(f"{label}: ", bold=True), Run(text)))


def _tasks(work: Work, meeting: Meeting) -> list[Block]:
    tasks = work.session.scalars(
        sa.select(Task)
        .where(
            Task.meeting_id == meeting.id,
            Task.unit_id == meeting.unit_id,
            Task.carried_from_id.is_(None),
        )
        .order_by(Task.created_at, Task.id)
        .execution_options(unscoped="tasks printed in the minutes of a meeting one may read")
    ).all()
    blocks: list[Block] = [Heading(_("IV. Tasks given out"))]
    if not tasks:
        return [*blocks, Paragraph(_("No task was given out."))]
    columns = (
        Column(_("No."), 12, "center"),
        Column(_("Task")),
        Column(_("Who does it"), 42),
        Column(_("Until"), 28, "center"),
    )
    rows = tuple(
        (str(number), task.title, comrade(task.owner_name), format_day(task.due_on))
        for number, task in enumerate(tasks, 1)
    )
    return [*blocks, Table(columns, rows, compact=True)]


def _quality(meeting: Meeting) -> list[Block]:
    text = meeting.quality or _("Not assessed.")
    return [Heading(_("V. Quality of the meeting")), *(Paragraph(t) for t in text.split("\n") if t)]


def _close(work: Work, meeting: Meeting, version: Minutes | None) -> list[Block]:
    sentences = []
    if version is not None and version.adopted_present:
        values = {"n": version.adopted_in_favour, "present": version.adopted_present}
        if version.adopted_in_favour == version.adopted_present:
            sentences.append(
                _(
                    "The minutes were read out; %(n)s/%(present)s official members present"
                    " unanimously adopted them.",
                    **values,
                )
            )
        else:
            sentences.append(
                _(
                    "The minutes were read out; %(n)s/%(present)s official members present"
                    " adopted them.",
                    **values,
                )
            )
    if meeting.ended_at is not None:
        sentences.append(_ending(work, meeting, meeting.ended_at))
    return [Paragraph(" ".join(sentences))] if sentences else []


def _ending(work: Work, meeting: Meeting, ended_at: datetime) -> str:
    day = local(work, ended_at).date()
    if day == meeting.held_on:
        return _("The meeting ended at %(time)s the same day.", time=at_time(work, ended_at))
    return _(
        "The meeting ended at %(time)s, %(day)s.",
        time=at_time(work, ended_at),
        day=day_on_paper(day),
    )
