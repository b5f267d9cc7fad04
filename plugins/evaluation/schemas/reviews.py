"""What is sent about evaluations: texts, comments, ballots, levels, decisions, appeals."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from core.forms import (
    CursorField,
    DayField,
    FormSchema,
    LimitField,
    LineField,
    TextField,
    choice,
    options,
)
from core.i18n import MessageText, lazy
from core.units.covering import DatedPageQuery

from ..services import BallotRow, Pick, words
from .rows import RowsForm

LEVEL = choice(options(words.LEVELS))
MOST = 5_000


def _ids() -> ma.fields.List[Any]:
    return ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=MOST),
        metadata={"label": lazy("Ticked lines")},
    )


def _count(label: object) -> ma.fields.Integer:
    return ma.fields.Integer(
        required=True,
        validate=ma.validate.Range(0, MOST),
        metadata={"label": label, "inputmode": "numeric"},
        error_messages={"required": MessageText("Enter a number.")},
    )


def _reason(label: object, sentence: str) -> LineField:
    return LineField(
        required=True, metadata={"label": label}, error_messages={"required": MessageText(sentence)}
    )


class ReviewsInput(FormSchema):
    """Ticked evaluations."""

    review = _ids()


class ReviewFilterInput(FormSchema):
    """Which evaluations are listed."""

    subject = ma.fields.String(
        load_default="", validate=choice([("", ""), *options(words.SUBJECTS)])
    )
    stage = ma.fields.String(load_default="", validate=choice([("", ""), *options(words.STAGES)]))
    level = ma.fields.String(load_default="", validate=choice([("", ""), *options(words.LEVELS)]))
    group = LineField(load_default="", most=80)
    branch = LineField(load_default="", most=40)
    cursor = CursorField()
    limit = LimitField()


class Score(ma.Schema):
    """The points one gives oneself for a criterion."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    points = ma.fields.Float(required=True, validate=ma.validate.Range(0, 100))


class Part(ma.Schema):
    """A section of a self-review."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    text = TextField(load_default="")


class SelfReviewInput(RowsForm):
    """A self-review as it is written; `submit` hands it in."""

    rows = {"parts": ("key", "text"), "scores": ("key", "points")}
    by_line, is_numbered = ("scores",), False
    parts = ma.fields.List(
        ma.fields.Nested(Part), load_default=list, validate=ma.validate.Length(max=20)
    )
    scores = ma.fields.List(
        ma.fields.Nested(Score), load_default=list, validate=ma.validate.Length(max=20)
    )
    level = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=LEVEL,
        metadata={"label": lazy("Level I propose for myself"), "kind": "radio"},
    )
    submit = ma.fields.Boolean(load_default=False)

    def lines(self, data: MultiDict[str, str], name: str) -> list[tuple[int, dict[str, str]]]:
        """Leave out criteria without points, with their errors."""
        found = super().lines(data, name)
        return [one for one in found if name != "scores" or "points" in one[1]]

    @ma.pre_load
    def without_empty_scores(self, data: Any, **_options: Any) -> Any:
        """Leave out criteria without points: the key of each stands on the form."""
        if isinstance(data, dict) and isinstance(data.get("scores"), list):
            kept = [one for one in data["scores"] if not isinstance(one, dict) or
                    "points" in one]  # fmt: skip
            return {**data, "scores": kept}
        return data


class CommentInput(FormSchema):
    """What the branch says."""

    text = TextField(
        required=True,
        metadata={"label": lazy("Comment of the branch")},
        error_messages={"required": MessageText("Write the comment of the branch.")},
    )


class AskInput(FormSchema):
    """Comments asked of a branch, on several members at once."""

    review = _ids()
    unit_code = LineField(
        load_default="",
        most=160,
        metadata={
            "label": lazy("Branch that is asked"),
            "hint": lazy(
                "Name or code of a branch in any commune; the commune behind a comma, for example:"
                " Chi bộ tổ dân phố 3, phường Nam Hồng Lĩnh."
            ),
        },
    )
    outside_name = LineField(
        load_default="",
        metadata={
            "label": lazy("Or the name of a branch outside the system"),
            "hint": lazy("Print the letter; type in the answer when it comes."),
        },
    )
    kind = ma.fields.String(
        load_default="residence",
        validate=choice(options(words.COMMENT_KINDS)),
        metadata={"label": lazy("What kind of comment"), "kind": "radio"},
    )
    due_on = DayField(load_default=None, metadata={"label": lazy("Answer wanted by")})


class ExemptInput(FormSchema):
    """Members of whom no comment is needed, and why."""

    review = _ids()
    reason = _reason(lazy("Why no comment is needed"), "Write why no comment is needed.")


class AnswerLine(ma.Schema):
    """The answer to one request."""

    id = ma.fields.UUID(required=True)
    opinion = ma.fields.String(
        load_default="", validate=choice([("", ""), *options(words.OPINIONS)])
    )
    text = LineField(load_default="")


class AnswersInput(RowsForm):
    """Answers to several requests at once; lines without an opinion wait."""

    rows = {"rows": ("id", "opinion", "text")}
    answered_on = DayField(load_default=None, metadata={"label": lazy("Day of the answer")})
    answers = ma.fields.List(
        ma.fields.Nested(AnswerLine),
        data_key="rows",
        load_default=list,
        validate=ma.validate.Length(max=1_000),
        metadata={"api_only": True},
    )


class BallotLine(ma.Schema):
    """The ballots on one evaluation."""

    review_id = ma.fields.UUID(required=True)
    excellent = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, MOST))
    good = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, MOST))
    completed = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, MOST))
    not_completed = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, MOST))

    @ma.post_load
    def make(self, data: dict[str, Any], **_options: Any) -> BallotRow:
        """Return the counts."""
        return BallotRow(**data)


class BallotsInput(RowsForm):
    """The ballots of a meeting on everybody, typed on one page."""

    rows = {"rows": ("review_id", "excellent", "good", "completed", "not_completed")}
    voted_on = DayField(
        required=True,
        metadata={"label": lazy("Day of the branch meeting")},
        error_messages={"required": MessageText("Enter the day of the branch meeting.")},
    )
    entitled = _count(lazy("Official members who may vote"))
    present = _count(lazy("Present at the ballot"))
    issued = _count(lazy("Ballots handed out"))
    returned = _count(lazy("Ballots that came back"))
    ballots = ma.fields.List(
        ma.fields.Nested(BallotLine),
        data_key="rows",
        load_default=list,
        validate=ma.validate.Length(max=1_000),
        metadata={"api_only": True},
    )

    @ma.pre_load
    def without_empty_lines(self, data: Any, **_options: Any) -> Any:
        """Leave out lines in which nothing was typed beside the key, from programs too."""
        if isinstance(data, dict) and isinstance(data.get("rows"), list):
            return {**data, "rows": [one for one in data["rows"] if len(one) > 1]}
        return data

    def lines(self, data: MultiDict[str, str], name: str) -> list[tuple[int, dict[str, str]]]:
        """Leave out lines in which nothing was typed beside the key, with their errors."""
        return [(number, line) for number, line in super().lines(data, name) if len(line) > 1]


class PickLine(ma.Schema):
    """The level picked for one evaluation."""

    review_id = ma.fields.UUID(required=True)
    level = ma.fields.String(load_default="", validate=choice([("", ""), *options(words.LEVELS)]))
    points = ma.fields.Float(load_default=None, validate=ma.validate.Range(0, 100))
    rank = ma.fields.Integer(load_default=None, validate=ma.validate.Range(1, MOST))
    reason = LineField(load_default="")


class PicksInput(RowsForm):
    """Levels picked for several evaluations; lines without a level stay as they are."""

    rows = {"rows": ("review_id", "level", "points", "rank", "reason")}
    picks = ma.fields.List(
        ma.fields.Nested(PickLine),
        data_key="rows",
        load_default=list,
        validate=ma.validate.Length(max=1_000),
        metadata={"api_only": True},
    )

    @ma.post_load
    def join(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the picks by evaluation."""
        picks = {
            line["review_id"]: Pick(line["level"], line["points"], line["rank"], line["reason"])
            for line in data["picks"]
            if line["level"]
        }
        return {**data, "picks": picks}


class ReturnInput(FormSchema):
    """Evaluations sent back, and why."""

    review = _ids()
    to_stage = ma.fields.String(
        required=True,
        validate=choice(options(words.STAGES, "vote", "comments", "self_review", "appraisal")),
        metadata={"label": lazy("Back to which stage")},
    )
    reason = _reason(lazy("Why it is sent back"), "Write why it is sent back.")


class DecisionInput(FormSchema):
    """The document that decides on ticked evaluations."""

    review = _ids()
    number = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Decision number")},
        error_messages={"required": MessageText("Enter the number of the decision.")},
    )
    on = DayField(
        required=True,
        metadata={"label": lazy("Decided on")},
        error_messages={"required": MessageText("Enter the day of the decision.")},
    )
    order_document = LineField(
        load_default="",
        most=80,
        metadata={
            "label": lazy("Document that allows another order"),
            "hint": lazy("Only when others should have been decided first."),
        },
    )


class ForceInput(FormSchema):
    """A condition that leaves no better level."""

    code = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, 40),
        metadata={"label": lazy("Condition that holds"), "kind": "radio"},
        error_messages={"required": MessageText("Choose the condition.")},
    )
    reference = _reason(
        lazy("Document or paragraph it rests on"),
        "Enter the document or paragraph this rests on.",
    )


class ReasonInput(FormSchema):
    """A reason."""

    reason = _reason(lazy("Reason for it"), "Write the reason.")


class RatedInput(ReasonInput):
    """Whether a subject is rated, and why."""

    rated = ma.fields.Boolean(required=True)


class AppealInput(FormSchema):
    """What an appeal asks for."""

    text = TextField(
        required=True,
        metadata={"label": lazy("What is asked for, and why")},
        error_messages={"required": MessageText("Write what the appeal asks for.")},
    )
    received_on = DayField(load_default=None, metadata={"label": lazy("Day it was received")})


class DismissInput(FormSchema):
    """The answer to an appeal that keeps the level."""

    answer = _reason(lazy("Answer to the appeal"), "Write the answer to the appeal.")
    document_no = LineField(
        load_default="", most=80, metadata={"label": lazy("Number of the answer")}
    )


class CorrectInput(FormSchema):
    """A new level by a new decision."""

    level = ma.fields.String(
        required=True,
        validate=LEVEL,
        metadata={"label": lazy("New level"), "kind": "radio"},
        error_messages={"required": MessageText("Choose one of the four levels.")},
    )
    points = ma.fields.Float(
        load_default=None,
        validate=ma.validate.Range(0, 100),
        metadata={"label": lazy("Points of the level")},
    )
    number = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Decision number")},
        error_messages={"required": MessageText("Enter the number of the decision.")},
    )
    on = DayField(
        required=True,
        metadata={"label": lazy("Decided on")},
        error_messages={"required": MessageText("Enter the day of the decision.")},
    )
    reason = _reason(lazy("Why the level is corrected"), "Write why the level is corrected.")
    appeal_id = ma.fields.UUID(load_default=None, metadata={"kind": "hidden", "label": ""})


class ResultsFilter(DatedPageQuery):
    """Which results are shown, with the units of the period, of a day, or of today."""

    period = LineField(load_default="", most=20)
    by = ma.fields.String(
        load_default="child", validate=ma.validate.OneOf(["child", "kind", "sector"])
    )
    subject = ma.fields.String(load_default="member", validate=choice(options(words.SUBJECTS)))
    level = ma.fields.String(
        load_default="", validate=choice([("", ""), ("none", ""), *options(words.LEVELS)])
    )
    limit = LimitField()
    years = ma.fields.Integer(load_default=None, validate=ma.validate.Range(2, 10))
