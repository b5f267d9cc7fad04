"""Papers of evaluation: forms 2C and ballots in one batch, count of ballots, slips, lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

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
from core.i18n import _, paper_count, share_text, use_locale
from core.work import Work

from ..models import LEVELS, Ballot, Campaign, Comment, Review, SelfReview
from . import words
from .reading import ballots_of
from .self_reviews import form_of
from .shapes import Key, LevelLine

BLANK = "…" * 60
NOT_YET = "…" * 12


def _paper(
    work: Work, kind: str, title: str, subtitle: str, blocks: Sequence[Block], **more: object
) -> Paper:
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


def form_blocks(campaign: Campaign, review: Review, text: SelfReview | None = None) -> list[Block]:
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
        Paragraph(_("Full name: %(name)s", name=review.subject_name), indent=False),
    ]
    for number, part in enumerate(form["parts"], 1):
        blocks.append(Heading(f"{number}. {part['title']}", level=2))
        said = answers.get(part["key"], "")
        lines = [line for line in said.split("\n") if line.strip()] or [BLANK] * 4
        blocks.extend(Paragraph(line) for line in lines)
    level = words.LEVELS[text.proposed_level] if text and text.proposed_level else NOT_YET
    blocks.append(Paragraph(_("Level proposed by oneself: %(level)s", level=level)))
    blocks.append(
        Paragraph(_("Signature of the writer: %(blank)s", blank=NOT_YET), indent=False,
                  align="right")
    )  # fmt: skip
    return blocks


def form_paper(work: Work, campaign: Campaign, review: Review, text: SelfReview | None) -> Paper:
    """Return one form as a paper."""
    with use_locale("vi"):
        form = form_of(campaign, review)
        return _paper(
            work, "self_review", form["title"].upper(), campaign.title,
            form_blocks(campaign, review, text)[2:],
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
        for name, make in (("sheet", _sheet), ("ballots", _ballots), ("forms", _forms)):
            if name in what:
                if blocks:
                    blocks.append(PageBreak())
                blocks.extend(make(campaign, rated))
        if not blocks:
            raise RuleBroken(_("Choose what is printed."))
        return _paper(
            work, "evaluation_batch", _("PAPERS OF THE EVALUATION"), campaign.title, blocks
        )


def _sheet(campaign: Campaign, reviews: Sequence[Review]) -> list[Block]:
    members = [review.subject_name for review in reviews if review.member_id is not None]
    return [
        Paragraph((Run(_("List of those who take a ballot"), bold=True),), indent=False),
        SignatureRows(tuple(members), blanks=2),
    ]


def _ballots(campaign: Campaign, reviews: Sequence[Review]) -> list[Block]:
    """Return one ballot with all names: printed as many times as there are voters."""
    columns = (
        Column(_("No."), 12, "center"),
        Column(_("Who is rated")),
        *(Column(str(words.SHORT_LEVELS[level]), 24, "center") for level in LEVELS),
    )
    rows = tuple(
        (str(number), review.subject_name, "", "", "", "")
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


def _forms(campaign: Campaign, reviews: Sequence[Review]) -> list[Block]:
    blocks: list[Block] = []
    for review in reviews:
        if blocks:
            blocks.append(PageBreak())
        blocks.extend(form_blocks(campaign, review))
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
        return _paper(
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
        *(Column(str(words.SHORT_LEVELS[level]), 20, "center") for level in LEVELS),
        Column(_("Invalid"), 18, "center"),
        Column(_("Proposed"), 26),
    )
    rows = tuple(
        (
            str(number),
            review.subject_name,
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
                    SlipLine(_("Comrade or unit"), review.subject_name),
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
        return _paper(work, "slips", _("Slips of results"), campaign.title, slips)


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
        return _paper(
            work, "letter", _("REQUEST FOR COMMENTS"), campaign.title, blocks,
            signers=(Signer((_("FOR THE BRANCH"), _("SECRETARY"))),),
        )  # fmt: skip


def decision_list_paper(
    work: Work, campaign: Campaign, reviews: Sequence[Review], units: Mapping[Key, str],
    day: date | None = None,
) -> Paper:  # fmt: skip
    """Return the official list that goes with a decision: by level, then by name."""
    decided = [review for review in reviews if review.level is not None]
    if not decided:
        raise RuleBroken(_("No level is decided here yet."))
    with use_locale("vi"):
        blocks: list[Block] = []
        for level in LEVELS:
            chosen = [review for review in decided if review.level == level]
            if not chosen:
                continue
            title = f"{words.LEVELS[level]}: {paper_count(len(chosen))}"
            blocks.append(Heading(title))
            blocks.append(_list_table(chosen, units))
        numbers = sorted({review.decision_no for review in decided})
        subtitle = _(
            "%(title)s (with decision %(numbers)s)",
            title=campaign.title,
            numbers=", ".join(numbers),
        )
        return _paper(
            work, "list", _("LIST OF LEVELS OF EVALUATION"), subtitle, blocks, day=day,
            signers=(Signer((_("FOR THE STANDING COMMITTEE"), _("SECRETARY"))),),
        )  # fmt: skip


def _list_table(reviews: Sequence[Review], units: Mapping[Key, str]) -> Table:
    columns = (
        Column(_("No."), 12, "center"),
        Column(_("Who is rated")),
        Column(_("Organisation"), 60),
        Column(_("Points"), 20, "center"),
    )
    rows = tuple(
        (
            str(number),
            review.subject_name,
            units.get(review.unit_id, "") if review.member_id else "",
            f"{review.points:g}".replace(".", ",") if review.points is not None else "",
        )
        for number, review in enumerate(reviews, 1)
    )
    return Table(columns, rows, compact=True)


def results_paper(work: Work, campaign_title: str, lines: Sequence[LevelLine]) -> Paper:
    """Return the table of results by level with shares, as a report prints it."""
    if not lines:
        raise RuleBroken(_("There are no results to report yet."))
    with use_locale("vi"):
        columns = (
            Column(_("Subject (head)")),
            Column(_("Rated (head)"), 20, "center"),
            *(Column(str(words.SHORT_LEVELS[level]), 20, "center") for level in LEVELS),
            Column(_("Good or better"), 34, "center"),
        )
        rows = tuple(
            (
                line.name,
                str(line.rated),
                *(str(getattr(line, level)) for level in LEVELS),
                share_text(line.good_or_better, line.rated),
            )
            for line in lines
        )
        sentences = [Paragraph(result_sentence(line)) for line in lines]
        return _paper(
            work, "report", _("REPORT"), campaign_title,
            [Table(columns, rows, compact=True), *sentences],
            signers=(Signer((_("FOR THE STANDING COMMITTEE"), _("SECRETARY"))),),
        )  # fmt: skip


def result_sentence(line: LevelLine) -> str:
    """Say a line as reports do: good or better with its share, of which excellent with its own."""
    return _(
        "%(name)s: good or better %(share)s, of which excellent %(excellent)s.",
        name=line.name,
        share=line.share,
        excellent=line.excellent_share,
    )


__all__ = [
    "ballot_count_paper",
    "batch_paper",
    "comment_request_paper",
    "decision_list_paper",
    "form_blocks",
    "form_paper",
    "result_sentence",
    "results_paper",
    "slips_paper",
]
