"""A whole meeting from paper as JSON."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TextField, choice, options
from core.i18n import lazy

from .. import services
from ..services import words
from .facts import MarkLine, MeetingInput, instant


def _count(**options: Any) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(0, 5000), **options)


class VotePart(ma.Schema):
    """The counts of a vote."""

    question = LineField(required=True)
    kind = ma.fields.String(load_default="decision", validate=choice(options(words.QUESTIONS)))
    method = ma.fields.String(load_default="cards", validate=choice(options(words.METHODS)))
    present = _count(required=True)
    issued = _count(load_default=None, allow_none=True)
    returned = _count(load_default=None, allow_none=True)
    valid = _count(load_default=None, allow_none=True)
    invalid = _count(load_default=None, allow_none=True)
    in_favour = _count(required=True)
    against = _count(load_default=0)
    abstained = _count(load_default=0)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> services.Ballot:
        """Return the ballot."""
        return services.Ballot(**data)


class VoteInput(FormSchema, VotePart):
    """A vote, on an item or on its own."""

    item_id = ma.fields.UUID(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the item's key and the ballot."""
        return {"item_id": data.pop("item_id"), "ballot": services.Ballot(**data)}


class PointPart(ma.Schema):
    """A point of a resolution."""

    text = TextField(required=True, most=4000)
    owner_id = ma.fields.UUID(load_default=None, allow_none=True)
    due_on = DayField(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> services.PointFacts:
        """Return the point."""
        return services.PointFacts(**data)


class ResolutionPart(ma.Schema):
    """A resolution; `vote` where the counts were not entered before."""

    title = LineField(required=True)
    text = TextField(required=True)
    grounds = TextField(load_default="")
    points = ma.fields.List(
        ma.fields.Nested(PointPart), load_default=list, validate=ma.validate.Length(max=30)
    )
    vote = ma.fields.Nested(VotePart, load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> services.ResolutionFacts:
        """Return the resolution."""
        return services.ResolutionFacts(**data)


class ResolutionJson(FormSchema, ResolutionPart):
    """A resolution on an item, or on its own."""

    item_id = ma.fields.UUID(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the item's key and the resolution."""
        return {"item_id": data.pop("item_id"), "facts": services.ResolutionFacts(**data)}


class TaskPart(ma.Schema):
    """A task in one line."""

    title = LineField(required=True)
    owner_id = ma.fields.UUID(required=True)
    due_on = DayField(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> services.TaskFacts:
        """Return the task."""
        return services.TaskFacts(**data)


class TaskJson(FormSchema, TaskPart):
    """A task, in a meeting or between meetings."""

    meeting_id = ma.fields.UUID(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the meeting's key and the task."""
        return {"meeting_id": data.pop("meeting_id"), "facts": services.TaskFacts(**data)}


class ConclusionPart(ma.Schema):
    """An item with its conclusion."""

    title = LineField(required=True)
    conclusion = TextField(load_default="")
    discussion = TextField(load_default="")

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> services.ConclusionFacts:
        """Return the conclusion."""
        return services.ConclusionFacts(**data)


class VisitorPart(ma.Schema):
    """A guest."""

    name = LineField(required=True)
    role = LineField(load_default="")


def _many(part: type[ma.Schema], most: int) -> ma.fields.List[Any]:
    return ma.fields.List(
        ma.fields.Nested(part), load_default=list, validate=ma.validate.Length(max=most)
    )


class RecordInput(FormSchema):
    """A whole meeting from its paper minutes; `planned_id` where it was planned before."""

    planned_id = ma.fields.UUID(load_default=None, allow_none=True)
    meeting = ma.fields.Nested(MeetingInput, required=True)
    started_at = instant(lazy("It began at"), required=True)
    ended_at = instant(lazy("It ended at"), required=True)
    exceptions = _many(MarkLine, 2000)
    temporary_present = ma.fields.List(
        ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=500)
    )
    conclusions = _many(ConclusionPart, 40)
    resolutions = _many(ResolutionPart, 20)
    tasks = _many(TaskPart, 40)
    visitors = _many(VisitorPart, 40)
    quality = TextField(load_default="", most=4000)
    adopted_present = _count(load_default=None, allow_none=True)
    adopted_in_favour = _count(load_default=None, allow_none=True)
    signed_on = DayField(load_default=None, allow_none=True)
    book_no = LineField(load_default="", most=80)
    page_no = LineField(load_default="", most=80)

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the planned meeting's key and the record."""
        planned = data.pop("planned_id")
        data["exceptions"] = {
            line["member_id"]: services.Tick(line["state"], line["reason"])
            for line in data["exceptions"]
        }
        data["visitors"] = [(line["name"], line["role"]) for line in data["visitors"]]
        return {"planned_id": planned, "record": services.PaperRecord(**data)}
