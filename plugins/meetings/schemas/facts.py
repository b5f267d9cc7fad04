"""What programs send about meetings as JSON, turned into the values services take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma

from core.forms import (
    CursorField,
    DayField,
    FormSchema,
    LimitField,
    LineField,
    MonthField,
    TextField,
    choice,
    options,
)
from core.i18n import MessageText, lazy
from core.units.covering import AsOfQuery

from .. import services
from ..services import words

FIRST_YEAR, LAST_YEAR = 1930, 2200


def _sound(moment: datetime) -> None:
    """Refuse an instant that no calendar of ours can place."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ma.ValidationError(MessageText("The day is not right."))


def instant(label: Any, **options: Any) -> ma.fields.AwareDateTime:
    """Make a field of an instant; without a zone it is in UTC."""
    return ma.fields.AwareDateTime(
        format="iso", default_timezone=UTC, validate=_sound, metadata={"label": label}, **options
    )


def _text(**options: Any) -> LineField:
    return LineField(load_default="", **options)


class MeetingInput(FormSchema):
    """The plan of a meeting."""

    for_month = MonthField(required=True, metadata={"label": lazy("Month it counts for")})
    starts_at = instant(lazy("It begins at"), load_default=None, allow_none=True)
    ends_at = instant(lazy("It ends at"), load_default=None, allow_none=True)
    kind = ma.fields.String(load_default="branch", validate=choice(options(words.KINDS)))
    is_regular = ma.fields.Boolean(load_default=True)
    is_thematic = ma.fields.Boolean(load_default=False)
    theme = _text()
    is_model = ma.fields.Boolean(load_default=False)
    mode = ma.fields.String(load_default="onsite", validate=choice(options(words.MODES)))
    approval_no = _text(most=80)
    title = _text()
    place = _text()
    chair_id = ma.fields.UUID(load_default=None, allow_none=True)
    clerk_id = ma.fields.UUID(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> services.MeetingFacts:
        """Return the facts."""
        return services.MeetingFacts(**data)


class MeetingFilter(AsOfQuery):
    """Which meetings are listed, and in which order."""

    month = MonthField(load_default=None)
    state = ma.fields.String(load_default="", validate=choice([("", ""), *options(words.STATES)]))
    kind = ma.fields.String(load_default="", validate=choice([("", ""), *options(words.KINDS)]))
    subtree = ma.fields.Boolean(load_default=False)
    sort = ma.fields.String(
        load_default="-for_month",
        validate=ma.validate.OneOf(["for_month", "-for_month", "held_on", "-held_on"]),
    )
    cursor = CursorField(most=400)
    limit = LimitField()


class TaskListFilter(AsOfQuery):
    """Which tasks are listed, today's or those of a day."""

    state = ma.fields.String(
        load_default="",
        validate=ma.validate.OneOf(
            ["", "open", "overdue", "asked", "todo", "doing", "done", "carried", "dropped"]
        ),
    )
    meeting_id = ma.fields.UUID(load_default=None)
    owner_id = ma.fields.UUID(load_default=None)
    subtree = ma.fields.Boolean(load_default=False)
    cursor = CursorField(most=400)
    limit = LimitField()


class AssignmentQuery(AsOfQuery):
    """Which page of who follows which branch, today or on a day."""

    cursor = CursorField(most=400)
    limit = LimitField(100)


class MonthQuery(AsOfQuery):
    """Which month of the branches below, with the units of which day."""

    month = MonthField(required=True)
    state = ma.fields.String(load_default="", validate=choice([("", ""), *options(words.ABOVE)]))
    cursor = CursorField(most=400)
    limit = LimitField()


class OrderInput(FormSchema):
    """The whole agenda in its new order."""

    items = ma.fields.List(
        ma.fields.UUID(), required=True, validate=ma.validate.Length(min=1, max=40)
    )


class MarkLine(ma.Schema):
    """How one person attended."""

    member_id = ma.fields.UUID(required=True)
    state = ma.fields.String(
        required=True,
        allow_none=True,
        validate=choice(options(words.ATTENDANCE)),
    )
    reason = ma.fields.String(load_default="", validate=choice([("", ""), *options(words.REASONS)]))


class MarksInput(FormSchema):
    """How several people attended; a state of null takes a mark back."""

    marks = ma.fields.List(
        ma.fields.Nested(MarkLine), required=True, validate=ma.validate.Length(min=1, max=2000)
    )

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> dict[Any, services.Tick]:
        """Return a mark for each person."""
        return {
            line["member_id"]: services.Tick(line["state"], line["reason"])
            for line in data["marks"]
        }


class CloseRollInput(FormSchema):
    """What becomes of those without a mark."""

    others = ma.fields.String(
        load_default="", validate=ma.validate.OneOf(["", "present", "absent"])
    )


class GuestInput(FormSchema):
    """A guest of the meeting."""

    name = _text()
    role = _text()
    is_superior = ma.fields.Boolean(load_default=False)
    was_announced = ma.fields.Boolean(load_default=True)
    assignment_id = ma.fields.UUID(load_default=None, allow_none=True)


class PutOffInput(FormSchema):
    """Why a meeting is put off, and to when."""

    reason = LineField(required=True)
    to_at = instant(lazy("New time planned"), load_default=None, allow_none=True)


class RealTimesInput(FormSchema):
    """The real times of a meeting."""

    started_at = instant(lazy("It began at"), required=True)
    ended_at = instant(lazy("It ended at"), load_default=None, allow_none=True)


class EndedInput(FormSchema):
    """When the meeting ended; now unless given."""

    at = instant(lazy("It ended at"), load_default=None, allow_none=True)


class LeadersInput(FormSchema):
    """Who really chaired and who wrote."""

    chair_id = ma.fields.UUID(required=True)
    clerk_id = ma.fields.UUID(required=True)


class TextLine(ma.Schema):
    """The texts of one item."""

    item_id = ma.fields.UUID(required=True)
    discussion = TextField(load_default="")
    conclusion = TextField(load_default="")


class TextsInput(FormSchema):
    """The texts of the minutes."""

    quality = TextField(load_default=None, allow_none=True, most=4000)
    texts = ma.fields.List(
        ma.fields.Nested(TextLine), load_default=list, validate=ma.validate.Length(max=40)
    )


class FinishInput(FormSchema):
    """That a task is finished."""

    on = DayField(load_default=None, allow_none=True)
    report = TextField(load_default="", most=4000)


class RemindTasksInput(FormSchema):
    """Which overdue tasks; all of the unit unless named."""

    tasks = ma.fields.List(
        ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=200)
    )


class EndAssignmentInput(FormSchema):
    """The first day on which an assignment no longer holds."""

    on = DayField(load_default=None, allow_none=True)


class IssueInput(FormSchema):
    """The day a resolution is issued, and the number it bears on paper already."""

    on = DayField(load_default=None, allow_none=True)
    number = ma.fields.Integer(
        load_default=None, allow_none=True, validate=ma.validate.Range(1, 9999)
    )


class ChaseJson(FormSchema):
    """That branches were reminded, by which way, and what they promised."""

    units = ma.fields.List(
        ma.fields.UUID(), required=True, validate=ma.validate.Length(min=1, max=5000)
    )
    month = MonthField(required=True)
    channel = ma.fields.String(load_default="phone", validate=choice(options(words.CHANNELS)))
    promised_on = DayField(load_default=None, allow_none=True)
