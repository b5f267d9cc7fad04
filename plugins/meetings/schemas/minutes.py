"""What is sent while minutes are finished: adoption, the signed paper, an amendment."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TextField
from core.i18n import MessageText, lazy


class AdoptionInput(FormSchema):
    """How many adopted the minutes after they were read out."""

    present = ma.fields.Integer(
        required=True,
        validate=ma.validate.Range(0, 5000),
        metadata={"label": lazy("Official members present"), "inputmode": "numeric"},
        error_messages={"required": MessageText("Enter how many official members were present.")},
    )
    in_favour = ma.fields.Integer(
        required=True,
        validate=ma.validate.Range(0, 5000),
        metadata={"label": lazy("In favour of the minutes"), "inputmode": "numeric"},
        error_messages={"required": MessageText("Enter how many were in favour.")},
    )


class SignedInput(FormSchema):
    """Day, book and page of the minutes signed in ink."""

    signed_on = DayField(
        required=True,
        metadata={"label": lazy("Day the paper was signed")},
        error_messages={"required": MessageText("Enter the day the paper was signed.")},
    )
    book_no = LineField(load_default="", most=80, metadata={"label": lazy("Book of minutes no.")})
    page_no = LineField(load_default="", most=80, metadata={"label": lazy("Page of the book")})


class QualityInput(FormSchema):
    """How the branch judges its meeting, as a line of the minutes."""

    quality = TextField(
        load_default="",
        most=4000,
        metadata={
            "label": lazy("Quality of the meeting"),
            "hint": lazy("As the branch judged it, for example: good."),
        },
    )


class AmendmentInput(FormSchema):
    """Why locked minutes are amended."""

    reason = LineField(
        required=True,
        metadata={"label": lazy("Why the minutes are amended")},
        error_messages={"required": MessageText("Enter why the minutes are amended.")},
    )
