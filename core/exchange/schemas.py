"""What pages and programs send about imports and exports, and what they get."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from werkzeug.datastructures import FileStorage, MultiDict

from core.forms import DayField, FormSchema, LineField, choice
from core.i18n import MessageText, lazy

NO_FILE = MessageText("Choose the file to import.")
MOST_ROWS = 5_000


class UploadInput(FormSchema):
    """A file with what it holds."""

    dataset = LineField(
        required=True,
        most=40,
        metadata={"label": lazy("What the file holds"), "kind": "choice"},
    )
    file = ma.fields.Raw(
        required=True,
        error_messages={"required": NO_FILE, "null": NO_FILE},
        metadata={
            "label": lazy("File"),
            "hint": lazy("Excel (.xlsx) or CSV, at most 20 MB"),
            "kind": "file",
        },
    )

    @ma.pre_load
    def from_form(self, data: Any, **options: Any) -> Any:
        """Take the file out before the texts are read; a file without a name was not chosen."""
        if not isinstance(data, MultiDict):
            return data
        sent = data.get("file")
        texts = MultiDict((k, v) for k, v in data.items(multi=True) if k != "file")
        values = super().from_form(texts, **options)
        if isinstance(sent, FileStorage) and sent.filename:
            values["file"] = sent
        return values


class IndexQuery(FormSchema):
    """Which imports to list: those before one."""

    before = ma.fields.UUID(load_default=None)


class TemplateQuery(FormSchema):
    """Which dataset."""

    dataset = LineField(required=True, most=40)


class ExportQuery(TemplateQuery):
    """What to give out, of which day, in which format."""

    as_of = DayField(load_default=None, metadata={"label": lazy("As of day")})
    format = LineField(
        load_default="xlsx",
        validate=choice([("xlsx", "Excel"), ("csv", "CSV")]),
        metadata={"label": lazy("Format")},
    )


class RowsInput(FormSchema):
    """Rows of a program: objects under the keys of the dataset's columns."""

    dataset = LineField(required=True, most=40)
    rows = ma.fields.List(
        ma.fields.Dict(keys=ma.fields.String()),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_ROWS),
    )
    dry_run = ma.fields.Boolean(load_default=False)
    all_or_nothing = ma.fields.Boolean(load_default=False)


class ProblemOutput(ma.Schema):
    """A rejected row with its reasons."""

    row = ma.fields.Integer()
    column = ma.fields.String(allow_none=True)
    reason = ma.fields.String()


class ReportOutput(ma.Schema):
    """What an import did, or would do."""

    id = ma.fields.UUID(allow_none=True)
    rows = ma.fields.Integer()
    created = ma.fields.Integer()
    updated = ma.fields.Integer()
    unchanged = ma.fields.Integer()
    rejected = ma.fields.Integer()
    problems = ma.fields.List(ma.fields.Nested(ProblemOutput))
    warnings = ma.fields.List(ma.fields.String())


class ImportOutput(ma.Schema):
    """An import in a list."""

    id = ma.fields.UUID()
    dataset = ma.fields.String()
    file_name = ma.fields.String()
    state = ma.fields.String()
    rows = ma.fields.Integer()
    created = ma.fields.Integer()
    updated = ma.fields.Integer()
    unchanged = ma.fields.Integer()
    rejected = ma.fields.Integer()
    warnings = ma.fields.List(ma.fields.String())
    by = ma.fields.String()
    at = ma.fields.AwareDateTime()
    undone_at = ma.fields.AwareDateTime(allow_none=True)


class ColumnOutput(ma.Schema):
    """A column of a dataset."""

    key = ma.fields.String()
    title = ma.fields.Function(lambda column: str(column.title))
    kind = ma.fields.String()
    required = ma.fields.Boolean()
    choices = ma.fields.Function(lambda column: [value for value, _label in column.choices])


class DatasetOutput(ma.Schema):
    """A dataset that can be imported or exported."""

    key = ma.fields.String()
    title = ma.fields.String()
    columns = ma.fields.List(ma.fields.Nested(ColumnOutput))
    can_import = ma.fields.Boolean()
    can_export = ma.fields.Boolean()


class UndoneOutput(ma.Schema):
    """Whether an import was taken back, and what stood in the way."""

    id = ma.fields.UUID()
    undone = ma.fields.Boolean()
    obstacles = ma.fields.List(ma.fields.String())
