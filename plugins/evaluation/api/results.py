"""JSON: results by level and by name, reports as sent."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.work import Work

from .. import permissions, services
from ..schemas import details, output
from ..schemas.campaigns import ReportInput
from .door import blueprint


@blueprint.api(
    "/periods", permission=permissions.RESULTS, answers=details.PeriodOutput(), many=True
)
def periods(work: Work) -> Any:
    """Return the periods that have results here or below, the newest first."""
    return services.rated_periods(work), None


@blueprint.api(
    "/levels",
    permission=permissions.RESULTS,
    accepts=output.PeriodFilter(),
    answers=output.LevelsOutput(),
    many=True,
)
def levels(work: Work, data: dict[str, Any]) -> Any:
    """Return counts by level of a period."""
    period, as_of = services.period_named(work, data["period"]), told_of(data)
    found = services.level_table(work, period, by=data["by"], subject=data["subject"], as_of=as_of)
    return found, None


@blueprint.api(
    "/over-caps",
    permission=permissions.RESULTS,
    accepts=output.PeriodFilter(exclude=("as_of", "restated")),
    answers=details.OverCapOutput(),
    many=True,
)
def over_caps(work: Work, data: dict[str, Any]) -> Any:
    """Return the groups of imported results that are over a cap of their time."""
    return services.over_caps(work, services.period_named(work, data["period"])), None


@blueprint.api(
    "/results",
    permission=permissions.RESULTS,
    accepts=output.PeriodFilter(),
    answers=output.ResultOutput(),
    many=True,
)
def results(work: Work, data: dict[str, Any]) -> Any:
    """Return results by name, a page at a time."""
    return services.list_results(
        work,
        services.period_named(work, data["period"]),
        subject=data["subject"],
        level=data["level"],
        as_of=told_of(data),
        cursor=data["cursor"],
        limit=data["limit"],
    )


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/reports",
    permission=permissions.RESULTS,
    answers=output.ReportOutput(),
    many=True,
)
def reports(work: Work, campaign_id: uuid.UUID) -> Any:
    """Return the reports this unit sent."""
    found = services.access_campaign(work, campaign_id)
    return services.list_reports(work, found), None


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/reports",
    methods=["POST"],
    permission=permissions.EXPORT,
    accepts=ReportInput(),
    answers=output.ReportOutput(),
)
def freeze(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Keep the figures as they are sent."""
    found = services.access_campaign(work, campaign_id)
    return services.freeze_report(work, found, **data)


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/reports/<uuid:report_id>",
    permission=permissions.RESULTS,
    answers=details.ReportShownOutput(),
)
def report(work: Work, campaign_id: uuid.UUID, report_id: uuid.UUID) -> Any:
    """Return a report as it was sent, with the lines that changed since."""
    found = services.access_campaign(work, campaign_id)
    kept = services.access_report(work, report_id)
    return {"report": kept, "differences": services.differences(work, found, kept)}


@blueprint.api(
    "/running",
    permission=permissions.RESULTS,
    accepts=details.RunningFilter(),
    answers=details.RunningOutput(),
    many=True,
)
def running(work: Work, data: dict[str, Any]) -> Any:
    """Return who was excellent some years running, wherever they stood, a page at a time."""
    return services.years_running(
        work,
        data["year"],
        data["years"] or services.award_years(work),
        subject=data["subject"],
        as_of=told_of(data),
        cursor=data["cursor"],
        limit=data["limit"],
    )
