"""What is typed in about candidates, papers, votes, decisions and targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma

from core.forms import CursorField, DayField, FormSchema, LineField, choice, options
from core.i18n import MessageText, lazy
from core.members.datasets import BirthField
from core.units.covering import AsOfQuery, DatedPageQuery

from ..services import words


def _day(label: object, *, required: bool = True, hint: object = "") -> DayField:
    return DayField(
        required=required,
        load_default=ma.missing if required else None,
        metadata={"label": label, "hint": hint},
        error_messages={"required": MessageText("Enter the day.")},
    )


def _choice(
    label: object, options: Sequence[tuple[str, Any]], *, required: bool = True
) -> LineField:
    return LineField(
        required=required,
        load_default=ma.missing if required else "",
        validate=choice(options),
        metadata={"label": label, "kind": "choice"},
        error_messages={"required": MessageText("Choose one from the list.")},
    )


def _number(label: object, *, required: bool = True, hint: object = "") -> ma.fields.Integer:
    return ma.fields.Integer(
        required=required,
        load_default=ma.missing if required else 0,
        validate=ma.validate.Range(0, 1_000_000),
        metadata={"label": label, "hint": hint, "inputmode": "numeric"},
        error_messages={"required": MessageText("Enter the number.")},
    )


class CandidateInput(FormSchema):
    """A candidate: name, birth, education, groups; nothing of relatives."""

    full_name = LineField(
        required=True,
        metadata={"label": lazy("Full name"), "autocomplete": "off"},
        error_messages={"required": MessageText("Enter the full name.")},
    )
    birth_date = BirthField(
        load_default=None,
        metadata={
            "label": lazy("Birth date"),
            "hint": lazy("Day/month/year, or the year alone."),
            "inputmode": "numeric",
        },
    )
    sex = _choice(lazy("Sex"), options(words.SEX), required=False)
    phone = LineField(
        load_default="", most=30, metadata={"label": lazy("Telephone"), "inputmode": "tel"}
    )
    education = _choice(lazy("Education"), options(words.EDUCATION), required=False)
    groups = ma.fields.List(
        ma.fields.String(),
        load_default=list,
        metadata={"label": lazy("Source groups"), "hint": lazy("Counted in sums only.")},
    )
    is_union_member = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("Member of the youth union or a trade union")}
    )
    entered_on = _day(lazy("Put on the list of the pool on"), required=False)
    former_card_no = LineField(
        load_default="",
        most=20,
        metadata={
            "label": lazy("Former card number"),
            "hint": lazy("Only for somebody who was a member before."),
        },
    )
    revision = ma.fields.Integer(load_default=None, metadata={"kind": "hidden", "label": ""})


class PaperInput(FormSchema):
    """A paper that is there."""

    dated_on = _day(lazy("Day the paper bears"))
    number = LineField(load_default="", most=80, metadata={"label": lazy("Number, if it has one")})


class VerificationInput(FormSchema):
    """A verification: day and result, nothing else."""

    dated_on = _day(lazy("Day of the conclusion"))
    result = _choice(lazy("Result"), options(words.RESULTS, "met", "not_met"))


class SupporterInput(FormSchema):
    """Somebody who introduces or helps."""

    role = _choice(
        lazy("As"), [("introducer", lazy("Introducer")), ("helper", lazy("Helping member"))]
    )
    member_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Comrade"), "kind": "choice"},
        error_messages={"required": MessageText("Choose a comrade from the list.")},
    )
    known_since = _day(
        lazy("In the same unit with the candidate since"),
        required=False,
        hint=lazy("For introducers: worked, studied or lived together since this day."),
    )
    is_replacement = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("Replaces an earlier introducer")}
    )


class JudgementInput(FormSchema):
    """A decision about the conditions."""

    outcome = _choice(lazy("Decision"), options(words.OUTCOMES))
    on = _day(lazy("Decided on"), required=False)
    document_no = LineField(
        load_default="",
        most=80,
        metadata={
            "label": lazy("Number of the document that permits it"),
            "hint": lazy("Needed where a condition is not met."),
        },
    )


class VoteInput(FormSchema):
    """A vote as counts."""

    held_on = _day(lazy("Day of the vote"))
    present = _number(lazy("Present and entitled to vote"))
    in_favour = _number(lazy("In favour"))
    against = _number(lazy("Against"), required=False)
    invalid = _number(lazy("Invalid"), required=False)
    number = LineField(
        load_default="",
        most=80,
        metadata={"label": lazy("Number of the resolution, if it has one already")},
    )


class AdvanceInput(FormSchema):
    """The day on which the next stage is reached; empty for today."""

    on = _day(lazy("Day"), required=False)


class BackInput(FormSchema):
    """Under which number a dossier is sent back, if it has one."""

    document_no = LineField(load_default="", most=80, metadata={"label": lazy("Document number")})


class ReferralInput(FormSchema):
    """What the superior decided after failed votes."""

    outcome = _choice(
        lazy("The superior decided"),
        [
            ("again", lazy("The vote is held again")),
            ("agreed", lazy("The dossier goes on")),
            ("refused", lazy("Not admitted")),
        ],
    )
    document_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Document number")},
        error_messages={"required": MessageText("Write the number of the superior's document.")},
    )


class DecisionInput(FormSchema):
    """The decision on admission."""

    decision_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number of the decision")},
        error_messages={"required": MessageText("Write the number of the decision.")},
    )
    decided_on = _day(lazy("Day of the decision"))
    received_on = _day(lazy("Received by the branch on"))


class CeremonyInput(FormSchema):
    """The ceremony of admission."""

    on = _day(lazy("Day of the ceremony"))
    permission_no = LineField(
        load_default="",
        most=80,
        metadata={
            "label": lazy("Number of the permission"),
            "hint": lazy("Only after the last day for the ceremony."),
        },
    )


class RecognitionInput(FormSchema):
    """The decision on recognition."""

    decision_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number of the decision")},
        error_messages={"required": MessageText("Write the number of the decision.")},
    )
    decided_on = _day(lazy("Day of the decision"))


class MoveInput(FormSchema):
    """Where a candidate goes."""

    unit_code = LineField(
        required=True,
        most=120,
        metadata={
            "label": lazy("To branch"),
            "hint": lazy("Code or name of the unit; marks are not needed."),
            "autocomplete": "off",
        },
        error_messages={"required": MessageText("Choose the branch.")},
    )
    document_no = LineField(load_default="", most=80, metadata={"label": lazy("Document number")})
    on = _day(lazy("Day"), required=False)


class CloseInput(FormSchema):
    """How a way ends."""

    state = _choice(lazy("How it ends"), options(words.STATES, "refused", "withdrawn"))
    reason = _choice(lazy("Reason"), options(words.REASONS))
    document_no = LineField(load_default="", most=80, metadata={"label": lazy("Document number")})
    on = _day(lazy("Day"), required=False)


class ListFilter(AsOfQuery):
    """Which dossiers are listed, as of which day."""

    stage = LineField(load_default="", validate=choice([("", ""), *options(words.STAGES)]))
    state = LineField(load_default="open", validate=choice([("all", ""), *options(words.STATES)]))
    q = LineField(load_default="", most=80)
    cursor = CursorField()


class PeriodFilter(DatedPageQuery):
    """Which period the targets are shown for, with the units of which day."""

    start = DayField(load_default=None, data_key="from")
    end = DayField(load_default=None, data_key="to")


class TargetInput(FormSchema):
    """How many a unit is to admit."""

    unit_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Unit"), "kind": "choice"},
        error_messages={"required": MessageText("Choose one from the list.")},
    )
    period_from = _day(lazy("Period from"))
    period_to = _day(lazy("Period to"), hint=lazy("The last day belongs to the period."))
    group = LineField(
        load_default="", most=30, metadata={"label": lazy("Source group"), "kind": "choice"}
    )
    target = _number(lazy("Target"))
    document_no = LineField(load_default="", most=80, metadata={"label": lazy("Document number")})
