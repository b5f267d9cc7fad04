"""The board of a campaign as of an earlier day: how far each unit was, and what was late then."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

import pytest

from core.restructuring.operations import Link, Operation
from core.testing import World
from core.units.covering import AsOf
from plugins.evaluation import services
from plugins.evaluation.services.guards import go
from tests.environment.settling import Fresh, Settle
from tests.plugins.evaluation.builders import DECEMBER, Ward, build_ward, opened, reviews_of
from tests.plugins.evaluation.test_over_time import enact

LATE = date(2026, 12, 10)


def build_lived(world: World) -> tuple[Ward, object]:
    """Four of B3 go on twice; B3 gets later days on 12 December and becomes part of B2 on 15."""
    ward = build_ward(world)
    with ward.work() as work:
        campaign = opened(work)
    for day, stage in ((12, "comments"), (20, "vote")):
        ward.at(datetime(2026, 11, day, 3, tzinfo=UTC))
        with ward.work() as work:
            for review in reviews_of(work, campaign, "B3")[:4]:
                go(work, review, "went_on", stage)
    ward.at(datetime(2026, 12, 12, 3, tzinfo=UTC))
    with ward.work() as work:
        found = services.access_campaign(work, campaign.id)
        place = ward.world.place("B3", work)
        for stage in ("self_review", "vote"):
            services.extend(
                work, found, unit_id=place.id, stage=stage,
                due_on=date(2027, 1, 20), document_no="9-CV/ĐU",
            )  # fmt: skip
    ward.at(datetime(2026, 12, 15, 3, tzinfo=UTC))
    merge = Operation("merge_into", links=(Link("B3", "B2"),))
    enact(ward, merge, on=date(2026, 12, 15))
    ward.at(datetime(2026, 12, 18, 3, tzinfo=UTC))
    return ward, campaign.id


@pytest.fixture(scope="module")
def settle() -> Settle:
    """The tests of this module begin with it."""
    return build_lived


@pytest.fixture
def lived(anew: Fresh) -> tuple[Ward, object]:
    """The ward and the key of its campaign, which each test finds untouched."""
    return cast("tuple[Ward, object]", anew.things)


def seen(ward: Ward, campaign_id: object, as_of: AsOf) -> dict[str, tuple[dict[str, int], int]]:
    """Return stages and how many are late, by unit, of the members on the board of the ward."""
    with ward.work(writing=False) as work:
        campaign = services.access_campaign(work, campaign_id)
        lines = services.board(work, campaign, "member", as_of)
        return {line.code: (dict(line.stages), line.late) for line in lines}


def test_the_board_shows_how_far_each_unit_was(lived) -> None:
    ward, campaign_id = lived
    assert seen(ward, campaign_id, AsOf(date(2026, 11, 9))) == {}
    eleventh = seen(ward, campaign_id, AsOf(date(2026, 11, 11)))
    assert eleventh == {"G": ({"self_review": 10}, 0), "B3": ({"self_review": 10}, 0)}
    thirteenth = seen(ward, campaign_id, AsOf(date(2026, 11, 13)))
    assert thirteenth["B3"] == ({"self_review": 6, "comments": 4}, 0)
    november = seen(ward, campaign_id, AsOf(date(2026, 11, 20)))
    assert november["B3"] == ({"self_review": 6, "vote": 4}, 0)


def test_what_was_late_is_told_by_the_days_that_held_then(lived) -> None:
    ward, campaign_id = lived
    assert seen(ward, campaign_id, AsOf(LATE))["B3"] == ({"self_review": 6, "vote": 4}, 6)
    assert seen(ward, campaign_id, AsOf(date(2026, 12, 12)))["B3"][1] == 0


def test_the_units_are_those_of_then_or_of_today(lived) -> None:
    ward, campaign_id = lived
    now = seen(ward, campaign_id, AsOf())
    assert set(now) == {"G"}
    assert now["G"][0] == {"self_review": 16, "vote": 4}
    restated = seen(ward, campaign_id, AsOf(date(2026, 11, 13), restated=True))
    assert restated == {"G": ({"self_review": 16, "comments": 4}, 0)}
    assert set(seen(ward, campaign_id, AsOf(LATE))) == {"G", "B3"}


def test_the_page_of_a_day_shows_and_does_nothing(lived) -> None:
    ward, campaign_id = lived
    browser = ward.world.browser(ward.office)
    then = browser.get(f"/u/W/evaluation/{campaign_id}?as_of=10/12/2026&subject=member")
    assert then.status_code == 200
    assert "Chi bộ tổ dân phố Phúc Sơn" in then.text
    assert f"/u/W/evaluation/{campaign_id}/close" not in then.text
    assert (
        f"/u/W/evaluation/{campaign_id}/close" in browser.get(f"/u/W/evaluation/{campaign_id}").text
    )
    early = browser.get(f"/u/W/evaluation/{campaign_id}?as_of=01/11/2026")
    assert "Ngày này đợt đánh giá chưa mở." in early.text
    board = f"/api/v1/evaluation/campaigns/{campaign_id}/board?unit=W&subject=member"
    lines = browser.get(f"{board}&as_of=2026-12-10").json["items"]
    assert {line["code"]: line["late"] for line in lines} == {"B3": 6, "G": 10}
    assert browser.get(f"{board}&as_of=2026-12-32").status_code == 422
    assert ward.world.now > DECEMBER
