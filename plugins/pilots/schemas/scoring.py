"""The form of a score: one field for each criterion of the model's sheet, and the vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from core.i18n import lazy

from .rows import RowsForm, lines_of
from .taking import PointLine, counted, some_day


class ScoreInput(RowsForm):
    """Points by criterion, in the order of the sheet, and the vote on them."""

    rows = {"points": ("key", "points")}
    points = ma.fields.List(
        ma.fields.Nested(PointLine),
        load_default=list,
        validate=ma.validate.Length(max=40),
        metadata={"label": ""},
    )
    scored_on = some_day(lazy("Scored on"))
    vote_entitled = counted(lazy("Entitled to vote"))
    vote_present = counted(lazy("Present at the vote"))
    vote_in_favour = counted(lazy("In favour"))


def by_key(points: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return points by the keys of their criteria."""
    return {one["key"]: one["points"] for one in points}


def typed_points(data: Any) -> dict[str, str]:
    """Return points as they were typed, for a form that was refused."""
    if not isinstance(data, MultiDict):
        return {}
    lines = lines_of(data, "points", ("key", "points"))
    return {line["key"]: line.get("points", "") for line in lines if "key" in line}
