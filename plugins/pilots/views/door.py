"""The blueprint under which all pages of pilot models are declared, and what they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import url_for

from core.forms import Form
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("pilots")
Choices = Sequence[tuple[str, str]]


def address(work: Work, endpoint: str, **values: Any) -> str:
    """Return the address of a page of pilot models in this unit."""
    return url_for(f"pilots.{endpoint}", unit_code=work.unit.code, **values)


def filled(
    form: Form | None,
    schema: ma.Schema,
    data: Any = None,
    *,
    draft: str = "",
    choices: Mapping[str, Choices] | None = None,
) -> Form:
    """Return the refused form where it is of this schema, else a fresh one with first values."""
    mine = form is not None and type(form.schema) is type(schema)
    result = form if form is not None and mine else Form(schema, data)
    result.draft_key = draft
    result.choices = dict(choices or {})
    return result


def lines_in(text: str) -> list[str]:
    """Return the lines of a text that are not empty."""
    return [line.strip() for line in text.split("\n") if line.strip()]
