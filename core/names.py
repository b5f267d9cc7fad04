"""Names of people and units: clean text, parts of a name, Vietnamese order, folded search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

SORT_KEY_BYTES = 120
"""Where a sort key is cut; an ordinary name needs 30 to 60 bytes.

Cutting never turns an order round. Names that differ only behind the cut compare equal, so a list
takes the record's own key as the last word.
"""
USERNAME_LENGTH = 40

# Order of letters and tones as in CLDR's `vi`; ƀ and the marks after the tones (ŏ, č, ñ) are those
# of Ê Đê, Gia Rai and Ba Na names.
_LETTERS = "aăâbƀcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_OTHER_MARKS = "\u0306\u0302\u030c\u030a\u0308\u030b\u0307\u0327\u0328\u0304"
_PUNCTUATION = " _-–—,;:!?.…·'\"«»()[]{}§@*/\\&#%°+×<=>|~$№"
_TYPED_QUOTES = {"‘": "'", "’": "'", "“": '"', "”": '"'}

# Letters that no normal form takes apart.
_PLAIN = {"đ": "d", "ƀ": "b", "ð": "d", "ø": "o", "ł": "l"}

_FIRST_MARK = 2
_OTHER_SYMBOL = 0x3F
_NUMBER = 0x40
_FIRST_LETTER = 0x60
_OTHER_LETTER = 0xF0
_LONGEST_NUMBER = 15

_MARK_WEIGHTS = {mark: _FIRST_MARK + at for at, mark in enumerate(_TONES + _OTHER_MARKS)}
_PRIMARY_WEIGHTS = {sign: 1 + at for at, sign in enumerate(_PUNCTUATION)} | {
    letter: _FIRST_LETTER + at for at, letter in enumerate(_LETTERS)
}

# Control characters, invisible format characters (zero-width space, soft hyphen, byte order mark)
# and lone surrogates; white space among them stays and becomes a space below.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_TOKENS = re.compile(r"[0-9]+|[^0-9]")

# A proposal only: whoever enters a name can move the words. Longer ones first.
_COMPOUND_SURNAMES = (
    "công tằng tôn nữ",
    "công huyền tôn nữ",
    "tôn thất",
    "tôn nữ",
    "âu dương",
    "hoàng phủ",
    "rơ châm",
    "rơ mah",
    "rơ lan",
    "rơ ông",
    "rah lan",
    "kon sơ",
    "kơ să",
    "liêng hót",
    "liêng jrang",
    "bon krong",
)


_COMPOUNDS_BY_FIRST: dict[str, list[list[str]]] = {}
for _surname in _COMPOUND_SURNAMES:
    _COMPOUNDS_BY_FIRST.setdefault(_surname.split()[0], []).append(_surname.split())


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in the three parts that are stored; any of them may be empty."""

    surname: str
    middle_name: str
    given_name: str

    @property
    def full(self) -> str:
        """The name as it is said and printed."""
        return " ".join(part for part in (self.surname, self.middle_name, self.given_name) if part)


def normalise(text: str) -> str:
    """Return one line of clean text: NFC, single spaces, nothing invisible.

    The place of a tone mark is left as it was written (hòa, hoà); `search_key` finds both.
    """
    visible = text
    if not text.isprintable():  # nearly every text is; an import asks for a million
        visible = "".join(
            character
            for character in text
            if character.isspace() or unicodedata.category(character) not in _INVISIBLE
        )
    return " ".join(unicodedata.normalize("NFC", visible).split())


def split_full_name(text: str) -> PersonName:
    """Propose the parts of a name: last word given, first word surname, the rest between.

    A single word is the given name. The person may correct the proposal.
    """
    words = normalise(text).split()
    if len(words) <= 1:
        return PersonName("", "", "".join(words))
    count = _surname_words(words)
    return PersonName(" ".join(words[:count]), " ".join(words[count:-1]), words[-1])


def _surname_words(words: list[str]) -> int:
    """Count the words of the surname; at least one word is left for the given name."""
    for parts in _COMPOUNDS_BY_FIRST.get(words[0].lower(), ()):
        if [word.lower() for word in words[: len(parts)]] == parts and len(parts) < len(words):
            return len(parts)
    return 1


def sort_key(name: PersonName) -> bytes:
    """Return the place of a person in a Vietnamese list: by given name, then middle, then surname.

    In each part letters decide before tones and tones before capitals. Plain comparison of the
    bytes gives the order, so that the key can be indexed by any database.
    """
    parts = (name.given_name, name.middle_name, name.surname)
    return b"".join(_part_key(part) for part in parts)[:SORT_KEY_BYTES]


def text_sort_key(text: str) -> bytes:
    """Return the place of a unit or another title in a Vietnamese list; numbers count by value."""
    return _part_key(text)[:SORT_KEY_BYTES]


@lru_cache(maxsize=16_384)
def _part_key(text: str) -> bytes:
    """Weigh letters, tones and capitals, each row closed by a zero byte."""
    letters, tones, capitals = bytearray(), bytearray(), bytearray()
    for token in _TOKENS.findall(normalise(text)):
        weights = _weigh(token)
        letters += weights[0]
        tones += weights[1]
        capitals += weights[2]
    # 1 says "nothing special"; at the end of a row it says nothing at all.
    rows = (letters, tones.rstrip(b"\x01"), capitals.rstrip(b"\x01"))
    return b"".join(bytes(row) + b"\x00" for row in rows)


@lru_cache(maxsize=4_096)
def _weigh(token: str) -> tuple[bytes, bytes, bytes]:
    """Weigh one character, or one run of digits, by letter, tones and capital."""
    if token[0] in "0123456789":
        return _number_weight(token), b"\x01", b"\x01"
    lowered = token.lower()
    letter, marks = _letter_and_marks(_TYPED_QUOTES.get(lowered, lowered))
    weights = bytes(_MARK_WEIGHTS[mark] for mark in marks if mark in _MARK_WEIGHTS)
    if not letter:
        return b"", weights, b""
    return _letter_weight(letter), b"\x01" + weights, b"\x01" if lowered == token else b"\x02"


def _letter_and_marks(character: str) -> tuple[str, str]:
    """Take the marks from a letter; ă, â, ê, ô, ơ, ư are letters of their own and keep theirs."""
    decomposed = unicodedata.normalize("NFD", character)
    first, marks = decomposed[0], decomposed[1:]
    if unicodedata.combining(first):
        return "", decomposed
    letter = first + "".join(mark for mark in marks if mark not in _TONES)
    letter = unicodedata.normalize("NFC", letter)
    if letter in _PRIMARY_WEIGHTS:
        return letter, "".join(mark for mark in marks if mark in _TONES)
    return first, marks


def _letter_weight(letter: str) -> bytes:
    """Weigh a letter or sign; what is in no list comes after its kind, by code point."""
    weight = _PRIMARY_WEIGHTS.get(letter)
    if weight is not None:
        return bytes([weight])
    kind = _OTHER_LETTER if letter.isalnum() else _OTHER_SYMBOL
    return bytes([kind]) + ord(letter).to_bytes(3, "big")


def _number_weight(digits: str) -> bytes:
    """Weigh a number by its value: the count of its digits first ("2" before "10")."""
    digits = digits.lstrip("0") or "0"
    return bytes([_NUMBER + min(len(digits), _LONGEST_NUMBER)]) + digits.encode()


def search_key(text: str) -> str:
    """Fold text for search: small letters without marks, đ as d, single spaces between words.

    `Nguyễn` becomes `nguyen`, `Đặng` becomes `dang`, `hòa` and `hoà` both become `hoa`.
    """
    return " ".join([key for word in normalise(text).split() if (key := _folded(word))])


@lru_cache(maxsize=16_384)
def _folded(word: str) -> str:
    """Fold one word; a few thousand make up all names of the country."""
    folded = unicodedata.normalize("NFKD", word).casefold()
    letters = (
        " " if not character.isalnum() else _PLAIN.get(character, character)
        for character in unicodedata.normalize("NFKD", folded)
        if not unicodedata.combining(character)
    )
    return " ".join("".join(letters).split())


def initial_username(name: PersonName, taken: Container[str]) -> str:
    """Propose a sign-in name that is not in `taken`: `hoa.nguyenthi`, then `hoa.nguyenthi2`."""
    given = _ascii(name.given_name)
    rest = _ascii(name.surname + name.middle_name)
    stem = ".".join(part for part in (given, rest) if part) or "dangvien"
    stem = stem[:USERNAME_LENGTH].rstrip(".")
    proposal, number = stem, 1
    while proposal in taken:
        number += 1
        suffix = str(number)
        proposal = stem[: USERNAME_LENGTH - len(suffix)] + suffix
    return proposal


def _ascii(text: str) -> str:
    """Keep the plain letters and digits of a name."""
    return "".join(sign for sign in search_key(text) if sign.isascii() and sign.isalnum())
