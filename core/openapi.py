"""The description of the JSON API (OpenAPI 3.1), generated from the declared routes."""

from __future__ import annotations

import re
from typing import Any

import marshmallow as ma
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, jsonify

from core.binding import API, Binder
from core.forms import MonthField
from core.web import PUBLIC, Route

PARAMETER = re.compile(r"<(?:(?P<kind>[a-z]+):)?(?P<name>[a-z_]+)>")
FORMATS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer", "minimum": 0}}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["title", "status", "code"],
}


def _schema_name(schema: Any) -> str:
    """Name a schema by its class and its owner, so that two plugins may use one word."""
    cls = schema if isinstance(schema, type) else type(schema)
    parts = cls.__module__.split(".")
    at = parts.index("schemas") if "schemas" in parts else len(parts) - 1
    words = [parts[max(at - 1, 0)], cls.__name__.removesuffix("Schema")]
    if isinstance(schema, ma.Schema):
        # A program never sends the revision in the body; it is no part of the name.
        without, only = set(schema.exclude) - {"revision"}, schema.only or ()
        words += ["without", *sorted(without)] if without else []
        words += ["with", *sorted(only)] if only else []
    return "".join(map(_in_capitals, words))


def _in_capitals(words: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words.split("_"))


def _pattern_of(_converter: Any, field: ma.fields.Field[Any], **_options: Any) -> dict[str, Any]:
    """Tell the form of a text that a field of ours reads."""
    pattern = getattr(field, "pattern", None)
    return {"pattern": pattern} if pattern else {}


def describe(binder: Binder) -> dict[str, Any]:
    """Return the description of all API routes."""
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title="Hạt Nhân",
        version="1",
        openapi_version="3.1.0",
        plugins=[plugin],
        security=[{"bearer": []}, {"cookie": []}],
    )
    if plugin.converter is not None:
        plugin.converter.map_to_openapi_type(MonthField, "string", None)  # type: ignore[no-untyped-call]  # the library has no types
        plugin.converter.add_attribute_function(_pattern_of)  # type: ignore[no-untyped-call]  # the library has no types
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme("cookie", {"type": "apiKey", "in": "cookie", "name": "hatnhan"})
    spec.components.schema("Problem", PROBLEM)
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(binder.routes.values(), key=lambda r: (r.owner, r.rule, r.methods)):
        if route.kind == "api":
            address = PARAMETER.sub(r"{\g<name>}", f"{API}/{route.owner}{route.rule}").rstrip("/")
            for method in route.methods:
                paths.setdefault(address, {})[method.lower()] = operation(route)
    for address, operations in paths.items():
        spec.path(path=address, operations=operations)
    described = spec.to_dict()
    _without_false_defaults(described)
    return described


def _without_false_defaults(part: Any) -> None:
    """Take away defaults that a program could not send itself: “not given” is one of ours."""
    if isinstance(part, dict):
        if "enum" in part and "default" in part and part["default"] not in part["enum"]:
            del part["default"]
        for inner in part.values():
            _without_false_defaults(inner)
    elif isinstance(part, list):
        for inner in part:
            _without_false_defaults(inner)


def operation(route: Route) -> dict[str, Any]:
    """Describe one route."""
    parameters: list[Any] = [
        {
            "in": "path",
            "name": match["name"],
            "required": True,
            "schema": FORMATS.get(match["kind"] or "", {"type": "string"}),
        }
        for match in PARAMETER.finditer(route.rule)
    ]
    parameters.append(
        {
            "in": "query",
            "name": "unit",
            "required": route.plugin is not None,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,40}$"},
        }
    )
    if route.revised:
        parameters.append(
            {"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"}}
        )
    if route.accepts is not None and not route.writes:
        parameters.append({"in": "query", "schema": route.accepts})
    body: dict[str, Any] = {
        "operationId": route.endpoint.replace(".api_", "_"),
        "summary": route.summary,
        "tags": [route.owner],
        "parameters": parameters,
        "responses": responses(route),
    }
    if route.accepts is not None and route.writes:
        body["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": route.accepts}},
        }
    if route.permission == PUBLIC:
        body["security"] = []
    return body


def responses(route: Route) -> dict[str, Any]:
    """Describe what a route answers."""
    good: dict[str, Any] = {"description": "done"}
    if route.answers is not None:
        schema: Any = route.answers
        if route.many:
            schema = {
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": route.answers},
                    "next": {"type": ["string", "null"]},
                },
                "required": ["items", "next"],
            }
        good["content"] = {"application/json": {"schema": schema}}
    problem = {
        "description": "refused, with a sentence",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    codes = ["400", "401", "403", "404", "405", "409", "413", "422"]
    if route.revised:
        codes += ["412", "428"]
    return {
        "200": good,
        **({"201": good, "204": {"description": "done"}} if route.writes else {}),
        **dict.fromkeys(codes, problem),
    }


def bind_openapi(app: Flask, binder: Binder) -> None:
    """Serve the description."""
    kept: dict[str, Any] = {}

    @app.get(f"{API}/openapi.json", endpoint="openapi")
    def openapi() -> Response:
        if not kept:
            kept.update(describe(binder))
        return jsonify(kept)
