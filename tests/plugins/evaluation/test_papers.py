"""Papers: forms, ballots, the count, slips, lists, reports, as LibreOffice opens them."""

from __future__ import annotations

import subprocess
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from core.documents.services import print_bytes
from core.errors import RuleBroken
from core.periods import Period
from plugins.evaluation import services
from plugins.evaluation.models import SelfReview
from tests.plugins.evaluation.builders import at_stage, levelled, opened, reviews_of, sitting

EVERYBODY = ("member", "unit", "collective", "leader")
FORMS = {
    "01": ("G", "collective", "Báo cáo kiểm điểm tập thể"),
    "2A": ("B3", "leader", "Bản kiểm điểm cá nhân giữ chức vụ lãnh đạo, quản lý"),
    "2B": ("B1", "member", "Bản kiểm điểm cá nhân công tác trong hệ thống chính trị"),
    "2C": ("B3", "member", "Bản kiểm điểm cá nhân không công tác trong hệ thống chính trị"),
}


def words(data: bytes) -> str:
    """Return all words of a Word file, tables too."""
    body = docx.Document(BytesIO(data)).element.body
    texts = (node.text or "" for node in body.iter() if str(node.tag).endswith(("}t", "}br")))
    return " ".join(" ".join(texts).split())


def opened_by_libreoffice(folder: Path, files: dict[str, bytes]) -> dict[str, str]:
    """Return the text of Word files as LibreOffice shows it, all in one go."""
    for name, data in files.items():
        (folder / f"{name}.docx").write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder,
         *(folder / f"{name}.docx" for name in files)],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)}, capture_output=True, check=True,
    )  # fmt: skip
    return {
        name: " ".join((folder / f"{name}.txt").read_text(encoding="utf-8-sig").split())
        for name in files
    }


def filled_form(work: Any, campaign: Any, code: str) -> bytes:
    """Return a form filled in and handed in."""
    unit, subject, _title = FORMS[code]
    review = reviews_of(work, campaign, unit, subject)[0]
    assert review.form == code
    text = SelfReview(
        review_id=review.id, unit_id=review.unit_id, proposed_level="good", scores={},
        answers={"strengths": f"Đã hoàn thành việc được giao, mẫu {code}."}, saved_at=work.now,
    )  # fmt: skip
    return print_bytes(work, services.form_paper(work, campaign, review, text), "docx")


def all_papers(ward: Any) -> dict[str, bytes]:
    """Return every paper of a campaign on its way, each as a Word file."""
    with ward.work() as work:
        campaign = opened(work, subjects=EVERYBODY)
        files = {f"form-{code}": filled_form(work, campaign, code) for code in FORMS}
        at_stage(work, "vote", reviews_of(work, campaign, "B3"))
    with ward.work(ward.secretary, "B3") as work:
        mine = services.all_here(work, campaign, subject="member")
        papers = {"ballots": services.batch_paper(work, campaign, mine, what=("ballots",))}
        rows = [services.BallotRow(review.id, good=9) for review in mine]
        services.record_ballots(work, campaign, sitting(10), rows)
        papers["count"] = services.ballot_count_paper(work, campaign, mine)
        files |= {name: print_bytes(work, paper, "docx") for name, paper in papers.items()}
    with ward.work() as work:
        decided = levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
        units = {decided[0].unit_id: "Chi bộ tổ dân phố Phúc Sơn"}
        lines = services.level_table(work, services.period_named(work, "2026"))
        papers = {
            "list": services.decision_list_paper(work, campaign, decided, units),
            "slips": services.slips_paper(work, campaign, decided),
            "report": services.results_paper(work, "Kết quả năm 2026", lines),
        }
        files |= {name: print_bytes(work, paper, "docx") for name, paper in papers.items()}
    return files


def test_every_paper_opens_in_libreoffice_and_says_what_was_written(ward, tmp_path) -> None:
    files = all_papers(ward)
    shown = opened_by_libreoffice(tmp_path, files)
    for name, data in files.items():
        lost = Counter(words(data).split()) - Counter(shown[name].split())
        assert not lost, (name, lost)
    for code, (_unit, _subject, title) in FORMS.items():
        assert title.upper() in shown[f"form-{code}"].upper()
        assert f"Đã hoàn thành việc được giao, mẫu {code}." in shown[f"form-{code}"]
        assert "Hoàn thành tốt nhiệm vụ" in shown[f"form-{code}"]
    assert "PHIẾU ĐÁNH GIÁ" in shown["ballots"]
    assert "BIÊN BẢN KIỂM PHIẾU" in shown["count"]
    assert "DANH SÁCH ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG" in shown["list"]
    assert "Hoàn thành xuất sắc nhiệm vụ: 02" in shown["list"]
    assert "Hoàn thành tốt nhiệm vụ: 08" in shown["list"]
    for member in ward.people["B3"]:
        for name in ("ballots", "count", "list", "slips"):
            assert member.full_name in shown[name], name
    assert shown["slips"].count("12-QĐ/ĐU") == 10
    assert "10/10 (100%), trong đó xuất sắc 2/10 (20%)" in shown["report"]


def test_the_batch_of_a_branch_has_a_form_for_everybody_and_one_ballot(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        at_stage(work, "vote", reviews_of(work, campaign, "B3"))
    with ward.work(ward.secretary, "B3") as work:
        mine = services.all_here(work, campaign, subject="member")
        batch = services.batch_paper(work, campaign, mine, what=("sheet", "ballots", "forms"))
        said = words(print_bytes(work, batch, "docx"))
        assert said.count("Mẫu 2C.") == 10
        assert said.count("PHIẾU ĐÁNH GIÁ") == 1
        rows = [services.BallotRow(review.id, good=9) for review in mine]
        services.record_ballots(work, campaign, sitting(10), rows)
        count = services.ballot_count_paper(work, campaign, mine)
        said = words(print_bytes(work, count, "docx"))
        assert "BIÊN BẢN KIỂM PHIẾU" in said
        assert "thu về: 10" in said
        with pytest.raises(RuleBroken):
            services.slips_paper(work, campaign, mine)


def test_papers_of_a_batch_name_the_organisation_and_tell_the_leader_apart(ward) -> None:
    with ward.work() as work:
        campaign = opened(work, subjects=EVERYBODY)
    with ward.work(ward.secretary, "B3") as work:
        mine = services.all_here(work, campaign)
        [leader] = [one for one in mine if one.subject_kind == "leader"]
        said = {
            name: words(print_bytes(work, services.batch_paper(work, campaign, mine, what=(name,)),
                                    "docx"))
            for name in ("sheet", "ballots", "forms")
        }  # fmt: skip
    assert said["sheet"].count(leader.subject_name) == 1, "who is rated twice signs once"
    assert said["ballots"].count(f"{leader.subject_name} (cá nhân lãnh đạo)") == 1
    assert said["ballots"].count(leader.subject_name) == 2
    assert said["forms"].count("Tổ chức đảng: Chi bộ tổ dân phố Phúc Sơn") == 11
    assert said["forms"].count("Tên tập thể: Chi bộ tổ dân phố Phúc Sơn") == 1
    assert "Họ và tên: Chi bộ" not in said["forms"]
    assert max(map(len, said["forms"].split())) <= 32, "a dotted line stays one line"


def test_whoever_may_vote_signs_for_a_ballot_and_nobody_else(ward) -> None:
    ward.world.member("B3", "Lê Thị Dự Bị", status="probationary")
    exempt = ward.world.member("B3", "Lê Thị Miễn", status="exempt")
    with ward.work() as work:
        campaign = opened(work)
    with ward.work(ward.secretary, "B3") as work:
        mine = services.all_here(work, campaign)
        sheet = services.batch_paper(work, campaign, mine, what=("sheet",))
        said = words(print_bytes(work, sheet, "docx"))
        assert services.entitled_here(work) == 10
    assert "Lê Thị Dự Bị" not in said
    assert exempt.full_name not in said
    assert all(member.full_name in said for member in ward.people["B3"])


def test_a_branch_is_offered_only_papers_that_exist_already(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        at_stage(work, "vote", reviews_of(work, campaign, "B3"))
    browser = ward.world.browser(ward.secretary)
    place = f"/u/B3/evaluation/{campaign.id}"
    page = browser.get(f"{place}/here").get_data(as_text=True)
    assert "print/all.docx" in page
    assert "print/count.docx" not in page
    assert "print/slips.docx" not in page
    with ward.work() as work:
        levelled(work, campaign, reviews_of(work, campaign, "B3"))
    page = browser.get(f"{place}/here").get_data(as_text=True)
    assert "print/slips.docx" in page


def test_a_report_prints_shares_with_of_which(ward) -> None:
    rows = [ward.member_row("B3", n, level="excellent" if n < 2 else "good") for n in range(9)]
    ward.take_in([*rows, ward.member_row("B3", 9, level="completed")])
    with ward.work() as work:
        lines = services.level_table(work, Period.of_year(2023))
        paper = services.results_paper(work, "Kết quả năm 2023", lines)
        said = words(print_bytes(work, paper, "docx"))
    assert "hoàn thành tốt nhiệm vụ trở lên 9/10 (90%), trong đó xuất sắc 2/9 (22,2%)" in said
