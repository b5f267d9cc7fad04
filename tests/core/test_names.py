"""Names: order as ICU's `vi` gives it, search without marks, parts of a name, sign-in names."""

from __future__ import annotations

import itertools
import random
import unicodedata

import icu
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import (
    SORT_KEY_BYTES,
    USERNAME_LENGTH,
    PersonName,
    initial_username,
    normalise,
    search_key,
    sort_key,
    split_full_name,
    text_sort_key,
)


def listed(text: str) -> list[str]:
    """Write a list of words as a line of words."""
    return text.split()


SURNAMES = listed(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Y K' H'"
)
MIDDLES = ["", "Văn", "Thị", "Thị Minh", "Đức", "Hữu", "Ngọc", "Xuân", "thị", "Blŏk", "Thị Mỹ"]
ONSETS = ["", *listed("b c ch d đ g gh h kh l m n ng nh ph q r s t th tr v x")]
RIMES = listed("a ă â e ê i o ô ơ u ư y oa oă uâ iê an ăn ân en ên on ôn ơn un ưn ang ông ươ")
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
VIETNAMESE = sorted(
    {
        unicodedata.normalize("NFC", letter + tone)
        for base in LETTERS
        for letter in (base, base.upper())
        for tone in (TONES if base in "aăâeêioôơuưy" else TONES[:1])
    }
)
words = st.text(st.sampled_from(VIETNAMESE), max_size=5)
titles = st.text(st.sampled_from([*VIETNAMESE, *" -'.,()/ŏčñ0123456789"]), max_size=12)


def syllable(chance: random.Random) -> str:
    """Make a syllable as one might meet it, sometimes with a capital, sometimes NFD."""
    text = chance.choice(ONSETS) + chance.choice(RIMES) + chance.choice(TONES)
    text = unicodedata.normalize(chance.choice(["NFC", "NFC", "NFD"]), text)
    return text.capitalize() if chance.random() < 0.8 else text


def collator(*, numeric: bool = False) -> icu.Collator:
    """Open ICU's Vietnamese order."""
    order = icu.Collator.createInstance(icu.Locale("vi"))
    if numeric:
        order.setAttribute(icu.UCollAttribute.NUMERIC_COLLATION, icu.UCollAttributeValue.ON)
    return order


def sign(left: bytes, right: bytes) -> int:
    """Compare as a database compares bytes."""
    return (left > right) - (left < right)


def test_a_list_of_people_is_in_the_order_that_icu_gives():
    chance = random.Random(20261103)
    order = collator()
    people = [
        PersonName(chance.choice(SURNAMES), chance.choice(MIDDLES), syllable(chance))
        for _ in range(6000)
    ]

    def by_icu(name: PersonName) -> tuple[bytes, ...]:
        parts = (name.given_name, name.middle_name, name.surname)
        return tuple(order.getSortKey(unicodedata.normalize("NFC", part)) for part in parts)

    ours, theirs = sorted(people, key=sort_key), sorted(people, key=by_icu)
    assert [by_icu(name) for name in ours] == [by_icu(name) for name in theirs]
    for left, right in itertools.pairwise(theirs):
        assert (sort_key(left) == sort_key(right)) == (by_icu(left) == by_icu(right))


@given(titles, titles)
def test_two_titles_compare_as_icu_compares_them(left, right):
    order = collator(numeric=True)
    left, right = normalise(left), normalise(right)
    expected = sign(order.getSortKey(left), order.getSortKey(right))
    assert sign(text_sort_key(left), text_sort_key(right)) == expected


@given(words, words, words, words)
def test_the_given_name_decides_before_the_middle_name_and_the_surname(given_a, given_b, one, two):
    left, right = PersonName(one, two, given_a), PersonName(two, one, given_b)
    order = collator()
    by_given = sign(*(order.getSortKey(normalise(part)) for part in (given_a, given_b)))
    if by_given:
        assert sign(sort_key(left), sort_key(right)) == by_given


def test_the_alphabet_and_the_tones_stand_in_vietnamese_order():
    given_names = listed("An Anh Ánh Ân Bình Chi Dũng Đức Hoa Hòa Hỏa Hõa Hóa Họa Ý Yến")
    people = [PersonName("Lê", "", name) for name in given_names]
    assert sorted(people, key=sort_key) == people


def test_numbers_in_names_of_units_count_by_value():
    units = ["Tổ dân phố 1", "Tổ dân phố 2", "Tổ dân phố 2A", "Tổ dân phố 10", "Tổ dân phố số 1"]
    assert sorted(set(units), key=text_sort_key) == units
    assert text_sort_key("Khu phố 02") == text_sort_key("Khu phố 2")


def test_decomposed_and_composed_names_have_one_key():
    name = "Chi bộ Đường Nguyễn Huệ"
    assert text_sort_key(unicodedata.normalize("NFD", name)) == text_sort_key(name)


@given(st.text(max_size=200))
def test_any_text_has_a_key_of_bounded_length(text):
    assert len(text_sort_key(text)) <= SORT_KEY_BYTES
    assert len(sort_key(PersonName(text, text, text))) <= SORT_KEY_BYTES


@given(titles, titles)
def test_cutting_never_turns_an_order_round(left, right):
    long_left, long_right = ("Đảng ủy " * 14) + left, ("Đảng ủy " * 14) + right
    order = collator(numeric=True)
    expected = sign(*(order.getSortKey(normalise(text)) for text in (long_left, long_right)))
    assert sign(text_sort_key(long_left), text_sort_key(long_right)) in {expected, 0}


def test_an_ordinary_long_name_is_not_cut():
    assert len(sort_key(PersonName("Công Tằng Tôn Nữ", "Thị Phương", "Nguyệt"))) < SORT_KEY_BYTES


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("  Nguyễn \t Văn\u00a0An\n", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Đặng Thị Thủy"), "Đặng Thị Thủy"),
        ("Nguyễn\u200b\ufeff Văn\x00 A\u00adn", "Nguyễn Văn An"),
        ("a \u200b b", "a b"),
        ("Hoà", "Hoà"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_text_is_cleaned_without_moving_tone_marks(written, clean):
    assert normalise(written) == clean


@given(st.text(max_size=40))
def test_clean_text_stays_as_it_is(text):
    once = normalise(text)
    assert normalise(once) == once
    once.encode()


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Nguyễn Văn An", ("Nguyễn", "Văn", "An")),
        ("Lê Bình", ("Lê", "", "Bình")),
        ("Trần Thị Minh Hiền", ("Trần", "Thị Minh", "Hiền")),
        ("Hoa", ("", "", "Hoa")),
        ("", ("", "", "")),
        ("Tôn Nữ Thị Ninh", ("Tôn Nữ", "Thị", "Ninh")),
        ("Công Tằng Tôn Nữ Mỹ Linh", ("Công Tằng Tôn Nữ", "Mỹ", "Linh")),
        ("RƠ CHÂM H'Yéo", ("RƠ CHÂM", "", "H'Yéo")),
        ("Âu Dương", ("Âu", "", "Dương")),
    ],
)
def test_a_full_name_is_split_into_its_parts(written, parts):
    name = split_full_name(written)
    assert (name.surname, name.middle_name, name.given_name) == parts
    assert name.full == written


@given(st.text(max_size=40))
def test_splitting_loses_nothing(text):
    assert split_full_name(text).full == normalise(text)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nguyễn", "nguyen"),
        ("ĐẶNG", "dang"),
        ("hòa, hoà; HÓA", "hoa hoa hoa"),
        ("Tổ dân phố số 10 (Bắc Hồng)", "to dan pho so 10 bac hong"),
        ("H'Hen Niê", "h hen nie"),
        ("Y Blŏk Êban", "y blok eban"),
        ("05-NQ/ĐU", "05 nq du"),
        ("--", ""),
    ],
)
def test_search_needs_no_marks(written, folded):
    assert search_key(written) == folded
    assert search_key(unicodedata.normalize("NFD", written)) == folded


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    assert search_key(search_key(text)) == search_key(text)


def test_the_first_user_name_is_given_name_dot_rest():
    name = split_full_name("Nguyễn Thị Hoa")
    assert initial_username(name, set()) == "hoa.nguyenthi"
    assert initial_username(name, {"hoa.nguyenthi"}) == "hoa.nguyenthi2"
    assert initial_username(name, {"hoa.nguyenthi", "hoa.nguyenthi2"}) == "hoa.nguyenthi3"


@pytest.mark.parametrize(
    ("written", "username"),
    [
        ("Hoa", "hoa"),
        ("Đặng H'Đức", "hduc.dang"),
        ("Nguyễn 文", "nguyen"),
        ("文", "dangvien"),
        ("", "dangvien"),
    ],
)
def test_odd_names_still_give_a_plain_user_name(written, username):
    assert initial_username(split_full_name(written), ()) == username


@given(st.text(max_size=80), st.integers(0, 12))
def test_a_user_name_is_plain_short_and_free(text, count):
    name, taken = split_full_name(text), set()
    for _ in range(count):
        taken.add(initial_username(name, taken))
    assert len(taken) == count
    for username in taken:
        assert username.isascii()
        assert len(username) <= USERNAME_LENGTH
        assert set(username) <= set("abcdefghijklmnopqrstuvwxyz0123456789.")
