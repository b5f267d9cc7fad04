"""Passwords: what is refused, how first ones are made, what a hash knows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from core.access.codes import bare_code, bare_digits, recovery_codes, reset_code
from core.access.demo_accounts import demo_accounts
from core.access.devices import device_label
from core.access.password_rules import check_new_password
from core.access.passwords import first_password, hash_password, verify_password
from core.config import Config
from core.errors import InvalidInput

NAMES = ("Nguyễn Thị Hòa", "hoa.nguyenthi")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("ngắn", "at least 8"),
        ("19551955", "Digits alone"),
        ("20041955123", "Digits alone"),
        ("Password1!", "used by many"),
        ("matkhau123", "used by many"),
        ("Mật Khẩu 2026", "used by many"),
        ("Đảng Cộng sản Việt Nam", "used by many"),
        ("aaaaaaaaaaaa", "used by many"),
        ("qwertyuiop", "used by many"),
        ("hoanguyen1955", "own name"),
        ("Nguyễn Thị Hòa", "own name"),
        ("hoa.nguyenthi!!", "own name"),
    ],
)
def test_a_guessed_password_is_refused_with_a_reason(password, reason):
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password, least=8, names=NAMES)
    sentences = refused.value.fields["password"]
    assert sentences
    assert any(word in sentences[0] for word in (reason, *VIETNAMESE[reason]))


VIETNAMESE = {
    "at least 8": ["ít nhất 8"],
    "Digits alone": ["chữ số"],
    "used by many": ["nhiều người dùng"],
    "own name": ["tên của mình"],
}


@pytest.mark.parametrize(
    "password", ["một con đường làng", "con trâu ăn cỏ 7", "hoa sen nở tháng sáu", "Tr0iXanh-9"]
)
def test_a_short_sentence_is_a_good_password(password):
    check_new_password(password, least=8, names=NAMES)


def test_the_old_password_is_not_new():
    with pytest.raises(InvalidInput):
        check_new_password("hoa sen nở", least=8, old="hoa sen nở")


def test_first_passwords_pass_the_rules_and_survive_input_methods():
    made = {first_password() for _one in range(300)}
    assert len(made) == 300
    for password in made:
        check_new_password(password, least=8, names=NAMES)
        assert re.fullmatch(r"[a-z]{4}-[a-z]{4}-\d{4}", password)
        # Letters by which Telex makes marks, and a vowel twice in one word.
        assert not re.search(r"[dwsfrxjz]", password)
        assert not re.search(r"([aeo])[a-z]\1", password.replace("-", ""))


def test_a_hash_knows_its_password_in_both_forms_of_vietnamese():
    stored = hash_password("mật khẩu của tôi")
    assert verify_password(stored, unicodedata.normalize("NFD", "mật khẩu của tôi"))
    assert not verify_password(stored, "mat khau cua toi")
    assert not verify_password("!", "")


def test_codes_are_compared_without_their_grouping():
    code = reset_code()
    assert re.fullmatch(r"\d{3} \d{3} \d{3}", code)
    assert bare_digits(code.replace(" ", "-")) == code.replace(" ", "")
    paper = recovery_codes()
    assert len(set(paper)) == 10
    assert bare_code(paper[0].upper().replace("-", " ")) == paper[0].replace("-", "")


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130 Safari/537 Edg/130", "Edge · Windows"),
        ("Mozilla/5.0 (Windows NT 6.1) coc_coc_browser/90 Chrome/84", "Cốc Cốc · Windows"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_coarsely(agent, label):
    assert device_label(agent) == label


def test_demo_accounts_are_offered_in_the_demo_only(tmp_path):
    config = Config(var=tmp_path, database_url="", secret_key="", mode="demo")
    assert demo_accounts(config) == []
    (tmp_path / "demo-accounts.json").write_text(
        '{"data": "town", "accounts": [{"role": "branch_secretary", "title": "Bí thư chi bộ",'
        ' "subtitle": "Nguyễn Văn An", "username": "an", "password": "bane-tiku-4721"}]}'
    )
    assert [one["username"] for one in demo_accounts(config)] == ["an"]
    assert demo_accounts(replace(config, mode="production")) == []
    (tmp_path / "demo-accounts.json").write_text("[")
    assert demo_accounts(config) == []
