"""What is sent about tasks: a new one, reports, later days; and which are listed."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TextField, choice
from core.i18n import MessageText, lazy
from core.units.covering import DatedPageQuery


class TaskInput(FormSchema):
    """A task in one line: what, who, until when."""

    title = LineField(
        required=True,
        metadata={"label": lazy("What is to be done")},
        error_messages={"required": MessageText("Enter what is to be done.")},
    )
    owner_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Who does it")},
        error_messages={"required": MessageText("Choose who does it.")},
    )
    due_on = DayField(
        required=True,
        metadata={"label": lazy("Until which day")},
        error_messages={"required": MessageText("Enter the day by which it is done.")},
    )


class ReportInput(FormSchema):
    """How far a task is."""

    report = TextField(
        required=True,
        most=4000,
        metadata={"label": lazy("What has been done")},
        error_messages={"required": MessageText("Write what has been done.")},
    )


class LaterInput(FormSchema):
    """A later day asked for."""

    day = DayField(
        required=True,
        metadata={"label": lazy("Later day asked")},
        error_messages={"required": MessageText("Enter the later day.")},
    )
    reason = LineField(
        required=True,
        metadata={"label": lazy("Why more time is needed")},
        error_messages={"required": MessageText("Enter why more time is needed.")},
    )


class DecisionInput(FormSchema):
    """Whether the later day is agreed to."""

    answer = ma.fields.String(required=True, validate=ma.validate.OneOf(["yes", "no"]))


class CarryInput(FormSchema):
    """The new day of a task carried over."""

    due_on = DayField(
        required=True,
        metadata={"label": lazy("New day of the task")},
        error_messages={"required": MessageText("Enter the new day of the task.")},
    )


class DropInput(FormSchema):
    """Why a task is dropped."""

    reason = LineField(
        required=True,
        metadata={"label": lazy("Why the task is dropped")},
        error_messages={"required": MessageText("Enter why the task is dropped.")},
    )


class TaskFilter(DatedPageQuery):
    """Which tasks are listed, today's or those of a day."""

    state = ma.fields.String(
        load_default="",
        validate=choice(
            [
                ("", lazy("All open")),
                ("overdue", lazy("Overdue")),
                ("asked", lazy("Later day asked for")),
                ("done", lazy("Finished")),
            ]
        ),
    )
