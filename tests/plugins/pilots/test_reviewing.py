"""Reviews are sent and stay; decisions bear a document and a scope; both print."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from core.documents.services import print_bytes
from core.errors import InvalidInput, NotFound, RuleBroken
from plugins.pilots import services
from plugins.pilots.services import DecisionFacts, ReviewFacts
from tests.browser.papers import pages_of

FACTS = ReviewFacts(
    kind="interim",
    reviewed_on=date(2026, 9, 30),
    covers_from=date(2026, 3, 3),
    covers_to=date(2026, 9, 30),
    results="Sinh hoạt nền nếp hơn.\nĐảng viên dự đông hơn.",
    limitations=["Người hoạt động không chuyên trách khó bố trí thời gian", " "],
    proposals=["Cho sinh hoạt tại chi bộ cơ quan"],
)


def text_of(data: bytes) -> str:
    """Return the text of a Word document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml").decode()
    return "".join(piece.split("<")[0] for piece in xml.split(">"))


def test_a_review_is_changed_until_it_is_sent_and_seen_above_only_then(town) -> None:
    made = town.registered()
    with town.work() as work:
        part = services.own_registration(work, made.id)
        review = services.write_review(work, FACTS, model_code=part.model_code, registration=part)
        assert review.limitations == ["Người hoạt động không chuyên trách khó bố trí thời gian"]
        services.change_review(work, review, FACTS)
    with town.work(town.staff, "W") as work:
        assert services.list_reviews(work)[0] == []
        with pytest.raises(NotFound):
            services.access_review(work, review.id)
    with town.work() as work:
        found = services.send_review(work, services.access_review(work, review.id))
        with pytest.raises(RuleBroken):
            services.change_review(work, found, FACTS)
    with town.work(town.staff, "W") as work:
        [seen], _more = services.list_reviews(work, registration_id=made.id)
        assert seen.id == review.id
        with pytest.raises(NotFound):
            services.send_review(work, seen)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"results": " "}, "results"),
        ({"covers_to": date(2026, 1, 1)}, "covers_to"),
        ({"reviewed_on": date(2027, 1, 1)}, "reviewed_on"),
        ({"kind": "weekly"}, "kind"),
    ],
)
def test_a_review_that_says_nothing_sound_is_refused(town, changes, field) -> None:
    values = {name: getattr(FACTS, name) for name in FACTS.__slots__}
    with pytest.raises(InvalidInput) as refused, town.work(town.staff, "W") as work:
        services.write_review(
            work, ReviewFacts(**{**values, **changes}), model_code="online_meetings"
        )
    assert field in refused.value.fields


def test_a_review_prints_as_a_report(town) -> None:
    with town.work(town.staff, "W") as work:
        review = services.write_review(work, FACTS, model_code="online_meetings")
        draft = text_of(print_bytes(work, services.review_paper(work, review), "docx"))
        services.send_review(work, review)
        text = text_of(print_bytes(work, services.review_paper(work, review), "docx"))
    assert "(Dự thảo)" in draft
    for part in (
        "BÁO CÁO",
        "Sơ kết mô hình “Sinh hoạt chi bộ trực tuyến”",
        "Đảng viên dự đông hơn.",
        "Cho sinh hoạt tại chi bộ cơ quan",
        "Trần Văn Bình",
    ):
        assert part in text, part


@pytest.mark.slow
def test_libreoffice_prints_the_report_with_the_same_text(town, tmp_path) -> None:
    with town.work(town.staff, "W") as work:
        review = services.write_review(work, FACTS, model_code="online_meetings")
        paper = services.review_paper(work, services.send_review(work, review))
        file = tmp_path / "report.docx"
        file.write_bytes(print_bytes(work, paper, "docx"))
    text = " ".join(" ".join(pages_of(file, tmp_path)).split())
    for part in ("Số", "BÁO CÁO", "I. Kết quả đạt được", "Đảng viên dự đông hơn.", "BÍ THƯ"):
        assert part in text, (part, text)


def test_the_decision_to_recognise_is_issued_once_under_its_number(town) -> None:
    made = town.scored()
    with town.work(town.staff, "W") as work:
        found = services.access_registration(work, made.id)
        with pytest.raises(RuleBroken):
            services.issue_recognition(work, found)
        services.recognise(work, found, decision_no="25-QĐ/ĐU")
        document = services.issue_recognition(work, found)
        assert document.code == "25-QĐ/ĐU"
        with pytest.raises(RuleBroken):
            services.issue_recognition(work, found)
        text = text_of(print_bytes(work, services.recognition_paper(work, found), "docx"))
    for part in ("QUYẾT ĐỊNH", "Chi bộ tổ dân phố số 1 đạt “Chi bộ bốn tốt” năm 2026", "90"):
        assert part in text, part


def test_a_decision_has_a_day_a_number_and_a_scope_and_is_read_below(town) -> None:
    facts = DecisionFacts("extend", date(2026, 11, 1), "30-QĐ/ĐU", "3 chi bộ", until=None)
    with pytest.raises(InvalidInput) as refused, town.work(town.staff, "W") as work:
        services.decide(work, facts, model_code="online_meetings")
    assert "until" in refused.value.fields
    trial = town.running()
    with town.work(town.staff, "W") as work:
        services.decide(
            work,
            DecisionFacts("roll_out", date(2026, 11, 10), "30-QĐ/ĐU", "Toàn phường"),
            model_code="online_meetings",
            trial=services.own_trial(work, trial.id),
        )
    with town.work() as work:
        [decision] = services.list_decisions(work, model="online_meetings")
        assert (decision.outcome, decision.scope) == ("roll_out", "Toàn phường")
    for changes in (
        {"document_no": " "},
        {"scope": ""},
        {"decided_on": date(2027, 1, 1)},
        {"outcome": "dance"},
    ):
        values = {"outcome": "stop", "decided_on": date(2026, 11, 1), "document_no": "1"}
        with pytest.raises(InvalidInput), town.work(town.staff, "W") as work:
            services.decide(
                work,
                DecisionFacts(**{"scope": "x", **values, **changes}),
                model_code="online_meetings",
            )
