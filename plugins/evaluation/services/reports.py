"""The report as it was sent stays; what changed since is shown as differences."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import missing, not_here
from core.errors import RuleBroken
from core.i18n import _
from core.scope import require
from core.units.covering import covered
from core.work import Work

from .. import permissions
from ..models import LEVELS, Campaign, Report, Result, Review
from .guards import note_campaign
from .rated_periods import of_campaign
from .results import level_table
from .shapes import Difference, Key, LevelLine


def freeze_report(
    work: Work, campaign: Campaign, *, document_no: str = "", sent_on: date | None = None
) -> Report:
    """Keep the figures of this unit as they are sent now."""
    require(work, permissions.EXPORT, {work.unit.id})
    day = sent_on or work.today
    if day > work.today:
        raise missing("sent_on", _("This day is still to come."))
    period = of_campaign(campaign)
    lines: list[dict[str, Any]] = []
    for subject in campaign.subjects:
        found = level_table(work, period, by="child", subject=subject)
        lines.extend(_plain(subject, line) for line in found)
    if not lines:
        raise RuleBroken(_("There are no results to report yet."))
    report = Report(
        unit_id=work.unit.id,
        campaign_id=campaign.id,
        document_no=document_no.strip()[:80],
        sent_on=day,
        made_at=work.now,
        made_by=work.actor.label[:300],
        rows=lines,
    )
    work.session.add(report)
    work.session.flush()
    note_campaign(work, "report_sent", campaign, permissions.EXPORT,
                  {"document": report.document_no, "lines": len(lines)})  # fmt: skip
    return report


def _plain(subject: str, line: LevelLine) -> dict[str, Any]:
    return {
        "subject": subject,
        "key": line.key,
        "name": line.name,
        "not_rated": line.not_rated,
        **{level: getattr(line, level) for level in LEVELS},
    }


def _read(row: dict[str, Any]) -> LevelLine:
    return LevelLine(**{name: value for name, value in row.items() if name != "subject"})


def list_reports(work: Work, campaign: Campaign) -> list[Report]:
    """Return the reports this unit sent in a campaign, the newest first."""
    return list(
        work.session.scalars(
            sa.select(Report)
            .where(Report.campaign_id == campaign.id, Report.unit_id == work.unit.id)
            .order_by(Report.made_at.desc(), Report.id.desc())
            .limit(50)
        )
    )


def access_report(work: Work, report_id: Key) -> Report:
    """Return a report of this unit, or NotFound."""
    found: Report | None = work.session.scalar(
        sa.select(Report).where(Report.id == report_id, Report.unit_id == work.unit.id)
    )
    if found is None:
        raise not_here()
    return found


def report_lines(report: Report) -> list[tuple[str, LevelLine]]:
    """Return the frozen lines of a report: (kind of subject, line)."""
    return [(row["subject"], _read(row)) for row in report.rows]


def differences(work: Work, campaign: Campaign, report: Report) -> list[Difference]:
    """Return the lines whose figures are not any more as they were sent."""
    period = of_campaign(campaign)
    found: list[Difference] = []
    for subject in campaign.subjects:
        then = {line.key: line for one, line in report_lines(report) if one == subject}
        now = {line.key: line for line in level_table(work, period, by="child", subject=subject)}
        for key in sorted(then.keys() | now.keys()):
            name = (now.get(key) or then[key]).name
            old, new = then.get(key, LevelLine(key, name)), now.get(key, LevelLine(key, name))
            if _plain("", old) != {**_plain("", new), "name": old.name}:
                found.append(Difference(name, old, new))
    return found


def changed_since(work: Work, campaign: Campaign, report: Report, limit: int = 200) -> list[Any]:
    """Return the results written here or below since a report was sent.

    Each with the level before and whose it is.
    """
    before = sa.orm.aliased(Result)
    rows = work.session.execute(
        sa.select(Result, before.level.label("before"), Review.subject_name.label("subject"))
        .select_from(Result)
        .outerjoin(before, before.id == Result.replaces_id)
        .outerjoin(Review, Review.id == Result.review_id)
        .where(
            Result.period_key == campaign.period_key,
            Result.made_at > report.made_at,
            covered(work, Result.unit_id),
        )
        .order_by(Result.made_at, Result.id)
        .limit(limit)
    )
    return list(rows)
