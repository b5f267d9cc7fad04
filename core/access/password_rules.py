"""What a new password must be: long enough, not among the guessed ones, not one's own name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.errors import InvalidInput
from core.i18n import _
from core.names import search_key

MOST = 200
SHORTEST_OF_DIGITS = 12
# What attackers try first, here and elsewhere; digits and signs around a word do not save it.
GUESSED = frozenset(
    """
    password passwords passwort passw0rd pass admin administrator administrador root user guest
    login welcome letmein hello master secret iloveyou monkey dragon sunshine princess football
    baseball superman batman shadow michael qwerty qwertyuiop qwertyui asdfgh asdfghjk asdfghjkl
    zxcvbn zxcvbnm qazwsx qazwsxedc abcdef abcdefgh abcabc abcd abc aaaa default changeme test
    testing computer internet server oracle google facebook zalo trustno freedom whatever
    matkhau matkhaumoi matkhaucu mk quantri quantrihethong quantrivien hethong nguoidung dangnhap
    taikhoan macdinh khongbiet khongco khongnho quenmatkhau xinchao chaoban anhyeuem emyeuanh
    yeuem yeuanh anhnhoem emnhoanh tinhyeu mylove loveyou gialong giadinh bome conyeu
    vietnam vietnamvodich hanoi saigon haiphong danang hatinh nghean nghetinh honglinh
    hochiminh bacho chubac bachoho dangcongsan dangcongsanvietnam dangvien chibo danguy bithu
    dangbo dangta toiladangvien doclaptudohanhphuc muonnam congsan xahoichunghia
    hatnhan mobile viettel vinaphone mobifone vnpt fpt
    """.split()
)
ROWS = ("01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
LETTERS = re.compile(r"[a-z]+")


def check_new_password(
    password: str, *, least: int, names: Iterable[str] = (), old: str | None = None
) -> None:
    """Refuse a password that is short, guessed first, the old one, or made of one's own names."""
    reason = (
        _length_problem(password, least)
        or _guess_problem(password)
        or _name_problem(password, names)
        or (_("This is the password in use. Choose another.") if password == old else "")
    )
    if reason:
        raise InvalidInput(reason, fields={"password": [reason]})


def _length_problem(password: str, least: int) -> str:
    if len(password) < least:
        return _(
            "The password needs at least %(n)s characters. A short sentence is easy to remember.",
            n=least,
        )
    if password.isdigit() and len(password) < SHORTEST_OF_DIGITS:
        return _("Digits alone are guessed easily, a birthday above all. Add a few words.")
    return ""


def _guess_problem(password: str) -> str:
    folded = search_key(password).replace(" ", "")
    words = "".join(LETTERS.findall(folded))
    repeated = len(set(folded)) <= 2
    in_a_row = any(folded in row or folded[::-1] in row for row in ROWS)
    if repeated or in_a_row or folded in GUESSED or words in GUESSED:
        return _("This password is used by many and tried first. Choose another.")
    return ""


def _name_problem(password: str, names: Iterable[str]) -> str:
    """Find passwords that are one's names with digits around: `Nguyenvanan1955`."""
    letters = "".join(LETTERS.findall(search_key(password).replace(" ", "")))
    if not letters:
        return ""
    parts = {part for name in names for part in LETTERS.findall(search_key(name))}
    rest = letters
    for part in sorted(parts, key=len, reverse=True):
        if len(part) > 1:
            rest = rest.replace(part, "")
    if len(rest) <= 2 and rest != letters:
        return _("The password must not be one's own name. Choose another.")
    return ""
