"""What can be set about papers: heads, codes of bodies, terms, sizes of what is sent."""

from __future__ import annotations

from datetime import date

import marshmallow as ma

from core.forms import DayField, choice
from core.i18n import lazy
from core.settings.registry import Default, SettingSpec

FORM_2018 = "36-HD/VPTW, 03/04/2018"
FORM_2026 = "399-QĐ/TW, 09/01/2026"
BODY_CODES = {
    "branch": "CB",
    "section_org": "ĐUBP",
    "party_org": "ĐU",
    "commune": "ĐU",
    "district": "HU",
    "province": "TU",
}

settings = (
    SettingSpec(
        key="core.documents.body_codes",
        title=lazy("Codes of bodies by kind of unit"),
        meaning=lazy(
            "The part of a paper's number after the slash, where a unit has none of its own."
        ),
        field=ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True),
        # The technical guidance under 399-QĐ/TW is not at hand; the codes of 2018 go on.
        defaults=(
            Default(BODY_CODES, FORM_2018, date(2018, 4, 3)),
            Default(BODY_CODES, FORM_2026, date(2026, 1, 9)),
        ),
        group="core.documents",
    ),
    SettingSpec(
        key="core.documents.body_code",
        title=lazy("Code of this body"),
        meaning=lazy("What stands after the slash of a number; empty: by kind of unit."),
        field=ma.fields.String(validate=ma.validate.Length(max=20)),
        defaults=(Default("", FORM_2018),),
        group="core.documents",
    ),
    SettingSpec(
        key="core.documents.upper_line",
        title=lazy("Upper line of a branch's papers"),
        field=ma.fields.String(
            validate=choice(
                (
                    ("party_org", lazy("the organisation: ĐẢNG BỘ …")),
                    ("committee", lazy("its committee: ĐẢNG ỦY …")),
                )
            )
        ),
        defaults=(
            Default("party_org", FORM_2018, date(2018, 4, 3)),
            Default("party_org", FORM_2026, date(2026, 1, 9)),
        ),
        group="core.documents",
    ),
    SettingSpec(
        key="core.documents.place",
        title=lazy("Place printed before the day"),
        meaning=lazy("Empty: the name of the ward, commune or province."),
        field=ma.fields.String(validate=ma.validate.Length(max=80)),
        defaults=(Default(""),),
        group="core.documents",
    ),
    SettingSpec(
        key="core.documents.term_from",
        title=lazy("First day of the term"),
        meaning=lazy("Numbers of papers begin with 01 again in each term."),
        field=DayField(),
        defaults=(Default("2025-01-01", "45-CT/TW, 14/04/2025"),),
        group="core.documents",
    ),
    SettingSpec(
        key="core.documents.term_months",
        title=lazy("Length of a term in months"),
        meaning=lazy("Where the unit itself names none."),
        field=ma.fields.Integer(validate=ma.validate.Range(6, 120)),
        defaults=(Default(60, "Điều lệ Đảng 2011"),),
        group="core.documents",
    ),
    SettingSpec(
        key="core.documents.branch_term_months",
        title=lazy("Length of a term of a branch under a grassroots committee, in months"),
        meaning=lazy("Where the unit itself names none; twice in five years."),
        field=ma.fields.Integer(validate=ma.validate.Range(6, 120)),
        defaults=(Default(30, "Điều lệ Đảng 2011"),),
        group="core.documents",
    ),
    SettingSpec(
        key="core.documents.upload_megabytes",
        title=lazy("Largest file that may be sent, in MB"),
        field=ma.fields.Integer(validate=ma.validate.Range(1, 25)),
        defaults=(Default(10),),
        group="core.documents",
    ),
)
