"""The pages of import and export, and what programs send and get."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput
from core.exchange.models import Import, ImportRow
from core.exchange.registry import datasets_of
from core.exchange.services import access_dataset
from core.exchange.uploads import check_upload, folder_of
from core.exchange.workbook import Limits, read_rows
from core.ledger.recording import read_line
from core.members.datasets.description import MemberRow
from core.members.models import Member
from core.testing import Browser, Counter, World

GOOD = "card_no,full_name,unit_code,admitted_on\n00000001,Nguyễn Văn An,B1,1985-05-19\n"
MIXED = GOOD + "00000002,Trần Thị Bình,NOWHERE,1985-05-19\n"


@pytest.fixture
def officer(ward: World) -> Browser:
    """A browser of the first ward's staff."""
    return ward.browser(ward.account("commune_staff", "W1"))


def send(browser: Browser, body: bytes, name: str = "m.csv", **fields: Any) -> Any:
    data = {"dataset": "members", "file": (io.BytesIO(body), name), **fields}
    return browser.submit("/u/W1/exchange/upload", data)


def folder(world: World) -> Path:
    with world.work(writing=False) as work:
        return folder_of(work)


@pytest.fixture(autouse=True)
def no_uploads(world: World) -> None:
    """Begin each test without the files of others."""
    for path in folder(world).iterdir():
        path.unlink()


def test_a_file_is_checked_then_imported_then_taken_back(officer: Browser, ward: World) -> None:
    answer = send(officer, MIXED.encode(), "danh sách.csv")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    shown = officer.get(address).get_data(as_text=True)
    assert "Kiểm tra tệp: 1 dòng hợp lệ, 1 dòng cần sửa. Chưa thay đổi gì." in shown
    assert "NOWHERE" in shown
    assert "Nhập 1 dòng" in shown
    assert ward.rows(Member) == 0

    notes = officer.get(f"{address}/annotated")
    assert notes.headers["Content-Disposition"].startswith("attachment")
    path = folder(ward) / "notes.xlsx"
    path.write_bytes(notes.data)
    with read_rows(path, list(_columns(ward))) as rows:
        assert [row.values["unit_code"] for row in rows] == ["NOWHERE", "B1"]
    path.unlink()

    done = officer.submit(f"{address}/apply", follow_redirects=True).get_data(as_text=True)
    assert "Đã nhập 1 dòng." in done
    assert ward.rows(Member) == 1
    assert [one.suffix for one in folder(ward).iterdir()] == [".xlsx"]
    listed = officer.get("/u/W1/exchange/").get_data(as_text=True)
    assert "danh sách.csv" in listed

    again = officer.submit(f"{address}/apply")
    assert again.status_code == 409
    back = officer.submit(f"{address}/undo", follow_redirects=True).get_data(as_text=True)
    assert "Đã hoàn tác lần nhập này." in back
    assert ward.rows(Member) == 0


def _columns(world: World) -> Any:
    with world.work(writing=False) as work:
        return datasets_of(work)["members"].columns(work)


def test_what_stands_in_the_way_of_undoing_is_listed(officer: Browser, ward: World) -> None:
    address = send(officer, GOOD.encode()).headers["Location"]
    officer.submit(f"{address}/apply")
    with ward.work(writing=False) as work:
        member = work.session.scalars(sa.select(Member)).one()
    ward.account(member=member)
    refused = officer.submit(f"{address}/undo")
    assert refused.status_code == 409
    assert "Dòng 2: " in refused.get_data(as_text=True)
    assert ward.rows(Member) == 1


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "m.csv"),
        (b"%PDF-1.4 ...", "m.pdf"),
        (b"just text", "m.xlsx"),
        (b"a,b\n1,2\n", "m.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "m.xls"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_do(
    officer: Browser, ward: World, body: bytes, name: str
) -> None:
    answer = send(officer, body, name)
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    assert ward.rows(Import) == 0
    assert list(folder(ward).iterdir()) == []


def test_a_bomb_and_a_file_too_large_are_refused(officer: Browser, ward: World) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert send(officer, bomb.getvalue(), "m.xlsx").status_code == 422
    declared = {"CONTENT_LENGTH": "31000001"}
    answer = officer.submit("/u/W1/exchange/upload", {}, environ_overrides=declared)
    assert answer.status_code == 413
    with ward.work() as work:
        dataset = access_dataset(work, "members", importing=True)
        large = io.BytesIO(b"x" * (2**20 + 1))
        with pytest.raises(InvalidInput) as refused:
            check_upload(work, dataset, large, "m.csv", Limits(megabytes=1))
    assert "1 MB" in refused.value.sentence
    assert list(folder(ward).iterdir()) == []


def test_a_form_without_a_file_says_so(officer: Browser) -> None:
    answer = officer.submit("/u/W1/exchange/upload", {"dataset": "members"})
    assert answer.status_code == 422
    assert "Chọn tệp cần nhập." in answer.get_data(as_text=True)


def test_files_of_yesterday_are_gone(officer: Browser, ward: World) -> None:
    address = send(officer, GOOD.encode()).headers["Location"]
    file = next(folder(ward).iterdir())
    file.unlink()
    assert "một ngày" in officer.get(address).get_data(as_text=True)
    assert officer.submit(f"{address}/apply").status_code == 409
    assert ward.rows(Member) == 0


def test_an_export_is_recorded_before_it_is_handed_over(
    officer: Browser, ward: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.member("B1", "Nguyễn Văn An")
    lines: list[Any] = []

    def spooled(work: Any, route: str) -> None:
        line = read_line(work, route)
        if line is not None:
            lines.append(json.loads(line))

    monkeypatch.setattr("core.exchange.exporting.spool_read", spooled)
    answer = officer.get("/u/W1/exchange/export?dataset=members&format=csv")
    assert lines[0]["route"] == "exchange.export members"
    assert set(lines[0]["shown"]["member"]["classes"]) == {"birth", "card", "standing"}
    assert "filename=members-W1.csv;" in answer.headers["Content-Disposition"]
    assert answer.data.decode("utf-8-sig").splitlines()[1].split(",")[2] == "Nguyễn Văn An"
    assert list(folder(ward).iterdir()) == []
    workbook = officer.get("/u/W1/exchange/export?dataset=units&as_of=01/07/2025")
    assert workbook.data.startswith(b"PK")


def test_who_may_not_take_data_out_is_refused(ward: World) -> None:
    follower = ward.browser(ward.account("follower", "W1"))
    assert follower.get("/u/W1/exchange/export?dataset=members").status_code == 403
    building = ward.browser(ward.account("party_building", "W1"))
    assert building.get("/u/W1/exchange/export?dataset=units").status_code == 200
    assert building.get("/u/W1/exchange/export?dataset=members").status_code == 403
    assert "Nhập từ Excel" not in building.get("/u/W1/exchange/").get_data(as_text=True)


def test_a_template_explains_its_columns(officer: Browser, ward: World) -> None:
    answer = officer.get("/u/W1/exchange/template?dataset=members")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert "xl/worksheets/sheet3.xml" in names
    path = folder(ward) / "template.xlsx"
    path.write_bytes(answer.data)
    with read_rows(path, _columns(ward)) as rows:
        assert rows.columns == [one.data_key or n for n, one in MemberRow().fields.items()]
    path.unlink()


def test_pages_need_few_statements(officer: Browser, ward: World, statements: Counter) -> None:
    address = send(officer, MIXED.encode()).headers["Location"]
    officer.submit(f"{address}/apply")
    for page in ("/u/W1/exchange/", address):
        statements.statements.clear()
        assert officer.get(page).status_code == 200
        assert statements.count <= 15, (page, statements.statements)


def test_a_program_imports_rows_and_reads_reasons(officer: Browser, ward: World) -> None:
    rows = [
        {"card_no": "00000001", "full_name": "Nguyễn Văn An", "unit_code": "B1",
         "admitted_on": "1985-05-19"},
        {"card_no": "00000002", "full_name": 7, "unit_code": ["B1"], "sex": None, "lạ": True},
    ]  # fmt: skip
    body = {"dataset": "members", "rows": rows}
    tried = officer.send("POST", "/api/v1/exchange/imports?unit=W1", {**body, "dry_run": True})
    assert (tried.status_code, tried.json["id"], tried.json["created"]) == (200, None, 1)
    assert ward.rows(Member) == 0
    answer = officer.send("POST", "/api/v1/exchange/imports?unit=W1", body)
    assert answer.status_code == 201
    assert (answer.json["created"], answer.json["rejected"]) == (1, 1)
    assert {problem["row"] for problem in answer.json["problems"]} == {2}
    listed = officer.get("/api/v1/exchange/imports?unit=W1").json
    assert [one["id"] for one in listed["items"]] == [answer.json["id"]]
    undone = officer.send("POST", f"/api/v1/exchange/imports/{answer.json['id']}/undo?unit=W1")
    assert undone.json["undone"] is True
    assert ward.rows(Member) == 0


def test_a_program_sends_a_file_and_takes_one(officer: Browser, ward: World) -> None:
    answer = officer.post(
        "/api/v1/exchange/files?unit=W1",
        data={"dataset": "members", "file": (io.BytesIO(MIXED.encode()), "m.csv")},
        headers={"X-CSRFToken": officer.token()},
    )
    assert (answer.status_code, answer.json["created"], answer.json["rejected"]) == (201, 1, 1)
    taken = officer.get("/api/v1/exchange/export?unit=W1&dataset=members&format=csv")
    assert "Nguyễn Văn An" in taken.get_data(as_text=True)
    known = officer.get("/api/v1/exchange/datasets?unit=W1").json["items"]
    assert [one["key"] for one in known][:4] == ["units", "lineage", "members", "positions"]
    unknown = officer.send(
        "POST", "/api/v1/exchange/imports?unit=W1", {"dataset": "x", "rows": [{}]}
    )
    assert unknown.status_code == 422


def test_what_an_import_remembers_of_a_person_is_erased(officer: Browser, ward: World) -> None:
    address = send(officer, GOOD.encode()).headers["Location"]
    officer.submit(f"{address}/apply")
    with ward.work() as work:
        member = work.session.scalars(sa.select(Member)).one()
        kept = work.host.hooks(work).personal_data(member_id=member.id)
        assert kept["exchange"]["imports"][0]["file"] == "m.csv"
        work.hooks.personal_data_erased(member_id=member.id, rule="test")
        rows = work.session.execute(sa.select(ImportRow.before, ImportRow.after)).all()
    assert [tuple(row) for row in rows] == [(None, None)]
