"""What is refused before anything is parsed, each with its own sentence."""

import io
import struct
import zipfile

import pytest

from core.exchange.workbook import Limits, UnreadableFile, check_file, refusals

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(path, **options) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        check_file(path, **options)
    return caught.value


def write(tmp_path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_workbook_and_a_csv_file_are_told_apart(tmp_path, make_xlsx):
    assert check_file(make_xlsx("")) == "xlsx"
    assert check_file(write(tmp_path, "a.csv", "Họ và tên\n".encode())) == "csv"


def test_the_name_given_by_the_sender_counts_and_not_the_one_it_is_kept_under(tmp_path):
    kept = write(tmp_path, "upload-17", b"full_name\n")
    assert check_file(kept, filename="Danh sách.CSV") == "csv"
    assert refusal(kept).sentence == refusals.WRONG_KIND


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.xls", refusals.OLD_EXCEL),
        ("a.xlsm", refusals.MACROS),
        ("a.xlsb", refusals.BINARY_EXCEL),
        ("a.ods", refusals.OPEN_DOCUMENT),
        ("a.pdf", refusals.WRONG_KIND),
        ("a", refusals.WRONG_KIND),
    ],
)
def test_another_kind_of_file_is_refused_by_its_name(tmp_path, name, sentence):
    assert refusal(write(tmp_path, name, b"x")).sentence == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), refusals.PASSWORD),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), refusals.OLD_EXCEL),
        (b"MZ\x90\0" + b"\0" * 60, refusals.RENAMED),
        (b"<html><table><tr><td>1</td></tr></table></html>", refusals.RENAMED),
        (b"full_name,unit_code\n", refusals.RENAMED),
        (b"PK\x03\x04 and then nothing of a zip file", refusals.DAMAGED),
        (b"", refusals.EMPTY),
    ],
)
def test_what_is_only_named_xlsx_is_refused(tmp_path, content, sentence):
    assert refusal(write(tmp_path, "a.xlsx", content)).sentence == sentence


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\0\x03", b"PK\x03\x04..", OLE, b"%PDF-1.7", b"\xef\xbb\xbf<html>", b"a\0b\0\0\0c,d"],
)
def test_what_is_only_named_csv_is_refused(tmp_path, content):
    assert refusal(write(tmp_path, "a.csv", content)).sentence == refusals.RENAMED


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("xl/vbaProject.bin", refusals.MACROS),
        ("xl/workbook.bin", refusals.BINARY_EXCEL),
        ("mimetype", refusals.OPEN_DOCUMENT),
        ("../outside.xml", refusals.DAMAGED),
        ("/absolute.xml", refusals.DAMAGED),
        ("C:/windows.xml", refusals.DAMAGED),
        ("xl\\backslash.xml", refusals.DAMAGED),
    ],
)
def test_a_workbook_with_something_it_should_not_have_is_refused(make_xlsx, part, sentence):
    assert refusal(make_xlsx("", more={part: "x"})).sentence == sentence


def test_a_zip_file_without_a_workbook_is_refused(make_zip):
    assert refusal(make_zip({"word/document.xml": "x"})).sentence == refusals.NOT_A_WORKBOOK


def test_one_name_twice_in_a_zip_file_is_refused(make_xlsx):
    path = make_xlsx("")
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(path, "a") as archive,
    ):
        archive.writestr("xl/workbook.xml", "<other/>")
    assert refusal(path).sentence == refusals.DAMAGED


def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path):
    path = write(tmp_path, "a.csv", b"a" * (2**20 + 1))
    refused = refusal(path, limits=Limits(megabytes=1))
    assert (refused.sentence, refused.values) == (refusals.TOO_LARGE, {"limit": 1})
    assert str(refused) == "The file is larger than 1 MB. Split it into several files."
    assert check_file(path, limits=Limits(megabytes=2)) == "csv"


def test_a_zip_bomb_is_refused_by_how_much_it_shrinks(make_xlsx):
    path = make_xlsx("", more={"xl/bomb.xml": b"\0" * (8 * 2**20)})
    assert path.stat().st_size < 20_000
    assert refusal(path).sentence == refusals.TOO_BIG_INSIDE


def test_a_large_workbook_is_refused_by_its_size_inside_even_when_it_shrinks_little(make_xlsx):
    parts = {f"xl/media/{number}.bin": b"ab" * 500 for number in range(5)}
    path = make_xlsx("", more=parts)
    assert refusal(path, limits=Limits(unzipped=5_000)).sentence == refusals.TOO_BIG_INSIDE
    assert check_file(path, limits=Limits(unzipped=50_000)) == "xlsx"


def test_too_many_parts_are_refused(make_xlsx):
    path = make_xlsx("", more={f"xl/media/{number}": "" for number in range(30)})
    assert refusal(path, limits=Limits(entries=30)).sentence == refusals.TOO_BIG_INSIDE


def test_a_forged_list_of_parts_is_refused_before_it_is_read(tmp_path):
    size = 3 * 2**20
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, 0, 0)
    path = write(tmp_path, "a.xlsx", b"PK\x03\x04" + b"\0" * (size - 4) + end)
    assert refusal(path).sentence == refusals.TOO_BIG_INSIDE


def test_a_zip_file_with_a_password_is_refused(tmp_path, make_xlsx):
    content = bytearray(make_xlsx("").read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        directory = archive.start_dir
    content[directory + 8] |= 1
    assert refusal(write(tmp_path, "b.xlsx", bytes(content))).sentence == refusals.PASSWORD


def test_a_part_packed_in_an_unusual_way_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert refusal(path).sentence == refusals.DAMAGED


def test_what_is_not_a_file_is_refused(tmp_path):
    assert refusal(tmp_path / "none.xlsx").sentence == refusals.NOT_A_FILE
    (tmp_path / "folder.csv").mkdir()
    assert refusal(tmp_path / "folder.csv").sentence == refusals.NOT_A_FILE
