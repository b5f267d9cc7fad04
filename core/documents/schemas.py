"""What may be sent about papers and templates, and what programs get back."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import marshmallow as ma
from werkzeug.datastructures import FileStorage, MultiDict

from core.documents.services.uploads import Upload
from core.forms import CursorField, DayField, FormSchema, LimitField, LineField, TextField
from core.i18n import MessageText, lazy
from core.units.covering import AsOfQuery

CHOOSE = MessageText("Choose a file.")
NO_FILE_HERE = MessageText("No file is taken here. Send the form without one.")
TORN = MessageText("The file did not arrive whole. Send it again as base64.")


class SentFile(ma.fields.Field[Upload]):
    """A file: from a form as it is, from a program as {"filename", "base64"}."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Upload:
        if isinstance(value, FileStorage):
            name = (value.filename or "").replace("\\", "/").rpartition("/")[2]
            return Upload(name, value.stream.read())
        if not isinstance(value, dict) or set(value) != {"filename", "base64"}:
            raise ma.ValidationError(CHOOSE)
        if not all(isinstance(text, str) for text in value.values()):
            raise ma.ValidationError(CHOOSE)
        try:
            body = base64.b64decode(value["base64"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ma.ValidationError(TORN) from error
        return Upload(value["filename"].replace("\\", "/").rpartition("/")[2][:200], body)


class FileForm(FormSchema):
    """A form with a file; a file without a name was not chosen."""

    @ma.pre_load
    def from_form(self, data: Any, **options: Any) -> Any:
        """Take the file out before the texts are read."""
        if not isinstance(data, MultiDict):
            return data
        sent = data.get("file")
        texts = MultiDict((key, v) for key, v in data.items(multi=True) if key != "file")
        misplaced = [k for k, v in texts.items() if isinstance(v, FileStorage) and v.filename]
        if misplaced:
            raise ma.ValidationError({key: [NO_FILE_HERE] for key in misplaced})
        values = super().from_form(texts, **options)
        if isinstance(sent, FileStorage) and sent.filename:
            values["file"] = sent
        return values


class RegisterQuery(AsOfQuery):
    """What of a register is shown; restated, with the registers of the units it took over."""

    kind = LineField(load_default="", most=10)
    term = DayField(load_default=None)
    year = ma.fields.Integer(load_default=None, validate=ma.validate.Range(1900, 9998))
    source = ma.fields.String(
        load_default="", validate=ma.validate.OneOf(["", "own", "registered"])
    )
    q = LineField(load_default="", most=80)
    cursor = CursorField()


class RegisterApiQuery(RegisterQuery):
    """The same for a program."""

    limit = LimitField(most=100)


class OutsideInput(FileForm):
    """A paper that came from elsewhere."""

    code = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number and code"), "hint": lazy("For example 33-KL/ThU")},
    )
    issuer = LineField(
        required=True,
        metadata={"label": lazy("Issued by"), "hint": lazy("For example Thị ủy Hồng Lĩnh")},
    )
    issued_on = DayField(required=True, metadata={"label": lazy("Day of the paper")})
    subject = LineField(required=True, most=600, metadata={"label": lazy("What it is about")})
    signer = LineField(load_default="", metadata={"label": lazy("Signed by")})
    file = SentFile(
        load_default=None,
        metadata={
            "label": lazy("File"),
            "kind": "file",
            "hint": lazy(
                "PDF, Word or Excel. Only unclassified papers: papers stamped Mật, Tối mật or "
                "Tuyệt mật are not sent."
            ),
        },
    )


class VoidInput(FormSchema):
    """Why a paper is voided."""

    reason = TextField(
        required=True, most=1000, metadata={"label": lazy("Why the paper is voided")}
    )


class ContinueInput(FormSchema):
    """How many numbers were used on paper."""

    kind = LineField(required=True, most=40, metadata={"label": lazy("Kind"), "kind": "choice"})
    last = ma.fields.Integer(
        required=True,
        validate=ma.validate.Range(1, 9999),
        metadata={
            "label": lazy("Last number used on paper this term"),
            "hint": lazy("The next paper gets the number after it."),
        },
    )


class TemplateInput(FileForm):
    """A template of a place, from a day on."""

    file = SentFile(
        required=True,
        error_messages={"required": CHOOSE},
        metadata={
            "label": lazy("Template"),
            "kind": "file",
            "hint": lazy("Word (.docx) for Word files, typst (.typ) for PDF"),
        },
    )
    kind = LineField(
        load_default="", most=40, metadata={"label": lazy("For which papers"), "kind": "choice"}
    )
    valid_from = DayField(load_default=None, metadata={"label": lazy("In force from")})
    document_no = LineField(
        load_default="", most=80, metadata={"label": lazy("Ordered by document")}
    )
    locked = ma.fields.Boolean(
        load_default=False,
        metadata={"label": lazy("Units below may not replace it"), "kind": "checkbox"},
    )
    only_check = ma.fields.Boolean(
        load_default=False,
        metadata={"label": lazy("Only check it, do not use it yet"), "kind": "checkbox"},
    )


class PreviewQuery(FormSchema):
    """Which sample, printed how, with which template."""

    kind = LineField(load_default="minutes", most=40)
    format = ma.fields.String(load_default="pdf", validate=ma.validate.OneOf(["pdf", "docx"]))
    template = ma.fields.UUID(load_default=None)


class FileOutput(ma.Schema):
    """A stored file of a paper."""

    format = ma.fields.String(required=True)
    filename = ma.fields.String(required=True)
    mime = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    sha256 = ma.fields.Function(lambda file: file.sha256.hex())
    created_at = ma.fields.AwareDateTime(required=True, format="iso")


class DocumentOutput(ma.Schema):
    """A paper in a register."""

    id = ma.fields.UUID(required=True)
    source = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_code = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True, allow_none=True)
    term_from = ma.fields.Date(required=True, allow_none=True)
    issuer = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    issued_on = ma.fields.Date(required=True)
    signer = ma.fields.String(required=True)
    about_type = ma.fields.String(required=True)
    about_id = ma.fields.UUID(required=True, allow_none=True)
    void_reason = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)


class WholeDocumentOutput(DocumentOutput):
    """A paper with its files."""

    files = ma.fields.List(ma.fields.Nested(FileOutput), required=True)


class TemplateOutput(ma.Schema):
    """A template of a place."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    format = ma.fields.String(required=True)
    valid_from = ma.fields.Date(required=True)
    locked = ma.fields.Boolean(required=True)
    filename = ma.fields.String(required=True)
    sha256 = ma.fields.Function(lambda template: template.sha256.hex())
    document_no = ma.fields.String(required=True)
