"""The other papers of meetings: resolutions, notices, sheets to sign, slips, the pack on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from core.checking import missing
from core.documents.models import Document
from core.documents.paper import (
    Block,
    Bullets,
    Column,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Run,
    SignatureRows,
    Signer,
    Slip,
    SlipLine,
    Table,
    day_on_paper,
    from_data,
)
from core.documents.services import file_of, head_of
from core.documents.services.heading import Head
from core.errors import RuleBroken
from core.i18n import _, format_day_long, use_locale
from core.members.models import Position
from core.units.places import valid_on
from core.work import Work

from ..models import Meeting, Resolution, Vote
from . import words
from .announcing import recipients
from .membership import expected
from .minutes_paper import at_time, comrade
from .naming import day_of, local, subject_of
from .reading import list_items, points_of
from .shapes import Key, Person

SIGNING = ("secretary", "deputy_secretary", "standing_deputy_secretary")
BLANK = "…" * 30


def _paper(
    head: Head, kind: str, day: date | None, title: str, subtitle: str, **more: object
) -> Paper:
    values: dict[str, object] = {
        "kind": kind,
        "body_code": head.body_code,
        "upper_body": head.upper_body,
        "issuing_body": head.issuing_body,
        "number": None,
        "place": head.place,
        "day": day,
        "title": title,
        "subtitle": subtitle,
        **more,
    }
    return Paper(**values)  # type: ignore[arg-type]  # checked values


def signer_of(work: Work, body: str, chair_id: Key | None, chair: str, day: date) -> Signer:
    """Return who signs for the collective: the chair, with the position held on the day."""
    position = None
    if chair_id is not None:
        position = work.session.scalar(
            sa.select(Position.position)
            .where(
                Position.member_id == chair_id,
                Position.unit_id == work.unit.id,
                Position.position.in_(SIGNING),
                valid_on(Position, day),
            )
            .limit(1)
        )
    deputy = position is not None and position != "secretary"
    return Signer((body, _("DEPUTY SECRETARY") if deputy else _("SECRETARY")), chair)


def _receivers(*first: str) -> tuple[str, ...]:
    return (*first, _("Branch, to be kept."))


def _register_entry(work: Work, document_id: Key) -> Document | None:
    """Return a paper's entry in the register with its text."""
    return work.session.scalar(
        sa.select(Document)
        .options(sa.orm.undefer(Document.paper))
        .where(Document.id == document_id)
        .execution_options(unscoped="the issued paper of a meeting one may read")
    )


def issued_paper(work: Work, document_id: Key) -> Paper | None:
    """Return a paper as it was issued, with its number; None where only its entry is known."""
    document = _register_entry(work, document_id)
    return from_data(document.paper) if document is not None and document.paper else None


def kept_bytes(work: Work, document_id: Key | None, ending: str) -> bytes | None:
    """Return the file of an issued paper as it was printed; None where it never was.

    `ending` is docx or pdf.
    """
    document = _register_entry(work, document_id) if document_id is not None else None
    stored = file_of(work, document, ending) if document is not None else None
    return stored.body if stored is not None else None


def resolution_paper(work: Work, resolution: Resolution) -> Paper:
    """Return a resolution as it prints: as it was issued, else without a number as a draft."""
    if resolution.document_id is not None:
        issued = issued_paper(work, resolution.document_id)
        if issued is not None:
            return issued
    with use_locale("vi"):
        meeting = work.session.scalar(
            sa.select(Meeting)
            .where(Meeting.id == resolution.meeting_id)
            .execution_options(unscoped="the meeting of a resolution one may read")
        )
        vote = work.session.scalar(sa.select(Vote).where(Vote.id == resolution.vote_id))
        points = points_of(work, [resolution.id]).get(resolution.id, [])
        head = head_of(work, work.unit, resolution.decided_on)
        signer = signer_of(
            work,
            _("FOR THE BRANCH"),
            meeting.chair_id if meeting else None,
            meeting.chair_name if meeting else "",
            resolution.decided_on,
        )
        blocks: list[Block] = [*_grounds(resolution)]
        blocks.extend(Paragraph(line) for line in resolution.text.split("\n") if line.strip())
        for number, point in enumerate(points, 1):
            blocks.append(Paragraph(_point(number, point.text, point.owner_name, point.due_on)))
        if vote is not None:
            blocks.append(Paragraph(_voted(vote)))
        return _paper(
            head,
            "resolution",
            resolution.decided_on,
            _("RESOLUTION"),
            _("on %(title)s", title=_small(resolution.title)),
            blocks=tuple(blocks),
            recipients=_receivers(
                _("%(body)s (to be reported to),", body=head.upper_body),
                _("Members of the branch (to be carried out),"),
            ),
            signers=(signer,),
            draft=True,
        )


def _small(title: str) -> str:
    """Begin a title small inside a sentence, unless its first word is a name or a number.

    Many type “về …” or “Nghị quyết về …” although the paper says that itself.
    """
    for said in ("nghị quyết ", "về "):
        if title.lower().startswith(said):
            title = title[len(said) :]
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title


def _grounds(resolution: Resolution) -> list[Block]:
    lines = [line.strip() for line in resolution.grounds.split("\n") if line.strip()]
    lines.append(
        _(
            "In view of the discussion and the vote in the meeting of %(day)s,",
            day=day_on_paper(resolution.decided_on),
        )
    )
    return [
        *(Paragraph(f"- {line}") for line in lines),
        Paragraph((Run(_("the branch resolves:"), bold=True),)),
    ]


def _point(number: int, text: str, owner: str, due_on: date | None) -> str:
    line = f"{number}. {text.rstrip('.')}"
    if owner:
        line += _(" (%(name)s)", name=comrade(owner))
    if due_on is not None:
        line += _(", until %(day)s", day=day_on_paper(due_on))
    return line + "."


def _voted(vote: Vote) -> str:
    if vote.in_favour == vote.present:
        return _(
            "The resolution was voted for by %(n)s/%(present)s official members present.",
            n=vote.in_favour,
            present=vote.present,
        )
    return _(
        "The resolution was voted for by %(n)s/%(count)s %(base)s.",
        n=vote.in_favour,
        count=vote.base_count,
        base=words.BASES[vote.base],
    )


def _when(work: Work, meeting: Meeting) -> str:
    if meeting.starts_at is None:
        raise RuleBroken(_("The day and time are still to be chosen."))
    there = local(work, meeting.starts_at)
    return (
        f"{at_time(work, meeting.starts_at)}, {weekday(there.date())}, {day_on_paper(there.date())}"
    )


def weekday(day: date) -> str:
    """Name the day of the week as papers do."""
    return format_day_long(day).split(",", maxsplit=1)[0]


def notice_paper(work: Work, meeting: Meeting) -> Paper:
    """Return the branch committee's notice of a meeting."""
    with use_locale("vi"):
        day = day_of(work, meeting.announced_at) if meeting.announced_at else work.today
        head = head_of(work, work.unit, day)
        what = _small(subject_of(meeting))
        blocks: list[Block] = [
            Paragraph(_("The branch committee announces the %(what)s as follows:", what=what)),
            _bold("1. " + _("Time"), f"{_when(work, meeting)}."),
            _bold("2. " + _("Place"), f"{meeting.place or _('online')}."),
            Paragraph((Run("3. " + _("Content") + ":", bold=True),)),
            Bullets(tuple(item.title for item in list_items(work, meeting)) or (BLANK,)),
            Paragraph(_("Members are asked to study the papers and to come in full and on time.")),
        ]
        signer = signer_of(
            work, _("FOR THE BRANCH COMMITTEE"), meeting.chair_id, meeting.chair_name, day
        )
        return _paper(
            head,
            "notice",
            day,
            _("NOTICE"),
            what,
            blocks=tuple(blocks),
            recipients=_receivers(
                _("%(body)s (to be reported to),", body=head.upper_body),
                _("Members of the branch,"),
            ),
            signers=(signer,),
            draft=meeting.round == 0,
        )


def _bold(label: str, text: str) -> Paragraph:
    return Paragraph((Run(f"{label}: ", bold=True), Run(text)))


def _sheet_people(
    work: Work, meeting: Meeting | None, on: date | None
) -> tuple[list[Person], date]:
    day = on or work.today
    if meeting is not None and on is None:
        day = meeting.held_on or (day_of(work, meeting.starts_at) if meeting.starts_at else day)
    unit_id = meeting.unit_id if meeting is not None else work.unit.id
    return expected(work, unit_id, day), day


def attendance_sheet_paper(
    work: Work, meeting: Meeting | None = None, on: date | None = None
) -> Paper:
    """Return a sheet to be signed by those who come, by the membership of the day."""
    with use_locale("vi"):
        people, day = _sheet_people(work, meeting, on)
        head = head_of(work, work.unit, day)
        subject = subject_of(meeting) if meeting is not None else _("Branch meeting")
        return _paper(
            head,
            "attendance_sheet",
            day,
            _("ROLL OF ATTENDANCE"),
            subject,
            blocks=tuple(_sheet(people)),
            signers=(
                Signer((_("CLERK"),), "", _("(signature, full name)")),
                Signer((_("CHAIR"),), "", _("(signature, full name)")),
            ),
        )


def _sheet(people: Sequence[Person]) -> list[Block]:
    names: list[str | tuple[str, str]] = []
    for person in people:
        remark = ""
        if person.group == "temporary":
            remark = _("for a time")
        elif not person.is_required:
            remark = str(words.STANDINGS[person.standing])
        name = comrade(person.name)
        names.append((name, remark) if remark else name)
    return [
        SignatureRows(tuple(names), blanks=4),
        Paragraph(
            _(
                "In all: …… comrades; present: …… comrades; excused: …… comrades;"
                " absent without a reason: …… comrades."
            ),
            indent=False,
        ),
    ]


def invitation_paper(work: Work, meeting: Meeting, member_ids: Sequence[Key] = ()) -> Paper:
    """Return slips to cut out and hand over: time and place only."""
    with use_locale("vi"):
        when = _when(work, meeting)
        people = recipients(work, meeting)
        if member_ids:
            people = [person for person in people if person.id in set(member_ids)]
        if not people:
            raise missing("member_ids", _("Choose a comrade from the list."))
        head = head_of(work)
        slips = tuple(
            Slip(
                head=head.issuing_body.upper(),
                title=_("INVITATION TO THE MEETING"),
                lines=(
                    SlipLine(_("Comrade"), person.name),
                    SlipLine(_("Time"), when),
                    SlipLine(_("Place"), meeting.place or _("online")),
                ),
                note=_("Whoever cannot come tells the secretary beforehand."),
            )
            for person in people
        )
        return _paper(
            head, "slips", None, _("Slips of invitation"), subject_of(meeting), blocks=slips
        )


def paper_pack(work: Work, meeting: Meeting) -> Paper:
    """Return the pack for a place without network: roll, agenda, room for conclusions and votes."""
    with use_locale("vi"):
        people, day = _sheet_people(work, meeting, None)
        head = head_of(work, work.unit, day)
        blocks: list[Block] = [*_sheet(people), PageBreak()]
        for number, item in enumerate(list_items(work, meeting), 1):
            blocks.append(Heading(f"{number}. {item.title}", level=2))
            blocks.append(Paragraph(f"{_('Conclusion')}: {BLANK * 4}", align="left"))
            blocks.append(
                Paragraph(
                    _("Vote: present ……; in favour ……; against ……; no view ……."), align="left"
                )
            )
        columns = (
            Column(_("No."), 12, "center"),
            Column(_("Task")),
            Column(_("Who does it"), 42),
            Column(_("Until"), 28, "center"),
        )
        blocks.append(Heading(_("IV. Tasks given out")))
        blocks.append(Table(columns, tuple((str(n), "", "", "") for n in range(1, 9))))
        blocks.append(
            Paragraph(_("The meeting began at …… and ended at ……. Minutes adopted by ……/……."))
        )
        return _paper(
            head,
            "paper_pack",
            day,
            _("PAPERS OF THE MEETING"),
            subject_of(meeting),
            blocks=tuple(blocks),
        )
