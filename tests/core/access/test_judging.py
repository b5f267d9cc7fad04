"""Where a right holds is judged by sets that are made once; they say what each right says."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
import sqlalchemy as sa

from core.access.models import Grant
from core.access.principal import Principal, Right, Rights, operator
from core.periods import EVER, OPEN
from core.testing import counted
from core.units.places import Place

ROOT, COMMUNE, BRANCH, OTHER = (uuid.UUID(int=number) for number in range(1, 5))
PATHS = {ROOT: (ROOT,), COMMUNE: (COMMUNE, ROOT), BRANCH: (BRANCH, COMMUNE, ROOT),
         OTHER: (OTHER, ROOT)}  # fmt: skip


def place(unit_id: uuid.UUID) -> Place:
    """A unit of a small tree."""
    return Place(
        id=unit_id, code="X", name="X", kind="branch", sector="", is_grassroots=False,
        has_delegated_powers=False, has_seal=False, term_months=None, parent_id=None,
        valid_from=EVER, valid_to=OPEN, path=PATHS[unit_id], is_living=True,
    )  # fmt: skip


def right(unit_id: uuid.UUID, permission: str, *, with_subtree: bool) -> Right:
    """A right to one thing at one unit."""
    return Right(
        unit_id, with_subtree, "r", frozenset({permission}), frozenset({f"of {permission}"}),
        "grant", date(9999, 12, 31),
    )  # fmt: skip


HELD = [
    [],
    [right(COMMUNE, "see", with_subtree=False)],
    [right(COMMUNE, "see", with_subtree=True)],
    [right(BRANCH, "see", with_subtree=False), right(COMMUNE, "edit", with_subtree=True)],
    [right(ROOT, "see", with_subtree=True), right(OTHER, "edit", with_subtree=False)],
]


@pytest.mark.parametrize("held", HELD, ids=range(len(HELD)))
def test_the_sets_say_what_each_right_says(held):
    actor = Principal("account", "x", rights=Rights(held))
    for unit_id, permission in product(PATHS, ("see", "edit", "none")):
        at = place(unit_id)
        one_by_one = any(permission in r.permissions and r.reaches(at) for r in held)
        assert actor.may(permission, at) is one_by_one
        assert actor.may(permission, at) is one_by_one  # remembered by now
        assert actor.sees(at) is any(r.reaches(at) for r in held)
        shown = {name for r in held if r.reaches(at) for name in r.field_classes}
        assert actor.field_classes(at) == shown
        whole = any(permission in r.permissions and r.with_subtree and r.reaches(at) for r in held)
        roots = {(r.unit_id, r.with_subtree) for r in held if permission in r.permissions}
        assert actor.roots_below(permission, at) == (None if whole else tuple(sorted(roots)))


def test_a_page_is_opened_by_one_statement_for_session_account_and_epochs(ward, person):
    browser = ward.browser(person("B", "branch_secretary"))
    address = "/api/v1/members?unit=B"
    assert browser.get(address).status_code == 200
    with counted(ward.system.database.engine) as sent:
        assert browser.get(address).status_code == 200
    door = [text for text in sent.statements if "core_session" in text or "core_epoch" in text]
    assert len(door) == 1
    assert "core_session" in door[0]
    assert "core_epoch" in door[0]
    assert len(sent.statements) <= 2


def test_a_right_that_another_process_ended_is_gone_with_the_next_page(ward, person):
    account = person("B", "branch_secretary")
    browser = ward.browser(account)
    address = "/api/v1/members?unit=B"
    assert browser.get(address).status_code == 200
    other = replace(ward.system.opener)  # remembers for itself, as another process does
    with other.as_system(operator("test"), writing=True) as work:
        grant = work.session.scalars(sa.select(Grant).where(Grant.account_id == account.id)).one()
        grant.ended_at = work.now
        work.touch("access")
    assert browser.get(address).status_code == 404
