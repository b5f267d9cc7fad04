"""Papers with results: the official list, the report, the report as it was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.documents.paper import (
    Block,
    Column,
    Heading,
    Paper,
    Paragraph,
    Signer,
    Table,
    day_on_paper,
)
from core.errors import RuleBroken
from core.i18n import _, paper_count, share_text, use_locale
from core.work import Work

from ..models import LEVELS, Campaign, Report, Review
from . import words
from .papers import make_paper, name_on_paper
from .reports import changed_since, differences, report_lines
from .shapes import Difference, Key, LevelLine


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
        return make_paper(
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
            name_on_paper(review),
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
        return make_paper(
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


def sent_report_paper(work: Work, campaign: Campaign, report: Report) -> Paper:
    """Return a report as it was sent, and behind it what changed since."""
    with use_locale("vi"):
        columns = (
            Column(_("Unit below")),
            Column(_("Subject (head)"), 28),
            Column(_("Rated (head)"), 18, "center"),
            Column(_("Good or better"), 34, "center"),
            Column(_("Of which excellent"), 34, "center"),
        )
        rows = tuple(
            (
                line.name,
                str(words.SUBJECTS[subject]),
                str(line.rated),
                line.share,
                line.excellent_share,
            )
            for subject, line in report_lines(report)
        )
        blocks: list[Block] = [Table(columns, rows, compact=True)]
        blocks.extend(_changes(work, campaign, report))
        said = _("figures as sent on %(day)s", day=day_on_paper(report.sent_on))
        subtitle = f"{campaign.title}, {said}"
        if report.document_no:
            subtitle += f" ({report.document_no})"
        return make_paper(work, "report", _("REPORT"), subtitle, blocks, day=report.sent_on)


def _changes(work: Work, campaign: Campaign, report: Report) -> list[Block]:
    """Say line by line and decision by decision what is not any more as it was sent."""
    found = differences(work, campaign, report)
    if not found:
        return [Paragraph(_("Nothing changed since the report was sent."))]
    blocks: list[Block] = [Heading(_("Changed since the report was sent"))]
    blocks.extend(Paragraph(difference_sentence(one)) for one in found)
    changed = changed_since(work, campaign, report)
    if changed:
        blocks.append(Heading(_("Decisions since then")))
    for row in changed:
        before = words.SHORT_LEVELS[row.before] if row.before else "–"
        now = words.SHORT_LEVELS[row.Result.level] if row.Result.level else "–"
        parts = [row.subject or "–", f"{before} → {now}", row.Result.decision_no, row.Result.reason]
        blocks.append(Paragraph("; ".join(part for part in parts if part)))
    return blocks


def difference_sentence(one: Difference) -> str:
    """Say one line of a report as it was sent and as it is now."""
    return _(
        "%(name)s: good or better %(then)s → %(now)s, of which excellent %(best_then)s → %(best)s",
        name=one.name,
        then=one.then.share,
        now=one.now.share,
        best_then=one.then.excellent_share,
        best=one.now.excellent_share,
    )


__all__ = [
    "decision_list_paper",
    "difference_sentence",
    "result_sentence",
    "results_paper",
    "sent_report_paper",
]
