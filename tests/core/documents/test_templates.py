"""Templates of a place: which one holds where and when, sending, checking, trying, withdrawing."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from core.documents.models import DocumentTemplate
from core.documents.render import PDF_TEMPLATE, WORD_TEMPLATE, sample_paper
from core.documents.services import (
    access_document,
    add_template,
    checked,
    file_of,
    print_bytes,
    print_files,
    template_for,
    withdraw_template,
)
from core.documents.services.templates import LARGEST
from core.errors import RuleBroken

TODAY = date(2026, 11, 10)
PAGES = "/u/W1/documents/templates"


def marked(mark: str) -> bytes:
    """Return our template for Word with a mark of its own in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(WORD_TEMPLATE) as ours, zipfile.ZipFile(packed, "w") as theirs:
        for name in ours.namelist():
            part = ours.read(name)
            if name == "word/document.xml":
                text = part.decode().replace("{{p body }}", "{{p body }}", 1)
                body = re.sub(
                    r"(<w:body>)", rf"\1<w:p><w:r><w:t>{mark}</w:t></w:r></w:p>", text, count=1
                )
                part = body.encode()
            theirs.writestr(name, part)
    return packed.getvalue()


def text_of(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return archive.read("word/document.xml").decode()


@pytest.fixture
def give(ward):
    """Put a template in force at a unit."""

    def act(mark: str, unit: str = "W1", **options):
        with ward.work(unit=unit) as work:
            return add_template(work, body=marked(mark), filename=f"{mark}.docx", **options)

    return act


def printed(
    ward, unit: str = "B1", kind: str = "resolution", day: date = date(2026, 11, 10)
) -> str:
    with ward.work(unit=unit, writing=False) as work:
        return text_of(print_bytes(work, replace(sample_paper(kind), day=day), "docx"))


def test_without_any_our_template_holds(ward):
    with ward.work(unit="B1", writing=False) as work:
        assert template_for(work, work.unit, "minutes", "docx", work.today) is None


def test_a_template_holds_at_its_unit_and_below_and_nowhere_else(ward, give):
    give("CUA-PHUONG")
    ward.unit("W2", "commune", "P", name="Đảng bộ phường Nam Hồng Lĩnh")
    assert "CUA-PHUONG" in printed(ward, "B1")
    assert "CUA-PHUONG" in printed(ward, "W1")
    assert "CUA-PHUONG" not in printed(ward, "W2")


def test_the_nearest_template_holds_unless_one_above_is_locked(ward, give):
    give("CUA-TINH", "P")
    give("CUA-CHI-BO", "B1")
    assert "CUA-CHI-BO" in printed(ward, "B1")
    assert "CUA-TINH" in printed(ward, "B2")
    give("BAT-BUOC", "P", locked=True, valid_from=date(2026, 11, 10))
    assert "BAT-BUOC" in printed(ward, "B1")


def test_below_a_lock_no_template_is_taken(ward, give):
    give("BAT-BUOC", "P", locked=True)
    with pytest.raises(RuleBroken):
        give("CUA-CHI-BO", "B1")
    assert give("MOI-HON", "P", locked=True).locked, "whoever locked it may replace it"


def test_a_template_for_one_kind_goes_before_one_for_all(ward, give):
    give("MOI-LOAI")
    give("BIEN-BAN", kind="minutes")
    assert "BIEN-BAN" in printed(ward, kind="minutes")
    assert "MOI-LOAI" in printed(ward, kind="notice")


def test_a_template_holds_from_its_day_on(ward, give):
    give("CU")
    give("MOI", valid_from=date(2026, 12, 1))
    assert "CU" in printed(ward, day=date(2026, 11, 30))
    assert "MOI" in printed(ward, day=date(2026, 12, 1))


def test_a_withdrawn_template_holds_no_more(ward, give):
    template = give("SAI")
    with ward.work(unit="W1") as work:
        withdraw_template(work, work.session.merge(template))
    assert "SAI" not in printed(ward)


def test_a_paper_printed_late_takes_the_template_of_its_own_day(ward, give, issue):
    give("CU", valid_from=date(2026, 1, 1))
    document = issue(lazily=True, day=date(2026, 11, 3))
    give("MOI", valid_from=date(2026, 11, 5))
    with ward.work(unit="B1") as work:
        print_files(work, access_document(work, document.id))
        stored = file_of(work, document, "docx")
    assert "CU" in text_of(stored.body)


def test_an_issued_paper_keeps_its_bytes_when_the_template_changes(ward, give, issue):
    document = issue()
    with ward.work(unit="B1", writing=False) as work:
        before = file_of(work, document, "docx").body
    give("MOI", valid_from=date(2026, 1, 1))
    with ward.work(unit="B1") as work:
        print_files(work, access_document(work, document.id))
        assert file_of(work, document, "docx").body == before


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def staff(ward):
    """A browser of the ward's office."""
    return ward.browser(ward.account("commune_staff", "W1"))


def send(browser, body: bytes, name: str, **data):
    return browser.submit(PAGES, {"file": (io.BytesIO(body), name), **data})


def test_our_template_is_downloaded_changed_and_sent_back(ward, staff):
    assert staff.get(PAGES).status_code == 200
    ours = staff.get(f"{PAGES}/default.docx")
    assert ours.data == WORD_TEMPLATE.read_bytes()
    assert staff.get(f"{PAGES}/default.typ").data == PDF_TEMPLATE.read_bytes()
    assert staff.get(f"{PAGES}/default.odt").status_code == 404
    sent = send(staff, marked("CUA-PHUONG"), "mau.docx", kind="minutes", document_no="05-QĐ/ĐU")
    assert sent.status_code == 303
    text = staff.get(PAGES).text
    assert ("mau.docx" in text, "05-QĐ/ĐU" in text) == (True, True)
    key = re.search(r"templates/([0-9a-f-]{36})/file", text)[1]
    assert b"PK" in staff.get(f"{PAGES}/{key}/file").data
    assert staff.submit(f"{PAGES}/{key}/withdraw").status_code == 303
    assert "mau.docx" not in staff.get(PAGES).text


def test_a_faulty_template_is_refused_with_what_is_wrong_and_where(ward, staff):
    answer = send(staff, marked("{{ issuing_bodi }}"), "mau.docx")
    assert answer.status_code == 409
    assert "issuing_bodi" in answer.text
    for body, name in (
        (b"not a Word file", "mau.docx"),
        (b'#import "@preview/x"', "mau.typ"),
        (b"text", "mau.odt"),
    ):
        assert send(staff, body, name).status_code == 409
    assert staff.submit(PAGES, {"kind": ""}).status_code == 422
    assert ward.rows(DocumentTemplate) == 0


def test_a_template_that_is_too_large_is_not_even_opened():
    assert checked(b"x" * (LARGEST + 1), "mau.docx")[1]


def test_a_template_can_be_checked_without_being_used(ward, staff):
    assert send(staff, marked("THU"), "mau.docx", only_check="1").status_code == 303
    assert send(staff, b"not a Word file", "mau.docx", only_check="1").status_code == 409
    assert ward.rows(DocumentTemplate) == 0


def test_samples_are_printed_with_ours_and_with_a_given_template(ward, staff, give):
    template = give("CUA-PHUONG")
    ours = staff.get(f"{PAGES}/preview?kind=minutes&format=pdf")
    assert ours.data.startswith(b"%PDF")
    theirs = staff.get(f"{PAGES}/preview?kind=notice&format=docx&template={template.id}")
    assert "CUA-PHUONG" in text_of(theirs.data)
    assert staff.get(f"{PAGES}/preview?kind=poem").status_code == 404
    assert staff.get(f"{PAGES}/preview?format=odt").status_code == 422


def test_a_template_from_above_is_seen_and_not_withdrawn_from_below(ward, give):
    template = give("CUA-TINH", "P")
    staff = ward.browser(ward.account("commune_staff", "W1"))
    assert "CUA-TINH.docx" in staff.get(PAGES).text
    assert staff.submit(f"{PAGES}/{template.id}/withdraw").status_code == 409
    other = give("CUA-CHI-BO", "B1")
    assert staff.get(f"{PAGES}/{other.id}/file").status_code == 404, "a unit below"


def test_programs_list_templates(ward, staff, give):
    give("CUA-PHUONG", kind="minutes")
    (item,) = staff.get("/api/v1/documents/templates?unit=W1").json["items"]
    assert (item["filename"], item["kind"], item["format"]) == (
        "CUA-PHUONG.docx",
        "minutes",
        "docx",
    )
