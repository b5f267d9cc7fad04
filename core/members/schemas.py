"""What may come in about members, from forms and programs alike, and what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma

from core.access.principal import FIELD_CLASSES
from core.forms import CursorField, DayField, FormSchema, LimitField, LineField, choice
from core.i18n import lazy
from core.members import labels
from core.members.models import CONDITIONS, COUNTED, EXIT_REASONS, STATUSES
from core.periods import parse_birth

HIDDEN = {"kind": "hidden"}
BIRTH_HINT = lazy("Day/month/year; where only the year is known, the year.")


def _label(text: Any, **more: Any) -> dict[str, Any]:
    return {"label": text, **more}


class BirthField(ma.fields.Field[Any]):
    """A birth date, or a year alone: loads as (date, precision), dumps as ISO or as the year."""

    most = 10

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or len(value) > 20:
            raise ma.ValidationError(str(BIRTH_HINT))
        try:
            return parse_birth(value)
        except ValueError as error:
            raise ma.ValidationError(str(BIRTH_HINT)) from error


def _birth(**options: Any) -> BirthField:
    metadata = _label(lazy("Birth date"), hint=BIRTH_HINT, kind="text", inputmode="numeric")
    return BirthField(metadata=metadata, **options)


def _day(text: Any, hint: Any = "", **options: Any) -> DayField:
    return DayField(metadata=_label(text, hint=hint), **options)


def _decision() -> LineField:
    return LineField(most=80, load_default="", metadata=_label(lazy("Decision or letter number")))


def _unit(text: Any, **options: Any) -> LineField:
    hint = lazy("Code or name of the unit; marks are not needed.")
    return LineField(most=120, metadata=_label(text, hint=hint), **options)


class PersonFields(FormSchema):
    """What a record says of a person besides dated facts."""

    full_name = LineField(metadata=_label(lazy("Full name"), autocomplete="off"))
    surname = LineField(most=80, metadata={"api_only": True})
    middle_name = LineField(most=80, metadata={"api_only": True})
    given_name = LineField(most=80, metadata={"api_only": True})
    birth_date = _birth(allow_none=True)
    sex = ma.fields.String(
        allow_none=True,
        validate=choice(list(labels.SEX.items())),
        metadata=_label(lazy("Sex")),
    )
    card_no = LineField(
        most=20, allow_none=True, metadata=_label(lazy("Card number"), inputmode="numeric")
    )
    record_no = LineField(most=20, allow_none=True, metadata=_label(lazy("Record number")))
    phone = LineField(most=30, allow_none=True, metadata=_label(lazy("Telephone"), inputmode="tel"))
    email = ma.fields.Email(
        allow_none=True,
        validate=ma.validate.Length(max=120),
        metadata=_label(lazy("E-mail"), inputmode="email"),
    )
    admitted_on = _day(lazy("Admitted on"), allow_none=True)
    official_on = _day(lazy("Official since"), allow_none=True)

    @ma.post_load
    def in_columns(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Split the birth date from how well it is known; an emptied text is an empty text."""
        if data.get("birth_date"):
            data["birth_date"], data["birth_precision"] = data["birth_date"]
        for name in ("sex", "phone", "email"):
            if name in data and data[name] is None:
                data[name] = ""
        return data


class MemberInput(PersonFields):
    """A new member of a branch."""

    full_name = LineField(required=True, metadata=_label(lazy("Full name"), autocomplete="off"))
    since = _day(
        lazy("Belongs to this branch since"),
        lazy("Leave empty: since the day of admission, or since the branch began."),
        load_default=None,
    )
    decision_no = _decision()
    another_person = ma.fields.Boolean(
        load_default=False,
        metadata=_label(lazy("This is another person who happens to have the same name and birth")),
    )


class Revision(FormSchema):
    """A form that knows which state of the record it was filled in for."""

    revision = ma.fields.Integer(load_default=None, validate=ma.validate.Range(1, 10**9),
                                 metadata=HIDDEN)  # fmt: skip


class CorrectionInput(PersonFields, Revision):
    """What is put right in a record."""


class StatusInput(Revision):
    """Recognition, or the beginning or end of an exemption."""

    status = ma.fields.String(
        required=True,
        validate=choice(
            [
                ("official", lazy("Official member")),
                ("exempt", lazy("Exempt from work and meetings")),
            ]
        ),
        metadata=_label(lazy("Is from then on"), kind="radio"),
    )
    on = _day(
        lazy("From day"),
        lazy("Of a recognition: the day on which probation was over."),
        required=True,
    )
    decision_no = _decision()
    decision_date = _day(lazy("Day of the decision"), load_default=None)


class LeaveInput(Revision):
    """An exit."""

    reason = ma.fields.String(
        required=True,
        validate=choice([(key, labels.REASON[key]) for key in EXIT_REASONS]),
        metadata=_label(lazy("Why"), kind="radio"),
    )
    on = _day(
        lazy("From day"), lazy("The first day on which the person no longer counts."), required=True
    )
    decision_no = _decision()
    decision_date = _day(lazy("Day of the decision"), load_default=None)


class ReadmissionInput(Revision):
    """Somebody taken in again."""

    unit_code = _unit(lazy("Branch"), required=True)
    on = _day(lazy("From day"), required=True)
    decision_no = LineField(
        most=80, required=True, metadata=_label(lazy("Decision or letter number"))
    )
    decision_date = _day(lazy("Day of the decision"), load_default=None)


class TransferInput(Revision):
    """A transfer to another branch."""

    unit_code = _unit(lazy("To branch"), required=True)
    since = _day(lazy("From day"), required=True)
    decision_no = _decision()
    end_positions = ma.fields.Boolean(
        load_default=True, metadata=_label(lazy("End the positions held in the old branch"))
    )


class TemporaryInput(Revision):
    """A stay in another branch for a time."""

    unit_code = _unit(lazy("In branch"), required=True)
    since = _day(lazy("From day"), required=True)
    until = _day(lazy("Up to and including"), load_default=None)
    decision_no = _decision()


class EndInput(Revision):
    """The end of something that held for a time."""

    on = _day(lazy("No longer from day"), required=True)


class PositionInput(Revision):
    """A position in a unit."""

    position = ma.fields.String(
        required=True, validate=ma.validate.Length(1, 40), metadata=_label(lazy("Position"))
    )
    unit_code = _unit(lazy("In unit"), required=True)
    since = _day(lazy("From day"), required=True)
    until = _day(
        lazy("Up to and including"),
        lazy("Leave empty when the end is open."),
        load_default=None,
    )
    how = ma.fields.String(
        load_default="",
        validate=choice([("", ""), *labels.HOW.items()]),
        metadata=_label(lazy("How")),
    )
    decision_no = _decision()


class ConditionInput(Revision):
    """Away, suspended or excused for a time."""

    kind = ma.fields.String(
        required=True,
        validate=choice([(key, labels.CONDITION[key]) for key in CONDITIONS]),
        metadata=_label(lazy("What"), kind="radio"),
    )
    since = _day(lazy("From day"), required=True)
    until = _day(lazy("Up to and including"), load_default=None)
    next_contact_on = _day(
        lazy("Next contact by"), lazy("For whoever is away for work."), load_default=None
    )
    decision_no = _decision()


class ContactInput(Revision):
    """The branch has been in touch."""

    next_contact_on = _day(lazy("Next contact by"), required=True)


class FactInput(Revision):
    """The days and the decision of an entry of the history."""

    valid_from = _day(lazy("From day"), required=True)
    until = _day(
        lazy("Up to and including"),
        lazy("Leave empty to keep the end as it is."),
        load_default=None,
    )
    decision_no = _decision()


class VoidInput(Revision):
    """A record made by mistake."""

    reason = LineField(required=True, metadata=_label(lazy("Why it was a mistake")))


class EraseInput(Revision):
    """The decision under which what is kept of somebody who has left is erased."""

    document_no = LineField(required=True, metadata=_label(lazy("Number of the decision")))


class MergeQuery(FormSchema):
    """Which two records are looked at."""

    one = ma.fields.UUID(required=True)
    other = ma.fields.UUID(required=True)


class MergeInput(FormSchema):
    """Two records of one person, and what wins."""

    kept_id = ma.fields.UUID(required=True, metadata=HIDDEN)
    merged_id = ma.fields.UUID(required=True, metadata=HIDDEN)
    facts_from = ma.fields.String(
        load_default="kept", validate=ma.validate.OneOf(["kept", "merged"])
    )
    fields_from_merged = ma.fields.List(
        ma.fields.String(
            validate=ma.validate.OneOf(
                [
                    "full_name",
                    "birth_date",
                    "sex",
                    "card_no",
                    "record_no",
                    "phone",
                    "email",
                    "admitted_on",
                    "official_on",
                ]
            )
        ),
        load_default=list,
    )


class RequestInput(PersonFields):
    """What a member asks to have put right in their own record."""

    class Meta:
        """Only what a person knows about themselves."""

        exclude = ("surname", "middle_name", "given_name", "record_no")


class AnswerInput(FormSchema):
    """The answer to a request."""

    accept = ma.fields.Boolean(load_default=False)
    answer = LineField(load_default="", metadata=_label(lazy("Reason")))


class ListQuery(FormSchema):
    """What a list of members is narrowed to."""

    as_of = DayField(load_default=None)
    q = LineField(most=80, load_default="")
    status = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *STATUSES]))
    group = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", "temporary"]))
    sector = LineField(most=40, load_default="")
    cursor = CursorField()


class ApiListQuery(ListQuery):
    """The same for programs: page size and order too."""

    limit = LimitField()
    sort = ma.fields.String(load_default="name", validate=ma.validate.OneOf(["name"]))


class MemberOutput(ma.Schema):
    """A member as programs read it; what the reader may not see is null and named in `hidden`."""

    id = ma.fields.UUID()
    full_name = ma.fields.String()
    surname = ma.fields.String()
    middle_name = ma.fields.String()
    given_name = ma.fields.String()
    birth_date = ma.fields.String(allow_none=True)
    sex = ma.fields.String()
    card_no = ma.fields.String(allow_none=True)
    record_no = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    email = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    unit_code = ma.fields.String()
    admitted_on = ma.fields.Date(allow_none=True)
    official_on = ma.fields.Date(allow_none=True)
    revision = ma.fields.Integer()
    hidden = ma.fields.List(ma.fields.String(validate=ma.validate.OneOf(FIELD_CLASSES)))


class FactOutput(ma.Schema):
    """One dated fact; `until` is the last day that belongs to it, null where the end is open."""

    id = ma.fields.UUID()
    sort = ma.fields.String()
    value = ma.fields.String()
    unit_code = ma.fields.String(allow_none=True)
    since = ma.fields.Date(allow_none=True)
    until = ma.fields.Date(allow_none=True)
    reason = ma.fields.String()
    decision_no = ma.fields.String()


class RecordOutput(MemberOutput):
    """A member with everything dated."""

    facts = ma.fields.List(ma.fields.Nested(FactOutput))


class MergeOutput(ma.Schema):
    """Two records made one."""

    id = ma.fields.UUID()
    kept_id = ma.fields.UUID()
    merged_id = ma.fields.UUID()
    at = ma.fields.DateTime()
    undone_at = ma.fields.DateTime(allow_none=True)


class ApiTransfer(TransferInput):
    """A transfer as programs send it."""

    class Meta:
        """The revision comes as If-Match."""

        exclude = ("revision",)


def born(values: Mapping[str, Any]) -> str | None:
    """Return a birth date as it was known: the day, or the year alone."""
    day = values.get("birth_date")
    if not isinstance(day, date):
        return None
    return str(day.year) if values.get("birth_precision") == "year" else day.isoformat()


__all__ = ["COUNTED", "AnswerInput", "ApiListQuery", "ListQuery", "MemberInput", "MemberOutput"]
