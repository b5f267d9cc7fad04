"""Fixtures of evaluation: a ward with a grassroots organisation, branches and people."""

from __future__ import annotations

import pytest

from core.testing import World
from tests.plugins.evaluation.builders import Ward, build_ward


@pytest.fixture
def ward(world: World) -> Ward:
    """Ward W with G (B1, B2) and B3."""
    return build_ward(world)
