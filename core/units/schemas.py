"""What may come in about units, from forms and programs alike, and what goes out."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import CursorField, DayField, FormSchema, LimitField, LineField, choice
from core.i18n import lazy
from core.units.labels import SECTOR

CODE = r"[A-Za-z0-9._-]{1,40}"


def _day(text: Any, hint: Any = "", **options: Any) -> DayField:
    return DayField(metadata={"label": text, "hint": hint}, **options)


def _decision_no() -> LineField:
    return LineField(most=80, load_default="", metadata={"label": lazy("Decision number")})


def _decision_date() -> DayField:
    return _day(lazy("Day of the decision"), load_default=None)


def _kind(**options: Any) -> ma.fields.String:
    return ma.fields.String(
        validate=ma.validate.Length(1, 40), metadata={"label": lazy("Kind")}, **options
    )


def _sector(**options: Any) -> ma.fields.String:
    return ma.fields.String(
        validate=choice([("", ""), *SECTOR.items()]),
        metadata={"label": lazy("Sector")},
        **options,
    )


def _grassroots(**options: Any) -> ma.fields.Boolean:
    return ma.fields.Boolean(metadata={"label": lazy("Is a grassroots organisation")}, **options)


def _seal(**options: Any) -> ma.fields.Boolean:
    return ma.fields.Boolean(metadata={"label": lazy("Has a seal")}, **options)


def _powers(**options: Any) -> ma.fields.Boolean:
    return ma.fields.Boolean(metadata={"label": lazy("Has delegated powers")}, **options)


def _term(**options: Any) -> ma.fields.Integer:
    return ma.fields.Integer(
        allow_none=True,
        validate=ma.validate.Range(1, 240),
        metadata={"label": lazy("Term in months"), "hint": lazy("For example 30 or 60.")},
        **options,
    )


class EstablishInput(FormSchema):
    """A new unit."""

    name = LineField(required=True, metadata={"label": lazy("Name, as in the decision")})
    kind = _kind(required=True)
    code = LineField(
        required=True,
        most=40,
        validate=ma.validate.Regexp(f"^{CODE}$"),
        metadata={
            "label": lazy("Code"),
            "hint": lazy("Letters without marks, digits, dots, hyphens. It never changes."),
        },
    )
    on = _day(lazy("From day"), required=True)
    sector = _sector(load_default="")
    is_grassroots = _grassroots(load_default=False)
    has_delegated_powers = _powers(load_default=False)
    has_seal = _seal(load_default=False)
    term_months = _term(load_default=None)
    decision_no = _decision_no()
    decision_date = _decision_date()


class RenameInput(FormSchema):
    """Another name."""

    name = LineField(required=True, metadata={"label": lazy("New name")})
    on = _day(lazy("From day"), required=True)
    decision_no = _decision_no()
    decision_date = _decision_date()


class ConvertInput(FormSchema):
    """Another kind, or another standing."""

    kind = _kind(required=True)
    is_grassroots = _grassroots(load_default=False)
    has_delegated_powers = _powers(load_default=False)
    has_seal = _seal(load_default=False)
    term_months = _term(load_default=None)
    on = _day(lazy("From day"), required=True)
    decision_no = _decision_no()
    decision_date = _decision_date()


class TransferInput(FormSchema):
    """Another superior."""

    parent_code = LineField(
        required=True,
        most=120,
        metadata={
            "label": lazy("New superior"),
            "hint": lazy("Code or name of the unit; marks are not needed."),
        },
    )
    on = _day(lazy("From day"), required=True)
    decision_no = _decision_no()
    decision_date = _decision_date()


class TerminateInput(FormSchema):
    """The end of a unit."""

    on = _day(lazy("From day"), lazy("The first day on which the unit is no more."), required=True)
    successor_code = LineField(
        most=120,
        load_default="",
        metadata={
            "label": lazy("Taken over by"),
            "hint": lazy("Where it was divided: the unit that takes over the main part."),
        },
    )
    other_codes = LineField(
        most=300,
        load_default="",
        metadata={
            "label": lazy("Other units that take over parts"),
            "hint": lazy("Codes, separated by commas."),
        },
    )
    moves_members = ma.fields.Boolean(
        load_default=False,
        metadata={
            "label": lazy("Move all members to the unit that takes over, and end the positions")
        },
    )
    reason = LineField(
        load_default="",
        metadata={
            "label": lazy("Reason"),
            "hint": lazy("Needed where nobody takes over."),
        },
    )
    decision_no = _decision_no()
    decision_date = _decision_date()


class CorrectInput(FormSchema):
    """One version of a unit put right; `number` counts them from 0."""

    number = ma.fields.Integer(
        required=True, validate=ma.validate.Range(0, 1000), metadata={"kind": "hidden"}
    )
    name = LineField(required=True, metadata={"label": lazy("Name, as in the decision")})
    kind = _kind(required=True)
    sector = _sector(load_default="")
    is_grassroots = _grassroots(load_default=False)
    has_delegated_powers = _powers(load_default=False)
    has_seal = _seal(load_default=False)
    term_months = _term(load_default=None)
    valid_from = _day(lazy("From day"), lazy("Leave empty: since ever."), load_default=None)
    reason = LineField(required=True, metadata={"label": lazy("What was wrong")})


class VoidInput(FormSchema):
    """A unit made by mistake."""

    reason = LineField(required=True, metadata={"label": lazy("Why it was a mistake")})


class AsOfQuery(FormSchema):
    """The day a page shows."""

    as_of = DayField(load_default=None)


class TreeQuery(AsOfQuery):
    """The day of the tree, and the day on which it was believed to be so."""

    known_on = DayField(load_default=None, metadata={"label": lazy("As the system knew it on day")})


class CompareQuery(FormSchema):
    """Two days side by side."""

    first = DayField(load_default=None, metadata={"label": lazy("The earlier day")})
    second = DayField(load_default=None, metadata={"label": lazy("The later day")})


class VersionQuery(FormSchema):
    """Which version is put right."""

    number = ma.fields.Integer(load_default=None, validate=ma.validate.Range(0, 1000))


class UnitListQuery(FormSchema):
    """What a list of units is narrowed to."""

    as_of = DayField(load_default=None)
    kind = LineField(most=40, load_default="")
    depth = ma.fields.Integer(load_default=None, validate=ma.validate.Range(0, 50))
    limit = LimitField()
    cursor = CursorField()


class UnitOutput(ma.Schema):
    """A unit in a list, as of the list's day."""

    code = ma.fields.String()
    name = ma.fields.String()
    kind = ma.fields.String()
    sector = ma.fields.String()
    is_grassroots = ma.fields.Boolean()
    depth = ma.fields.Integer()


class SuccessorOutput(ma.Schema):
    """A unit that took over, with its share; null where nobody knows it."""

    code = ma.fields.String()
    name = ma.fields.String()
    on = ma.fields.Date()
    share = ma.fields.String(allow_none=True)
    is_main = ma.fields.Boolean()


class UnitRecordOutput(ma.Schema):
    """One unit; an ended one says since when, and who took over."""

    code = ma.fields.String()
    name = ma.fields.String()
    kind = ma.fields.String()
    sector = ma.fields.String()
    is_grassroots = ma.fields.Boolean()
    has_delegated_powers = ma.fields.Boolean()
    has_seal = ma.fields.Boolean()
    term_months = ma.fields.Integer(allow_none=True)
    parent_code = ma.fields.String(allow_none=True)
    ended_on = ma.fields.Date(allow_none=True)
    successors = ma.fields.List(ma.fields.Nested(SuccessorOutput))


class VersionOutput(ma.Schema):
    """What a unit was in a span of days; `until` is the last day, null where it is open."""

    name = ma.fields.String()
    kind = ma.fields.String()
    sector = ma.fields.String()
    is_grassroots = ma.fields.Boolean()
    parent_code = ma.fields.String(allow_none=True)
    since = ma.fields.Date(allow_none=True)
    until = ma.fields.Date(allow_none=True)
    decision_no = ma.fields.String()


class HistoryOutput(ma.Schema):
    """The past of a unit."""

    versions = ma.fields.List(ma.fields.Nested(VersionOutput))
    predecessors = ma.fields.List(ma.fields.Nested(SuccessorOutput))
    successors = ma.fields.List(ma.fields.Nested(SuccessorOutput))


class TreeOutput(ma.Schema):
    """A unit with its head count and what stands under it.

    `members` is null in a tree as it was known on a past day: nobody can be counted there.
    """

    code = ma.fields.String()
    name = ma.fields.String()
    kind = ma.fields.String()
    members = ma.fields.Integer(allow_none=True)
    children = ma.fields.List(ma.fields.Nested("TreeOutput"))
