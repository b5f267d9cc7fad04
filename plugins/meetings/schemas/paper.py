"""A whole meeting as it is typed in from its paper minutes."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import DayField, LineField, MonthField, TextField, TimeField, choice, options
from core.i18n import MessageText, lazy

from ..services import words
from .hold import ONE_MARK
from .prepare import PARTS
from .rows import RowsForm


class TaskLine(ma.Schema):
    """A task among several."""

    title = LineField(load_default="")
    owner_id = ma.fields.UUID(load_default=None)
    due_on = DayField(load_default=None)


class ConclusionLine(ma.Schema):
    """An item with its conclusion."""

    title = LineField(load_default="")
    conclusion = TextField(load_default="")


class VisitorLine(ma.Schema):
    """A guest."""

    name = LineField(load_default="")
    role = LineField(load_default="")


def _count(label: object) -> ma.fields.Integer:
    return ma.fields.Integer(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(0, 5000),
        metadata={"label": label, "inputmode": "numeric"},
    )


class PaperInput(RowsForm):
    """A meeting from its paper: real times, exceptions of the roll, what was decided, the book."""

    rows = {
        "items": ("title", "conclusion"),
        "tasks": ("title", "owner_id", "due_on"),
        "guests": ("name", "role"),
    }
    for_month = MonthField(
        required=True,
        metadata={"label": lazy("Month it counts for")},
        error_messages={"required": MessageText("Enter the month it counts for.")},
    )
    held_on = DayField(
        required=True,
        metadata={"label": lazy("Day of the meeting")},
        error_messages={"required": MessageText("Enter the day of the meeting.")},
    )
    started_at = TimeField(
        required=True,
        metadata={"label": lazy("It began at"), "hint": lazy("As on the paper, for example 19:30")},
        error_messages={"required": MessageText("Enter the time it began.")},
    )
    ended_at = TimeField(
        required=True,
        metadata={"label": lazy("It ended at"), "hint": lazy("As on the paper, for example 21:05")},
        error_messages={"required": MessageText("Enter the time it ended.")},
    )
    place = LineField(
        required=True,
        metadata={"label": lazy("Where it was held")},
        error_messages={"required": MessageText("Enter where it was held.")},
    )
    parts = ma.fields.List(
        ma.fields.String(validate=choice(PARTS)),
        load_default=list,
        metadata={"label": lazy("Kind of meeting")},
    )
    theme = LineField(
        load_default="",
        metadata={"label": lazy("Theme"), "hint": lazy("Only where the meeting is thematic.")},
    )
    mode = ma.fields.String(
        load_default="onsite",
        validate=choice(options(words.MODES)),
        metadata={"label": lazy("How it was held"), "kind": "radio"},
    )
    chair_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Who chaired")},
        error_messages={"required": MessageText("Choose who chaired.")},
    )
    clerk_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Who took the minutes")},
        error_messages={"required": MessageText("Choose who took the minutes.")},
    )
    mark = ma.fields.List(
        ma.fields.String(validate=ma.validate.Regexp(ONE_MARK)),
        load_default=list,
        validate=ma.validate.Length(max=2000),
        metadata={"label": lazy("Who was absent")},
    )
    temporary = ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=500),
        metadata={"label": lazy("Of those taking part here for a time, who came")},
    )
    items = ma.fields.List(
        ma.fields.Nested(ConclusionLine),
        load_default=list,
        validate=ma.validate.Length(max=40),
        metadata={"label": lazy("Items and conclusions")},
    )
    resolution_title = LineField(load_default="", metadata={"label": lazy("Resolution on what")})
    resolution_text = TextField(load_default="", metadata={"label": lazy("Text of the resolution")})
    vote_present = _count(lazy("Official members present at the vote"))
    vote_in_favour = _count(lazy("In favour"))
    vote_against = _count(lazy("Against"))
    tasks = ma.fields.List(
        ma.fields.Nested(TaskLine),
        load_default=list,
        validate=ma.validate.Length(max=40),
        metadata={"label": lazy("Tasks given")},
    )
    guests = ma.fields.List(
        ma.fields.Nested(VisitorLine),
        load_default=list,
        validate=ma.validate.Length(max=40),
        metadata={"label": lazy("Guests")},
    )
    quality = LineField(load_default="", metadata={"label": lazy("Quality of the meeting")})
    adopted_present = _count(lazy("Official members present at the adoption"))
    adopted_in_favour = _count(lazy("In favour of the minutes"))
    signed_on = DayField(
        load_default=None, allow_none=True, metadata={"label": lazy("Day the paper was signed")}
    )
    book_no = LineField(load_default="", most=80, metadata={"label": lazy("Book of minutes no.")})
    page_no = LineField(load_default="", most=80, metadata={"label": lazy("Page of the book")})

    @ma.validates_schema(skip_on_field_errors=True)
    def whole_lines(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a half line, and a resolution without its text or its votes."""
        wrong: dict[str, list[str]] = {}
        if not all(all(line.values()) for line in data["tasks"]):
            wrong["tasks"] = [
                MessageText("Each task needs what is to be done, who does it, and a day.")
            ]
        if not all(line["title"] for line in data["items"]):
            wrong["items"] = [MessageText("Each conclusion needs the item it belongs to.")]
        elif not any(line["conclusion"] for line in data["items"]):
            wrong["items"] = [MessageText("Write the conclusion of at least one item.")]
        if not all(line["name"] for line in data["guests"]):
            wrong["guests"] = [MessageText("Each guest needs a name.")]
        wrong.update(self._resolution(data))
        if wrong:
            raise ma.ValidationError(wrong)

    def _resolution(self, data: dict[str, Any]) -> dict[str, list[str]]:
        """Say what a resolution still lacks, where anything of one was typed."""
        needed = {
            "resolution_title": MessageText("Enter what the resolution is about."),
            "resolution_text": MessageText("Write the text of the resolution."),
            "vote_present": MessageText("Enter how many official members were present."),
            "vote_in_favour": MessageText("Enter how many were in favour."),
        }
        if all(data[name] in (None, "") for name in needed):
            return {}
        return {name: [text] for name, text in needed.items() if data[name] in (None, "")}
