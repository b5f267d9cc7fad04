"""What may be sent about notices and calendars, and what programs get back."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import FormSchema, LimitField, LineField, MonthField, TextField, choice
from core.i18n import lazy


class InboxQuery(FormSchema):
    """Where the list of one's notices goes on."""

    cursor = ma.fields.UUID(load_default=None)


class NoticesQuery(InboxQuery):
    """The same for a program."""

    unread = ma.fields.Boolean(load_default=False)
    limit = LimitField(30, most=100)


class MonthQuery(FormSchema):
    """Which month of the calendar."""

    month = MonthField(load_default=None)


GROUPS = (
    ("members", lazy("All members of the unit")),
    ("committee", lazy("The committee")),
    ("secretaries", lazy("Secretaries of the branches below")),
)


class SendInput(FormSchema):
    """A message of a unit to its people."""

    group = ma.fields.String(
        required=True,
        validate=choice(GROUPS),
        metadata={"label": lazy("To whom"), "kind": "radio"},
    )
    subject = LineField(
        required=True,
        most=120,
        metadata={
            "label": lazy("Subject"),
            "hint": lazy("It shows on locked screens: no names, no agenda, no votes."),
        },
    )
    body = TextField(load_default="", most=4000, metadata={"label": lazy("Text")})


class NoticeOutput(ma.Schema):
    """A notice as the person it was sent to sees it."""

    id = ma.fields.UUID(required=True, attribute="notice.id")
    kind = ma.fields.String(required=True, attribute="notice.kind")
    subject = ma.fields.String(required=True, attribute="notice.subject")
    body = ma.fields.String(required=True, attribute="notice.body")
    sender = ma.fields.String(required=True, attribute="notice.sender")
    unit_name = ma.fields.String(required=True)
    due_on = ma.fields.Date(required=True, allow_none=True, attribute="notice.due_on")
    created_at = ma.fields.AwareDateTime(required=True, format="iso", attribute="notice.created_at")
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class ReachedOutput(ma.Schema):
    """A notice a unit sent, with how many it reached."""

    id = ma.fields.UUID(required=True, attribute="notice.id")
    subject = ma.fields.String(required=True, attribute="notice.subject")
    body = ma.fields.String(required=True, attribute="notice.body")
    sender = ma.fields.String(required=True, attribute="notice.sender")
    created_at = ma.fields.AwareDateTime(required=True, format="iso", attribute="notice.created_at")
    people = ma.fields.Integer(required=True)
    read = ma.fields.Integer(required=True)
    without_account = ma.fields.Integer(required=True)


class EventOutput(ma.Schema):
    """An entry of one's calendar."""

    uid = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    starts_at = ma.fields.AwareDateTime(required=True, format="iso")
    ends_at = ma.fields.AwareDateTime(required=True, format="iso")
    place = ma.fields.String(required=True)
    unit_name = ma.fields.String(required=True)
    is_cancelled = ma.fields.Boolean(required=True)


Values = dict[str, Any]
