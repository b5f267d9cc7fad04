"""The pilot models of the inhabited world: units that take part, reviews, a trial with a change."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.work import Work
from plugins.pilots import services
from plugins.pilots.models import Change, Decision, Input, Milestone, Registration, Review, Trial
from plugins.pilots.services import TrialFacts, Vote
from tests.core.inhabited_meetings import ABOVE

MODEL = "four_good_branch"
MARCH = date(2026, 3, 3)
POINTS = {"tasks": 28, "meetings": 22, "unity": 18, "people": 22}


def pilots(place: Any, work: Work, many: int) -> None:
    """Let the branches take part, the ward review, and a trial wait for its approval."""
    above = work.at(place.world.place(ABOVE, work))
    ids = [place.world.place(f"B{number}", work).id for number in range(1, many + 2)]
    facts = {"model_code": MODEL, "registered_on": MARCH, "created_at": work.now}
    rows = [Registration(unit_id=key, **facts) for key in ids]
    work.session.add_all(rows)
    work.session.flush()
    own = rows[0]
    services.score_unit(work, own, points=POINTS, vote=Vote(None, 9, 9, 9))
    made = {"registration_id": own.id, "created_at": work.now}
    reviewed = _review(work, covers_from=MARCH, covers_to=work.today)
    for number in range(many):
        work.session.add_all(
            [
                Input(unit_id=own.unit_id, title=f"Máy in {number}", given_on=MARCH, **made),
                Milestone(
                    title="Sơ kết sáu tháng",
                    reached_on=MARCH,
                    registration_id=rows[number].id,
                    created_at=work.now,
                ),
                Review(unit_id=own.unit_id, registration_id=own.id, **reviewed),
                Review(unit_id=above.unit.id, **reviewed),
                Decision(
                    unit_id=above.unit.id,
                    model_code=MODEL,
                    outcome="change",
                    decided_on=MARCH,
                    document_no="3-QĐ/ĐU",
                    created_at=work.now,
                ),
            ]
        )
    trial = _trials(above, ids, many)
    place.keep(work, registration_id=own.id, trial_id=trial.id)
    place.pick(work, change_id=(Change, {"trial_id": trial.id}))
    place.pick(work, **{"pilots.review_id": (Review, {"registration_id": own.id})})
    place.examples["pilots.code"] = MODEL
    place.examples["number"] = "1"


def _review(work: Work, **span: date) -> dict[str, Any]:
    return {
        "model_code": MODEL,
        "reviewed_on": work.today,
        "results": "Đảng viên dự đông hơn.",
        "limitations": [],
        "proposals": [],
        "sent_at": work.now,
        "created_at": work.now,
        **span,
    }


def _trials(above: Work, ids: list[Any], many: int) -> Trial:
    facts = {"starts_on": date(2026, 11, 20), "sunset_on": date(2027, 5, 20)}
    made = {"unit_ids": [], "settings": [], "given": [], "indicators": [], "comparison_ids": []}
    above.session.add_all(
        Trial(unit_id=above.unit.id, model_code=MODEL, title=f"Đợt {number}",
              created_at=above.now, **facts, **made)
        for number in range(many)
    )  # fmt: skip
    settings = [{"key": "pilots.review_months", "value": 3}]
    plan = TrialFacts("online_meetings", "Đợt một", unit_ids=ids[:2], settings=settings, **facts)
    trial = services.plan_trial(above, plan)
    services.propose_change(above, trial, kind="start")
    return trial
