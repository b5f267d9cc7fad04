"""What may be sent about modules, and how their states leave."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField
from core.i18n import lazy

STATES = ("on", "off", "inherit")


class SwitchInput(FormSchema):
    """On, off, or following the unit above, from a day on."""

    state = LineField(
        required=True, validate=ma.validate.OneOf(STATES), metadata={"kind": "hidden"}
    )
    since = DayField(
        data_key="from",
        load_default=None,
        metadata={"label": lazy("From day"), "hint": lazy("Left empty: from today")},
    )
    document_no = LineField(
        load_default="",
        most=80,
        metadata={"label": lazy("Document that orders it"), "hint": lazy("Number and day")},
    )
    locked = ma.fields.Boolean(
        load_default=False,
        metadata={"label": lazy("Lock: nobody below can decide otherwise")},
    )


class AsOfInput(FormSchema):
    """The day that is asked about."""

    as_of = DayField(load_default=None, metadata={"label": lazy("On day")})


class ModuleOutput(ma.Schema):
    """The state of a module at a unit."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    is_on = ma.fields.Boolean(required=True)
    is_own = ma.fields.Boolean(required=True)
    is_locked = ma.fields.Boolean(required=True)
    is_locked_above = ma.fields.Boolean(required=True)
    source = ma.fields.String(required=True)
    since = ma.fields.Date(required=True, allow_none=True)
    problem = ma.fields.String(required=True)
