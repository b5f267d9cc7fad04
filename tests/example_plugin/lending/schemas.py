"""What may come in and what goes out."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField
from core.i18n import lazy


class LoanInput(FormSchema):
    """A new loan."""

    title = LineField(required=True, metadata={"label": lazy("What")})
    member_id = ma.fields.UUID(
        load_default=None, allow_none=True, metadata={"label": lazy("To whom"), "kind": "choice"}
    )
    begun_on = DayField(
        load_default=None,
        metadata={"label": lazy("From day"), "hint": lazy("Left empty: from today")},
    )


class LoanOutput(ma.Schema):
    """A loan as it goes out."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    begun_on = ma.fields.Date(required=True)
    due_on = ma.fields.Date(required=True)
    closed_on = ma.fields.Date(required=True, allow_none=True)
