"""Papers of a branch: forms 2C and ballots in one batch, count of ballots, slips, letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from core.documents.paper import (
    Block,
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
)
from core.documents.services import head_of
from core.errors import RuleBroken
from core.i18n import _, paper_count, use_locale
from core.work import Work

from ..models import LEVELS, Ballot, Campaign, Comment, Review, SelfReview
from . import words
from .reading import ballots_of
from .self_reviews import form_of
from .voting import voters_here

BLANK = "…" * 32
"""A line to write on, not longer than a page is wide, so that it stays one line."""
BLANK_LINES = 7
NOT_YET = "…" * 12


def make_paper(
    work: Work, kind: str, title: str, subtitle: str, blocks: Sequence[Block], **more: object
) -> Paper:
    """Return a paper of the work's unit, without number and day unless told otherwise."""
    head = head_of(work)
    values: dict[str, object] = {
        "kind": kind,
        "body_code": head.body_code,
        "upper_body": head.upper_body,
        "issuing_body": head.issuing_body,
        "number": None,
        "place": head.place,
        "day": None,
        "title": title,
        "subtitle": subtitle,
        "blocks": tuple(blocks),
        **more,
    }
    return Paper(**values)  # type: ignore[arg-type]  # checked values


def form_blocks(
    campaign: Campaign, review: Review, unit_name: str, text: SelfReview | None = None
) -> list[Block]:
    """Return one form: filled with what was handed in, or with room to write by hand."""
    form = form_of(campaign, review)
    answers: Mapping[str, str] = text.answers if text is not None else {}
    head = _("Form %(code)s", code=review.form)
    blocks: list[Block] = [
        Paragraph(
            (Run(f"{head}. {form['title'].upper()}", bold=True),),
            indent=False,
            align="center",
        ),
        Paragraph(
            _("Year or period: %(period)s", period=campaign.period_key),
            indent=False,
            align="center",
        ),
        *_whose(review, unit_name),
    ]
    for number, part in enumerate(form["parts"], 1):
        blocks.append(Heading(f"{number}. {part['title']}", level=2))
        said = answers.get(part["key"], "")
        lines = [line for line in said.split("\n") if line.strip()]
        blocks.extend(Paragraph(line) for line in lines)
        if not lines:
            blocks.extend([Paragraph(BLANK, indent=False)] * BLANK_LINES)
    level = words.LEVELS[text.proposed_level] if text and text.proposed_level else NOT_YET
    blocks.append(Paragraph(_("Level proposed by oneself: %(level)s", level=level)))
    blocks.append(
        Paragraph(_("Signature of the writer: %(blank)s", blank=NOT_YET), indent=False,
                  align="right")
    )  # fmt: skip
    return blocks


def _whose(review: Review, unit_name: str) -> list[Block]:
    """Say whose form it is; many lie in one pile, so each names the organisation too."""
    if review.member_id is None:
        return [Paragraph(_("Name of the collective: %(name)s", name=review.subject_name),
                          indent=False)]  # fmt: skip
    return [
        Paragraph(_("Full name: %(name)s", name=review.subject_name), indent=False),
        Paragraph(_("Party organisation: %(name)s", name=unit_name), indent=False),
    ]


def name_on_paper(review: Review) -> str:
    """Return the name of a subject; whoever is also rated as a leader is told apart."""
    if review.subject_kind != "leader":
        return review.subject_name
    return f"{review.subject_name} ({str(words.SUBJECTS[review.subject_kind]).lower()})"


def form_paper(work: Work, campaign: Campaign, review: Review, text: SelfReview | None) -> Paper:
    """Return one form as a paper."""
    with use_locale("vi"):
        form = form_of(campaign, review)
        return make_paper(
            work, "self_review", form["title"].upper(), campaign.title,
            form_blocks(campaign, review, work.unit.name, text)[2:],
            signers=(Signer((_("WHO WROTE THIS"),), review.subject_name),),
        )  # fmt: skip


def batch_paper(
    work: Work, campaign: Campaign, reviews: Sequence[Review], *, what: Sequence[str]
) -> Paper:
    """Return forms, ballots and a sheet to sign for a whole branch as one document.

    `what` holds any of "forms", "ballots", "sheet". Forms are printed to be filled in by hand:
    what somebody wrote is printed by themselves.
    """
    rated = [review for review in reviews if review.stage != "not_rated"]
    if not rated:
        raise RuleBroken(_("Nobody is to be rated here."))
    with use_locale("vi"):
        blocks: list[Block] = []
        makers: tuple[tuple[str, Callable[[], list[Block]]], ...] = (
            ("sheet", lambda: _sheet(voters_here(work) or _once(rated))),
            ("ballots", lambda: _ballots(rated)),
            ("forms", lambda: _forms(campaign, rated, work.unit.name)),
        )
        for name, make in makers:
            if name in what:
                if blocks:
                    blocks.append(PageBreak())
                blocks.extend(make())
        if not blocks:
            raise RuleBroken(_("Choose what is printed."))
        return make_paper(
            work, "evaluation_batch", _("PAPERS OF THE EVALUATION"), campaign.title, blocks
        )


def _once(reviews: Sequence[Review]) -> list[str]:
    """Return the names of a unit without members of its own: each once, leaders too."""
    names = {one.member_id: one.subject_name for one in reviews if one.member_id is not None}
    return list(names.values())


def _sheet(voters: Sequence[str]) -> list[Block]:
    """Return the sheet to sign for those who may vote, whether they are rated or not."""
    return [
        Paragraph((Run(_("List of those who take a ballot"), bold=True),), indent=False),
        SignatureRows(tuple(voters), blanks=2),
    ]


def _ballots(reviews: Sequence[Review]) -> list[Block]:
    """Return one ballot with all names: printed as many times as there are voters."""
    columns = (
        Column(_("No."), 12, "center"),
        Column(_("Who is rated")),
        *(Column(str(words.SHORT_LEVELS[level]), 24, "center") for level in LEVELS),
    )
    rows = tuple(
        (str(number), name_on_paper(review), "", "", "", "")
        for number, review in enumerate(reviews, 1)
    )
    return [
        Paragraph((Run(_("BALLOT"), bold=True),), indent=False, align="center"),
        Paragraph(
            _("Put a cross (x) in one column for each line. Do not sign."),
            indent=False,
            align="center",
        ),
        Table(columns, rows, compact=True),
    ]


def _forms(campaign: Campaign, reviews: Sequence[Review], unit_name: str) -> list[Block]:
    blocks: list[Block] = []
    for review in reviews:
        if blocks:
            blocks.append(PageBreak())
        blocks.extend(form_blocks(campaign, review, unit_name))
    return blocks


def ballot_count_paper(work: Work, campaign: Campaign, reviews: Sequence[Review]) -> Paper:
    """Return the record of the count: papers issued, returned, invalid, and each one's ballots."""
    with use_locale("vi"):
        ballots = ballots_of(work, [review.id for review in reviews])
        counted = [(review, ballots[review.id]) for review in reviews if review.id in ballots]
        if not counted:
            raise RuleBroken(_("No ballots were entered yet."))
        first = counted[0][1]
        blocks: list[Block] = [
            Paragraph(
                _(
                    "Official members who may vote: %(entitled)s; present: %(present)s; ballots"
                    " issued: %(issued)s; returned: %(returned)s.",
                    entitled=paper_count(first.entitled),
                    present=paper_count(first.present),
                    issued=paper_count(first.issued),
                    returned=paper_count(first.returned),
                )
            ),
            _count_table(counted),
        ]
        note = _("(signature, full name)")
        return make_paper(
            work, "ballot_count", _("RECORD OF THE COUNT OF BALLOTS"), campaign.title, blocks,
            day=first.voted_on,
            signers=(
                Signer((_("CLERK"),), "", note),
                Signer((_("HEAD OF THE TELLERS"),), "", note),
            ),
        )  # fmt: skip


def _count_table(counted: Sequence[tuple[Review, Ballot]]) -> Table:
    columns = (
        Column(_("No."), 12, "center"),
        Column(_("Who is rated")),
        *(Column(str(words.SHORT_LEVELS[level]), 16, "center") for level in LEVELS),
        Column(_("Invalid"), 16, "center"),
        Column(_("Proposed"), 24),
    )
    rows = tuple(
        (
            str(number),
            name_on_paper(review),
            *(str(getattr(ballot, level)) for level in LEVELS),
            str(ballot.invalid),
            str(words.SHORT_LEVELS[review.voted_level]) if review.voted_level else "–",
        )
        for number, (review, ballot) in enumerate(counted, 1)
    )
    return Table(columns, rows, compact=True)


def slips_paper(work: Work, campaign: Campaign, reviews: Sequence[Review]) -> Paper:
    """Return slips with the decided level, to be cut out and handed to each."""
    decided = [review for review in reviews if review.level is not None]
    if not decided:
        raise RuleBroken(_("No level is decided here yet."))
    with use_locale("vi"):
        head = head_of(work)
        slips = [
            Slip(
                head=head.issuing_body.upper(),
                title=_("NOTICE OF THE RESULT OF EVALUATION"),
                lines=(
                    SlipLine(_("Comrade or unit"), name_on_paper(review)),
                    SlipLine(_("Period"), campaign.period_key),
                    SlipLine(_("Level"), str(words.LEVELS[review.level or ""])),
                    SlipLine(
                        _("Decision"),
                        f"{review.decision_no}, {day_on_paper(review.decided_on)}",
                    ),
                ),
                note=_("Whoever does not agree writes to the body that decided."),
            )
            for review in decided
        ]
        return make_paper(work, "slips", _("Slips of results"), campaign.title, slips)


def comment_request_paper(work: Work, campaign: Campaign, comments: Sequence[Comment]) -> Paper:
    """Return the letter that asks a branch outside the system for comments."""
    if not comments:
        raise RuleBroken(_("No comment is asked of this branch."))
    with use_locale("vi"):
        columns = (
            Column(_("No."), 12, "center"),
            Column(_("Full name"), 60),
            Column(_("Comment of the branch of the place of residence")),
        )
        rows = tuple(
            (str(number), comment.subject_name, "") for number, comment in enumerate(comments, 1)
        )
        blocks: list[Block] = [
            Paragraph(_("To: %(branch)s", branch=comments[0].asked_name), indent=False),
            Paragraph(
                _(
                    "We ask for comments on these members for the evaluation of %(period)s:",
                    period=campaign.period_key,
                )
            ),
            Table(columns, rows),
        ]
        return make_paper(
            work, "letter", _("REQUEST FOR COMMENTS"), campaign.title, blocks,
            signers=(Signer((_("FOR THE BRANCH"), _("SECRETARY"))),),
        )  # fmt: skip


__all__ = [
    "ballot_count_paper",
    "batch_paper",
    "comment_request_paper",
    "form_blocks",
    "form_paper",
    "make_paper",
    "name_on_paper",
    "slips_paper",
]
