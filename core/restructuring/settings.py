"""Sizes of organisations a plan is looked at with; exceptions need the superior's permission."""

from __future__ import annotations

from datetime import date

import marshmallow as ma

from core.i18n import lazy
from core.settings.registry import Default, SettingSpec

CHARTER = "Điều lệ Đảng, 19/01/2011, Điều 21"
CHARTER_FROM = date(2011, 1, 19)
LEAST_OFFICIAL = "core.restructuring.branch_least_official"
ORGANISATION_FROM = "core.restructuring.grassroots_organisation_from"

settings = (
    SettingSpec(
        key=LEAST_OFFICIAL,
        title=lazy("Fewest official members of a branch"),
        meaning=lazy("A plan that leaves a branch with fewer is pointed out, not refused."),
        field=ma.fields.Integer(required=True, validate=ma.validate.Range(1, 100)),
        defaults=(Default(3, CHARTER, CHARTER_FROM),),
        group="core.restructuring",
    ),
    SettingSpec(
        key=ORGANISATION_FROM,
        title=lazy("Members from which a grassroots organisation has branches of its own"),
        meaning=lazy(
            "With fewer it is usually a grassroots branch. A plan that comes to something else is "
            "pointed out, not refused: the superior may permit it."
        ),
        field=ma.fields.Integer(required=True, validate=ma.validate.Range(1, 1000)),
        defaults=(Default(30, CHARTER, CHARTER_FROM),),
        group="core.restructuring",
    ),
)
