"""The description of the JSON API says the truth: tried with generated requests, good and bad."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from core.access.services.tokens import create_token
from tests.core.inhabited import HERE, Inhabited, OpenInhabited

load_all_checks()
pytestmark = [pytest.mark.slow]
DESCRIPTION = "/api/v1/openapi.json"
EXAMPLES = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "search" else 1
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
QUIET = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def place(inhabited: OpenInhabited) -> Iterator[Inhabited]:
    """A world in which everything exists; on SQLite, the description is the same on both."""
    with inhabited("sqlite", 2) as found:
        yield found


@pytest.fixture(scope="module")
def token(place: Inhabited) -> str:
    """The token of a program that may do everything."""
    with place.world.work() as work:
        account = work.session.merge(place.master)
        permissions = place.permissions
        day = work.today + timedelta(days=20)
        made = create_token(work, account, name="test", permissions=permissions, expires_on=day)
        return made.secret


@pytest.fixture(scope="module")
def operations(place: Inhabited) -> list[Any]:
    """All operations of the description."""
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, place.world.app)
    return [one.ok() for one in schema.get_all_operations()]


def test_the_description_is_sound_openapi(place: Inhabited) -> None:
    validate(place.browser().get(DESCRIPTION).get_json())


def aim(place: Inhabited, case: Any) -> None:
    """Let a request go to records that exist."""
    for name in case.path_parameters or {}:
        for known in (place.examples, place.scenes[1]):
            case.path_parameters[name] = known.get(name, case.path_parameters[name])
    case.query = {**(case.query or {}), "unit": HERE}


def known_to(place: Inhabited, case: Any) -> dict[str, str]:
    """Return the header that names the revision of the record a request is about."""
    keys = [str(value) for value in (case.path_parameters or {}).values()]
    return next(({"If-Match": f'"{place.revisions[k]}"'} for k in keys if k in place.revisions), {})


def faults(place: Inhabited, one: Any, token: str, mode: GenerationMode) -> list[str]:
    """Send generated requests to one operation; return what does not fit the description."""
    found: list[str] = []

    @QUIET
    @given(one.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        if mode.is_positive:
            aim(place, case)
        with place.world.system.database._connection.begin_nested() as savepoint:
            answer = case.call(
                headers={"Authorization": f"Bearer {token}", **known_to(place, case)}
            )
            savepoint.rollback()
        place.world.system.opener.forget()
        try:
            case.validate_response(answer, checks=CHECKED)
        except FailureGroup as failure:
            found.append(
                f"{one.label} {answer.status_code}: {[str(e) for e in failure.exceptions]}"[:1500]
            )

    tried()
    return found


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_answers_are_as_described(
    place: Inhabited, operations: list[Any], token: str, mode: GenerationMode
) -> None:
    # What is wrong in every way is sent to every route by `test_bad_input`; here to every second.
    asked = operations if mode.is_positive else operations[::2]
    wrong = [text for one in asked for text in faults(place, one, token, mode)[:1]]
    assert not wrong
