"""What a place can decide for itself, with the default and where it comes from."""

from __future__ import annotations

import marshmallow as ma

from core.i18n import lazy
from core.settings import Default, SettingSpec

DAYS = "lending.days"
settings = [
    SettingSpec(
        key=DAYS,
        title=lazy("Days for which a loan is given"),
        field=ma.fields.Integer(
            required=True, strict=True, validate=ma.validate.Range(min=1, max=366)
        ),
        defaults=(Default(30, source="Quy chế của chi bộ"),),
        group="lending",
    ),
]
