"""The register and its pages: filters, keys, print, papers from elsewhere, what is refused."""

import base64
import io
import zipfile
from datetime import date, timedelta

import pytest
from docx import Document as WordFile

from core.documents.models import Document, DocumentFile
from core.documents.pdf_text import pdf_lines
from core.documents.services import Upload, access_document, check_upload, void_document
from core.documents.views import PAGE
from core.errors import InvalidInput, RuleBroken
from core.units.services import void_unit

REGISTER = "/u/B1/documents/"
OUTSIDE = {
    "code": "33-KL/ThU",
    "issuer": "Thị ủy Hồng Lĩnh",
    "issued_on": "20/01/2022",
    "subject": "về nâng cao chất lượng sinh hoạt chi bộ khu dân cư",
}


def word(text: str = "Nội dung công khai") -> bytes:
    file = WordFile()
    file.add_paragraph(text)
    packed = io.BytesIO()
    file.save(packed)
    return packed.getvalue()


@pytest.fixture
def secretary(ward):
    """A browser of the branch's secretary."""
    return ward.browser(ward.account("branch_secretary", "B1"))


def send(browser, file: tuple[bytes, str] | None = None, **changes):
    data = {**OUTSIDE, **changes}
    if file is not None:
        data["file"] = (io.BytesIO(file[0]), file[1])
    return browser.submit(REGISTER + "outside", data)


def test_an_empty_register_says_what_comes_first(secretary):
    page = secretary.get(REGISTER)
    assert page.status_code == 200
    assert "empty" in page.text
    assert "<select" not in page.text, "nothing to filter yet"


def test_a_register_of_one_kind_offers_no_choice_of_kinds(secretary, issue):
    issue(lazily=True)
    assert "<select" not in secretary.get(REGISTER).text
    issue(lazily=True, kind="minutes")
    assert secretary.get(REGISTER).text.count("<select") == 1


def test_the_newest_paper_stands_on_top(secretary, issue):
    issue(lazily=True, day=date(2026, 11, 1), subtitle="cũ hơn")
    issue(lazily=True, day=date(2026, 11, 3), subtitle="mới hơn")
    text = secretary.get(REGISTER).text
    assert text.index("mới hơn") < text.index("cũ hơn")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=NQ", {"một", "ba"}),
        ("kind=BB", {"hai"}),
        ("term=2025-01-01", {"một", "hai"}),
        ("year=2024", {"ba"}),
        ("q=mot", {"một"}),
        ("q=MỘT", {"một"}),
        ("q=01-bb", {"hai"}),
        ("q=nghi quyet ba", {"ba"}),
        ("q=nothing", set()),
        ("source=registered", {"Thị ủy"}),
        ("kind=KL", {"Thị ủy"}),
    ],
)
def test_the_register_is_narrowed(secretary, issue, query, expected):
    issue(lazily=True, subtitle="về việc một", day=date(2026, 11, 1))
    issue(lazily=True, subtitle="về việc hai", kind="minutes", day=date(2026, 11, 2))
    issue(lazily=True, subtitle="về việc ba", day=date(2024, 11, 2))
    send(secretary)
    shown = secretary.get(f"{REGISTER}?{query}").text.split("<main")[1]
    marks = {"một": "việc một", "hai": "việc hai", "ba": "việc ba", "Thị ủy": "Thị ủy Hồng"}
    assert {name for name, mark in marks.items() if mark in shown} == expected


@pytest.mark.parametrize("query", ["year=12", "term=soon", "cursor=x", "colour=red", "source=moon"])
def test_a_query_that_cannot_be_read_is_refused(secretary, query):
    assert secretary.get(f"{REGISTER}?{query}").status_code == 422


def test_a_long_register_goes_on_by_key_in_the_same_statements(secretary, issue, statements):
    for number in range(PAGE + 5):
        issue(lazily=True, subtitle=f"số {number:02d}", day=date(2026, 1, 1) + timedelta(number))
    secretary.get(REGISTER)
    before = statements.count
    first = secretary.get(REGISTER).text
    assert statements.count - before <= 10
    assert ("số 54" in first, "số 04" in first) == (True, False)
    cursor = first.split("cursor=")[1].split('"')[0].split("&")[0]
    second = secretary.get(f"{REGISTER}?cursor={cursor}").text
    assert ("số 04" in second, "số 05" in second) == (True, False)


def test_the_register_is_printed_as_a_paper(secretary, issue):
    issue(lazily=True, subtitle="về vệ sinh môi trường")
    send(secretary)
    answer = secretary.get(REGISTER + "register.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = " ".join(pdf_lines(answer.data))
    assert "SỔ ĐĂNG KÝ VĂN BẢN" in text
    assert "33-KL/ThU" in text
    assert secretary.get(REGISTER + "register.pdf?year=1999").status_code == 200


def test_a_paper_shows_its_facts_and_downloads(secretary, issue):
    document = issue()
    page = secretary.get(f"{REGISTER}{document.id}").text
    assert "01-NQ/CB" in page
    assert f"{REGISTER}{document.id}/docx" in page
    answer = secretary.get(f"{REGISTER}{document.id}/docx")
    assert "01-NQ-CB.docx" in answer.headers["Content-Disposition"]
    assert secretary.get(f"{REGISTER}{document.id}/upload").status_code == 404
    assert secretary.get(f"{REGISTER}{document.id}/odt").status_code == 404


def test_a_paper_is_voided_with_a_reason(secretary, issue):
    document = issue(lazily=True)
    refused = secretary.submit(f"{REGISTER}{document.id}/void", {"reason": " "})
    assert refused.status_code == 422
    done = secretary.submit(f"{REGISTER}{document.id}/void", {"reason": "Sai trích yếu."})
    assert done.status_code == 303
    page = secretary.get(f"{REGISTER}{document.id}").text
    assert "Sai trích yếu." in page
    assert "/void" not in page
    again = secretary.submit(f"{REGISTER}{document.id}/void", {"reason": "Lần nữa."})
    assert again.status_code == 409


def test_rights_decide_who_sees_and_who_issues(ward, issue):
    document = issue(lazily=True)
    reader = ward.browser(ward.account("branch_committee", "B1"))
    nobody = ward.browser(ward.account("member", "B1"))
    stranger = ward.browser(ward.account("branch_secretary", "B2"))
    for address in (REGISTER, f"{REGISTER}{document.id}", f"{REGISTER}{document.id}/pdf"):
        assert reader.get(address).status_code in (200, 303)
        assert nobody.get(address).status_code == 403
        assert stranger.get(address).status_code == 404
    assert reader.get(REGISTER + "outside").status_code == 403
    assert reader.submit(f"{REGISTER}{document.id}/void", {"reason": "x"}).status_code == 403
    assert reader.get(REGISTER + "templates").status_code == 403
    assert stranger.get(f"/u/B2/documents/{document.id}").status_code == 404


def test_a_paper_from_elsewhere_is_entered_once_with_its_file(secretary, ward):
    answer = send(secretary, (word(), "ket luan 33.docx"))
    assert answer.status_code == 303
    shown = secretary.get(answer.location).text
    assert "Thị ủy Hồng Lĩnh" in shown
    assert "ket luan 33.docx" in shown
    file = secretary.get(f"{answer.location}/upload")
    assert file.data.startswith(b"PK")
    assert send(secretary).status_code == 409
    assert ward.rows(Document) == 1


def test_the_same_number_of_another_day_or_issuer_is_another_paper(secretary, ward):
    assert send(secretary).status_code == 303
    assert send(secretary, issued_on="20/01/2017").status_code == 303
    assert send(secretary, issuer="Huyện ủy Nghi Xuân").status_code == 303
    assert ward.rows(Document) == 3


@pytest.mark.parametrize(
    ("body", "name", "status"),
    [
        (word("TUYỆT MẬT"), "a.docx", 409),
        (word(), "TỐI MẬT.docx", 409),
        (b"MZ\x90\x00 a program", "a.docx", 422),
        (b"\xff\xd8\xff\xe0 a picture", "a.jpg", 422),
        (b"PK\x03\x04 torn", "a.docx", 422),
        (b"", "a.docx", 422),
    ],
    ids=["mark", "mark in the name", "program", "picture", "torn", "empty"],
)
def test_a_file_that_may_not_be_kept_is_refused_and_nothing_is_entered(
    secretary, ward, body, name, status
):
    answer = send(secretary, (body, name))
    assert answer.status_code == status
    assert 'href="#f-file"' in answer.text
    assert OUTSIDE["subject"] in answer.text, "what was typed is still there"
    assert (ward.rows(Document), ward.rows(DocumentFile)) == (0, 0)


def test_a_file_with_macros_and_a_plain_archive_are_refused(secretary, ward):
    for names in (["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"], ["a.txt"]):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, "<x/>")
        assert send(secretary, (packed.getvalue(), "a.docx")).status_code == 422
    assert ward.rows(Document) == 0


def test_a_file_may_be_as_large_as_the_place_allows(ward):
    ward.give("core.documents.upload_megabytes", 1, "W1")
    pdf = b"%PDF-1.7\n"
    with ward.work(unit="B1", writing=False) as work:
        assert check_upload(work, Upload("a.pdf", pdf.ljust(1_000_000, b"0"))) == "application/pdf"
        with pytest.raises(InvalidInput, match="1 MB"):
            check_upload(work, Upload("a.pdf", pdf.ljust(1_000_001, b"0")))
    with ward.work(unit="P", writing=False) as work:
        assert check_upload(work, Upload("a.pdf", pdf.ljust(1_000_001, b"0")))


@pytest.mark.parametrize(
    "change",
    [
        {"issued_on": "31/02/2022"},
        {"issued_on": "01/01/2099"},
        {"code": ""},
        {"issuer": ""},
        {"subject": "a" * 601},
        {"colour": "red"},
    ],
)
def test_a_paper_from_elsewhere_with_wrong_facts_is_refused(secretary, ward, change):
    assert send(secretary, **change).status_code in (409, 422)
    assert ward.rows(Document) == 0


def test_numbers_used_on_paper_are_kept(secretary, issue):
    assert secretary.get(REGISTER + "numbers").status_code == 200
    done = secretary.submit(REGISTER + "numbers", {"kind": "resolution", "last": "12"})
    assert done.status_code == 303
    assert issue(lazily=True).code == "13-NQ/CB"
    back = secretary.submit(REGISTER + "numbers", {"kind": "resolution", "last": "3"})
    assert (back.status_code, 'href="#f-last"' in back.text) == (409, True)
    odd = secretary.submit(REGISTER + "numbers", {"kind": "poem", "last": "3"})
    assert odd.status_code == 409


def test_search_finds_papers_by_subject_without_marks_where_they_may_be_seen(ward, issue):
    issue("B2", lazily=True, subtitle="về vệ sinh môi trường")
    ours = ward.browser(ward.account("branch_secretary", "B1"))
    theirs = ward.browser(ward.account("branch_secretary", "B2"))
    assert "01-NQ/CB" in theirs.get("/search?q=ve sinh moi truong").text
    assert "01-NQ/CB" not in ours.get("/search?q=ve sinh moi truong").text


def test_a_unit_with_papers_cannot_be_voided(ward, issue):
    document = issue("B2", lazily=True)
    with ward.work(unit="B2") as work:
        void_document(work, access_document(work, document.id), reason="nhầm")
    with pytest.raises(RuleBroken), ward.work() as work:
        void_unit(work, ward.place("B2", work), reason="lập nhầm")


# --- programs ------------------------------------------------------------------------------------


def test_programs_list_show_print_and_download(ward, secretary, issue):
    document = issue(lazily=True)
    (item,) = secretary.get("/api/v1/documents?unit=B1").json["items"]
    assert (item["code"], item["state"]) == ("01-NQ/CB", "issued")
    address = f"/api/v1/documents/{document.id}"
    shown = secretary.get(f"{address}?unit=B1")
    assert (shown.json["files"], shown.headers["ETag"]) == ([], '"1"')
    assert secretary.get(f"{address}/files/pdf?unit=B1").status_code == 409
    printed = secretary.send("POST", f"{address}/print?unit=B1", {})
    assert {file["format"] for file in printed.json["files"]} == {"docx", "pdf"}
    assert secretary.get(f"{address}/files/pdf?unit=B1").data.startswith(b"%PDF")
    assert secretary.get(f"{address}?unit=B2").status_code == 404
    for other in ("upload", "odt", "x" * 200):
        assert secretary.get(f"{address}/files/{other}?unit=B1").status_code == 404


def test_programs_void_only_what_they_know(ward, secretary, issue):
    document = issue(lazily=True)
    address = f"/api/v1/documents/{document.id}/void?unit=B1"
    reason = {"reason": "sai"}
    assert secretary.send("POST", address, reason).status_code == 428
    assert secretary.send("POST", address, reason, headers={"If-Match": '"9"'}).status_code == 412
    done = secretary.send("POST", address, reason, headers={"If-Match": '"1"'})
    assert (done.status_code, done.json["state"]) == (200, "voided")


def test_programs_enter_papers_from_elsewhere_with_a_file(ward, secretary):
    address = "/api/v1/documents/outside?unit=B1"
    facts = {**OUTSIDE, "issued_on": "2022-01-20"}
    file = {"filename": "33.docx", "base64": base64.b64encode(word()).decode()}
    done = secretary.send("POST", address, {**facts, "file": file})
    assert (done.status_code, done.json["files"][0]["format"]) == (201, "upload")
    for wrong in (
        "text",
        {"filename": "a"},
        {"filename": "a", "base64": "%%%"},
        {"filename": 1, "base64": 2},
    ):
        bad = secretary.send("POST", address, {**facts, "code": "34-KL/ThU", "file": wrong})
        assert (bad.status_code, "file" in bad.json["fields"]) == (422, True)
    secret = {"filename": "a.docx", "base64": base64.b64encode(word("MẬT")).decode()}
    refused = secretary.send("POST", address, {**facts, "code": "35-KL/ThU", "file": secret})
    assert refused.status_code == 409
    assert ward.rows(Document) == 1
