"""What may be sent about settings, and how they leave."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TextField
from core.i18n import lazy

LARGEST = 200_000


class AsOfInput(FormSchema):
    """The day a setting is asked about."""

    as_of = DayField(load_default=None, metadata={"label": lazy("On day")})


class ListInput(AsOfInput):
    """Words to find settings by."""

    q = LineField(load_default="", most=80)


class InheritInput(FormSchema):
    """Following the unit above from a day on."""

    on = DayField(
        data_key="from",
        load_default=None,
        metadata={"label": lazy("From day"), "hint": lazy("Left empty: from today")},
    )
    document_no = LineField(
        load_default="",
        most=80,
        metadata={"label": lazy("Document that orders it"), "hint": lazy("Number and day")},
    )


class LockInput(InheritInput):
    """What comes with a value: its day, its document, a lock."""

    locked = ma.fields.Boolean(
        load_default=False,
        metadata={"label": lazy("Lock: nobody below can set another value")},
    )


ASKED = ("value", "on", "document_no", "locked")


class GivenInput(LockInput):
    """A value from a day on, as somebody types it."""

    value = TextField(most=LARGEST, required=True, metadata={"label": lazy("Value")})

    class Meta(FormSchema.Meta):
        """Ask for the value first."""

        fields = ASKED


class GivenLine(LockInput):
    """The same for a value that fits on a line."""

    value = LineField(most=300, required=True, metadata={"label": lazy("Value")})

    class Meta(FormSchema.Meta):
        """Ask for the value first."""

        fields = ASKED


class GivenBody(InheritInput):
    """A value from a day on, as a program sends it."""

    value = ma.fields.Raw(required=True, allow_none=True)
    locked = ma.fields.Boolean(load_default=False)


class SourceOutput(ma.Schema):
    """Where a value comes from; a default has no unit."""

    unit = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(required=True, allow_none=True)
    since = ma.fields.String(required=True, data_key="from", attribute="from")
    document = ma.fields.String(required=True)
    by = ma.fields.String(required=True, allow_none=True)
    at = ma.fields.String(required=True, allow_none=True)


class StepOutput(ma.Schema):
    """A unit on the way from the root."""

    unit = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    inherits = ma.fields.Boolean(required=True)
    locked = ma.fields.Boolean(required=True)
    chosen = ma.fields.Boolean(required=True)


class ReasonOutput(ma.Schema):
    """A value at a unit on a day, with where it comes from."""

    key = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    as_of = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    is_default = ma.fields.Boolean(required=True)
    locked = ma.fields.Boolean(required=True)
    source = ma.fields.Nested(SourceOutput, required=True)
    steps = ma.fields.List(ma.fields.Nested(StepOutput), required=True)
