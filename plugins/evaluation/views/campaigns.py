"""Campaigns: the list, opening one, its days and caps, the board of who is late."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _, format_day
from core.units.choosing import find_unit, offer, unit_choices
from core.units.covering import query_of, told_of
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.campaigns import (
    STAGES,
    CampaignInput,
    DayInput,
    ExtensionInput,
    PlacesInput,
    ReportInput,
    SubjectFilter,
)
from ..services import words
from .door import blueprint
from .frame import (
    ENDING,
    address,
    filled,
    handed_over,
    names_of_units,
    other,
    show,
    typed,
)

TIERS = ("branch", "grassroots", "superior")


@blueprint.view("/", permission=permissions.SEE)
def index(work: Work) -> Any:
    """Show the campaigns that concern this unit, the running ones first."""
    campaigns = services.list_campaigns(work)
    is_branch = work.unit.kind in ("branch", "group")
    endpoint = "here" if is_branch else "campaign"
    return show(
        work,
        "index",
        title=_("Evaluation and rating"),
        running=[one for one in campaigns if one.state == "running"],
        past=[one for one in campaigns if one.state != "running"],
        href={one.id: address(work, endpoint, campaign_id=one.id) for one in campaigns},
        is_branch=is_branch,
    )


@blueprint.view("/new", permission=permissions.MANAGE)
def new_campaign(work: Work, form: Form | None = None) -> Any:
    """Show the form that opens a campaign, with the days the settings propose."""
    year = work.today.year if work.today.month > 6 else work.today.year - 1
    first = {
        "title": _("Evaluation and rating of %(year)s", year=year),
        "period_key": str(year),
        "period_kind": "year",
        "subjects": ["member", "unit", "collective"],
    }
    schema = CampaignInput()
    days = services.propose_days(work, year)
    lines = typed(form, schema, "days") or [
        {"tier": tier, "stage": stage, "due_on": format_day(days[(tier, stage)])}
        for tier in TIERS
        for stage, _title in STAGES
        if (tier, stage) in days
    ]
    return show(
        work,
        "campaign_form",
        title=_("Open a campaign"),
        form=filled(form, schema, first, draft=f"evaluation.new.{work.unit.code}"),
        lines=lines,
        tiers=words.TIERS,
        back=address(work, "index"),
    )


@blueprint.view(
    "/new",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=CampaignInput(),
    form="new_campaign",
)
def open_new(work: Work, data: dict[str, Any]) -> Any:
    """Open a campaign for everybody below."""
    found = services.open_campaign(work, services.CampaignFacts(**data))
    return redirect_to(
        "evaluation.campaign",
        campaign_id=found.id,
        sentence=_("The campaign is open. The list of who is evaluated is being made."),
    )


@blueprint.view("/<uuid:campaign_id>", permission=permissions.OVERSEE, accepts=SubjectFilter())
def campaign(
    work: Work,
    data: dict[str, Any] | None = None,
    *,
    campaign_id: uuid.UUID,
    form: Form | None = None,
) -> Any:
    """Show the board: how far each unit below is, most late first, and where to go on.

    As of a day it shows how far they were then; whatever can be done is done on today's board.
    """
    data = data or SubjectFilter().load({})
    as_of = told_of(data)
    found = services.access_campaign(work, campaign_id)
    lines = services.board(work, found, data["subject"], as_of)
    at = {"campaign_id": found.id, **query_of(as_of)}
    chips = [(_("All subjects"), address(work, "campaign", **at), not data["subject"])]
    chips += [
        (str(words.SUBJECTS[one]), address(work, "campaign", **at, subject=one),
         data["subject"] == one)
        for one in found.subjects
    ]  # fmt: skip
    waiting = {
        stage: sum(line.stages.get(stage, 0) for line in lines)
        for stage in ("appraisal", "decision", "notice")
    }
    return show(
        work,
        "campaign",
        title=found.title,
        campaign=found,
        lines=lines,
        late=sum(line.late for line in lines),
        done=sum(line.done for line in lines),
        total=sum(line.total for line in lines),
        waiting=waiting,
        here=services.waiting_here(work, found, data["subject"]) if as_of.day is None else {},
        chips=chips,
        moved=len(services.moved_members(work, found)),
        own=work.unit.id == found.unit_id,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        hidden={"subject": data["subject"]} if data["subject"] else {},
        refused=form,
    )


@blueprint.view(
    "/<uuid:campaign_id>/close", methods=["POST"], permission=permissions.MANAGE, form="campaign"
)
def close(work: Work, campaign_id: uuid.UUID) -> Any:
    """Close a campaign in which everything is decided."""
    found = services.access_campaign(work, campaign_id)
    services.close_campaign(work, found)
    return redirect_to(
        "evaluation.campaign", campaign_id=found.id, sentence=_("The campaign is closed now.")
    )


@blueprint.view("/<uuid:campaign_id>/take-in", methods=["POST"], permission=permissions.MANAGE)
def take_in(work: Work, campaign_id: uuid.UUID) -> Any:
    """Let whoever came since the opening be taken in."""
    found = services.access_campaign(work, campaign_id)
    services.take_in(work, found)
    return redirect_to(
        "evaluation.campaign",
        campaign_id=found.id,
        sentence=_("The units are gone through again; whoever is missing is taken in."),
    )


@blueprint.view("/<uuid:campaign_id>/days", permission=permissions.OVERSEE)
def days(work: Work, campaign_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the days of the stages, later days with their documents, and the forms for both."""
    found = services.access_campaign(work, campaign_id)
    given = services.stage_days(work, found)
    at = {"campaign_id": found.id}
    later = ExtensionInput()
    return show(
        work,
        "days",
        title=_("Days of the stages"),
        campaign=found,
        rows=[
            (str(title), [given.get((tier, stage)) for tier in TIERS]) for stage, title in STAGES
        ],
        tiers=words.TIERS,
        extensions=services.list_extensions(work, found),
        day_form=filled(form, DayInput(), action=address(work, "change_day", **at)),
        extension_form=offer(
            filled(form, later, action=address(work, "extend", **at)),
            later,
            {"unit_code": unit_choices(work, permissions.MANAGE)},
        ),
    )


@blueprint.view(
    "/<uuid:campaign_id>/days",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=DayInput(),
    form="days",
)
def change_day(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Change the day of a stage for a tier."""
    found = services.access_campaign(work, campaign_id)
    services.change_day(work, found, **data)
    return redirect_to("evaluation.days", campaign_id=found.id, sentence=_("The day is changed."))


@blueprint.view(
    "/<uuid:campaign_id>/extensions",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=ExtensionInput(),
    form="days",
)
def extend(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Give one unit a later day, by a document."""
    found = services.access_campaign(work, campaign_id)
    place = find_unit(work, data.pop("unit_code"))
    services.extend(work, found, unit_id=place.id, **data)
    return redirect_to(
        "evaluation.days",
        campaign_id=found.id,
        sentence=_("%(unit)s has until %(day)s.", unit=place.name, day=format_day(data["due_on"])),
    )


@blueprint.view("/<uuid:campaign_id>/caps", permission=permissions.SEE)
def caps(work: Work, campaign_id: uuid.UUID) -> Any:
    """Show how many places are left in each group and who fills them."""
    found = services.access_campaign(work, campaign_id)
    lines = services.headroom(work, found, with_names=True)
    return show(
        work,
        "caps",
        title=_("Room under the caps"),
        campaign=found,
        lines=[line for line in lines if line.rated] or lines[:20],
    )


@blueprint.view("/<uuid:campaign_id>/caps/<uuid:counter_id>", permission=permissions.OVERRIDE)
def places(
    work: Work, campaign_id: uuid.UUID, counter_id: uuid.UUID, form: Form | None = None
) -> Any:
    """Show the form that allows a group more than its cap."""
    found = services.access_campaign(work, campaign_id)
    lines = [one for one in services.headroom(work, found) if one.counter_id == counter_id]
    return show(
        work,
        "places",
        title=_("More places by decision"),
        campaign=found,
        line=lines[0] if lines else None,
        form=filled(form, PlacesInput(), {"extra": lines[0].extra if lines else 0}),
        back=address(work, "caps", campaign_id=found.id),
    )


@blueprint.view(
    "/<uuid:campaign_id>/caps/<uuid:counter_id>",
    methods=["POST"],
    permission=permissions.OVERRIDE,
    accepts=PlacesInput(),
    form="places",
)
def grant_places(
    work: Work, data: dict[str, Any], campaign_id: uuid.UUID, counter_id: uuid.UUID
) -> Any:
    """Allow a group more places by a decision document."""
    found = services.access_campaign(work, campaign_id)
    services.grant_places(work, found, counter_id, **data)
    return redirect_to(
        "evaluation.caps",
        campaign_id=found.id,
        sentence=_("More places are allowed by decision %(number)s.", number=data["document_no"]),
    )


@blueprint.view("/<uuid:campaign_id>/moved", permission=permissions.OVERSEE)
def moved(work: Work, campaign_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show members who moved since the opening: who rates them, and who could."""
    found = services.access_campaign(work, campaign_id)
    rows = services.moved_members(work, found)
    homes = work.host.places.by_ids(
        work.session, {unit_id for _review, unit_id in rows}, work.today, work.generation
    )
    return show(
        work,
        "moved",
        title=_("Moved during the year"),
        campaign=found,
        rows=[(review, homes.get(unit_id)) for review, unit_id in rows],
        units=names_of_units(work, [review for review, _unit in rows]),
        refused=form,
    )


@blueprint.view(
    "/<uuid:campaign_id>/moved/<uuid:review_id>",
    methods=["POST"],
    permission=permissions.APPRAISE,
)
def follow(work: Work, campaign_id: uuid.UUID, review_id: uuid.UUID) -> Any:
    """Let the branch of today rate a member who moved."""
    found = services.access_campaign(work, campaign_id)
    review = services.access_review(work, review_id)
    services.follow_member(work, found, review)
    return redirect_to(
        "evaluation.moved",
        campaign_id=found.id,
        sentence=_("The branch of today rates %(name)s.", name=review.subject_name),
    )


@blueprint.view("/<uuid:campaign_id>/reports", permission=permissions.RESULTS)
def reports(work: Work, campaign_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the reports this unit sent, and the form that freezes the next one."""
    found = services.access_campaign(work, campaign_id)
    return show(
        work,
        "reports",
        title=_("Reports sent"),
        campaign=found,
        reports=services.list_reports(work, found),
        form=filled(form, ReportInput()),
        refused=other(form, ReportInput()),
    )


@blueprint.view(
    "/<uuid:campaign_id>/reports",
    methods=["POST"],
    permission=permissions.EXPORT,
    accepts=ReportInput(),
    form="reports",
)
def freeze(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Keep the figures as they are sent."""
    found = services.access_campaign(work, campaign_id)
    report = services.freeze_report(work, found, **data)
    return redirect_to(
        "evaluation.report",
        campaign_id=found.id,
        report_id=report.id,
        sentence=_("The figures of the report are kept as sent."),
    )


@blueprint.view("/<uuid:campaign_id>/reports/<uuid:report_id>", permission=permissions.RESULTS)
def report(work: Work, campaign_id: uuid.UUID, report_id: uuid.UUID) -> Any:
    """Show a report as it was sent, and what changed since."""
    found = services.access_campaign(work, campaign_id)
    kept = services.access_report(work, report_id)
    return show(
        work,
        "report",
        title=_("Report of %(day)s", day=format_day(kept.sent_on)),
        campaign=found,
        report=kept,
        lines=services.report_lines(kept),
        differences=services.differences(work, found, kept),
        said=services.difference_sentence,
        changed=services.changed_since(work, found, kept),
        trail=[(_("Reports sent"), address(work, "reports", campaign_id=found.id))],
    )


@blueprint.view(
    f"/<uuid:campaign_id>/reports/<uuid:report_id>.{ENDING}", permission=permissions.RESULTS
)
def report_file(work: Work, campaign_id: uuid.UUID, report_id: uuid.UUID, ending: str) -> Any:
    """Hand over a report as it was sent, with what changed since behind it."""
    found = services.access_campaign(work, campaign_id)
    kept = services.access_report(work, report_id)
    return handed_over(work, services.sent_report_paper(work, found, kept), ending)
