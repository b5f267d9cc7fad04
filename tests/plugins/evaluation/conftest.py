"""Fixtures of evaluation: a ward with a grassroots organisation, branches and people."""

from __future__ import annotations

from typing import cast

import pytest

from tests.environment.settling import Fresh, Settle
from tests.plugins.evaluation.builders import Program, Ward, build_ward


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(anew: Fresh) -> Ward:
    """Ward W with G (B1, B2) and B3."""
    return cast(Ward, anew.things)


@pytest.fixture
def program(ward: Ward) -> Program:
    """The office's program."""
    return Program(ward, ward.office, "W")
