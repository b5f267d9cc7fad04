"""What is sent while a meeting is announced, put off or not held."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TimeField, choice, options
from core.i18n import MessageText, lazy

from ..services import words


class AnnounceInput(FormSchema):
    """The reason, where an announcement comes late."""

    late_reason = LineField(
        load_default="",
        metadata={
            "label": lazy("Why it is announced late"),
            "hint": lazy("For example: the hall was free on this day only."),
        },
    )


class ToldInput(FormSchema):
    """Who was told, and by which way."""

    member = ma.fields.List(
        ma.fields.UUID(), required=True, validate=ma.validate.Length(min=1, max=2000)
    )
    how = ma.fields.String(required=True, validate=choice(options(words.TOLD)))


class PostedInput(FormSchema):
    """The day a meeting was posted on the national handbook."""

    on = DayField(
        required=True,
        metadata={"label": lazy("Day it was posted")},
        error_messages={"required": MessageText("Enter the day it was posted.")},
    )


class PostponeInput(FormSchema):
    """Why a meeting is put off, and to when."""

    reason = LineField(
        required=True,
        metadata={"label": lazy("Reason for postponing")},
        error_messages={"required": MessageText("Enter why the meeting is postponed.")},
    )
    to_day = DayField(
        load_default=None,
        allow_none=True,
        metadata={
            "label": lazy("New day planned"),
            "hint": lazy("Leave it empty where the day is not known yet."),
        },
    )
    to_time = TimeField(
        load_default=None, allow_none=True, metadata={"label": lazy("New time planned")}
    )


class NotHeldInput(FormSchema):
    """Why a meeting is not held."""

    reason = LineField(
        required=True,
        metadata={"label": lazy("Why there is no meeting")},
        error_messages={"required": MessageText("Enter why there is no meeting.")},
    )
