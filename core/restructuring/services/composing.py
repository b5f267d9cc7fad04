"""Composing a plan on screen: one operation after the other, as a form gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from core.errors import InvalidInput
from core.i18n import _
from core.restructuring.files import parse_share
from core.restructuring.models import Plan
from core.restructuring.operations import WHOLE, Link, NewUnit, Operation
from core.restructuring.services.drafting import change_plan, draft_of
from core.restructuring.services.examining import Examination
from core.units.choosing import find_unit
from core.work import Work

Given = Mapping[str, Any]
CONVERTED = ("kind", "is_grassroots", "has_delegated_powers", "has_seal", "term_months", "sector")
TERNARY = {"yes": True, "no": False}


def add_operation(work: Work, plan: Plan, kind: str, given: Given) -> Examination:
    """Add an operation to a draft; `given` is what the form of its kind gave."""
    draft = draft_of(work, plan)
    made = operation_of(work, kind, given)
    return change_plan(work, plan, replace(draft, operations=[*draft.operations, made]))


def remove_operation(work: Work, plan: Plan, number: int) -> Examination:
    """Take an operation out of a draft; they are counted from 0."""
    draft = draft_of(work, plan)
    if not 0 <= number < len(draft.operations):
        raise InvalidInput(_("There is no such operation. Load the page again."))
    kept = [one for at, one in enumerate(draft.operations) if at != number]
    return change_plan(work, plan, replace(draft, operations=kept))


def operation_of(work: Work, kind: str, given: Given) -> Operation:
    """Make an operation of what a form gave; units are named by code or name."""
    makers = {
        "establish": _establish,
        "merge_into": _merge,
        "consolidate": _consolidate,
        "divide": _divide,
        "split_off": _split,
        "transfer": _transfer,
        "convert": _convert,
        "rename": _rename,
        "dissolve": _end,
        "terminate": _end,
    }
    return replace(makers[kind](work, given, kind), reason=given.get("reason") or "")


def _code(work: Work, given: Given, field: str) -> str:
    """Return the code of the unit a field names; a unit that begins in the plan is named by code.

    Such a unit is not there yet; whether it begins is checked with the whole plan.
    """
    text = (given.get(field) or "").strip()
    if not text:
        sentence = _("Choose the unit.")
        raise InvalidInput(sentence, fields={field: [sentence]})
    if text in (given.get("begun") or ()):
        return text
    return find_unit(work, text, field).code


def _wanted(given: Given, field: str, sentence: str) -> str:
    text = (given.get(field) or "").strip()
    if not text:
        raise InvalidInput(sentence, fields={field: [sentence]})
    return text


def _new(work: Work, given: Given, suffix: str = "") -> NewUnit:
    """Return the unit that begins; what is not said is taken over from where it comes from."""
    parent = given.get("parent_code")
    return NewUnit(
        code=_wanted(given, f"code{suffix}", _("Give the new unit a code.")),
        name=_wanted(given, f"name{suffix}", _("Write the name, as in the decision.")),
        kind=given.get("kind") or "",
        parent=_code(work, given, "parent_code") if parent else "",
    )


def _share(given: Given, field: str) -> Fraction | None:
    try:
        return parse_share(given.get(field) or "")
    except ValueError as error:
        sentence = _("The share is whole, part, or a number up to 1.")
        raise InvalidInput(sentence, fields={field: [sentence]}) from error


def _establish(work: Work, given: Given, kind: str) -> Operation:
    return Operation(kind, new=(_new(work, given),))


def _merge(work: Work, given: Given, kind: str) -> Operation:
    unit, target = _code(work, given, "unit_code"), _code(work, given, "target_code")
    if unit == target:
        sentence = _("A unit cannot be merged into itself. Choose another one.")
        raise InvalidInput(sentence, fields={"target_code": [sentence]})
    return Operation(kind, links=(Link(unit, target),))


def _consolidate(work: Work, given: Given, kind: str) -> Operation:
    names = [part.strip() for part in (given.get("unit_codes") or "").split(",") if part.strip()]
    if not names:
        sentence = _("Name the units that become one, with commas between them.")
        raise InvalidInput(sentence, fields={"unit_codes": [sentence]})
    olds = [find_unit(work, name, "unit_codes").code for name in names]
    unit = _new(work, given)
    return Operation(kind, links=tuple(Link(old, unit.code) for old in olds), new=(unit,))


def _divide(work: Work, given: Given, kind: str) -> Operation:
    old = _code(work, given, "unit_code")
    units = (_new(work, given), _new(work, given, "_2"))
    shares = (_share(given, "share"), _share(given, "share_2"))
    links = tuple(
        Link(old, unit.code, share, is_main=number == 0)
        for number, (unit, share) in enumerate(zip(units, shares, strict=True))
    )
    return Operation(kind, links=links, new=units)


def _split(work: Work, given: Given, kind: str) -> Operation:
    old, unit, share = _code(work, given, "unit_code"), _new(work, given), _share(given, "share")
    # What goes on keeps the rest, so the new one never has the whole.
    link = Link(old, unit.code, None if share == WHOLE else share, is_main=False)
    return Operation(kind, old, (link,), (unit,))


def _transfer(work: Work, given: Given, kind: str) -> Operation:
    parent = _code(work, given, "parent_code")
    return Operation(kind, _code(work, given, "unit_code"), changes={"parent": parent})


def _convert(work: Work, given: Given, kind: str) -> Operation:
    changes = {
        name: TERNARY.get(value, value)
        for name in CONVERTED
        if (value := given.get(name)) not in (None, "")
    }
    if not changes:
        sentence = _("Nothing is said about what changes.")
        raise InvalidInput(sentence, fields={"kind": [sentence]})
    return Operation(kind, _code(work, given, "unit_code"), changes=changes)


def _rename(work: Work, given: Given, kind: str) -> Operation:
    name = _wanted(given, "name", _("Write the name, as in the decision."))
    return Operation(kind, _code(work, given, "unit_code"), changes={"name": name})


def _end(work: Work, given: Given, kind: str) -> Operation:
    unit, target = _code(work, given, "unit_code"), given.get("target_code")
    links = (Link(unit, _code(work, given, "target_code")),) if target else ()
    empty = bool(given.get("when_empty"))
    return Operation(kind, unit, links, when_empty=kind == "terminate" and empty)
