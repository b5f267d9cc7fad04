"""Translation: which language speaks, where its words come from, who wins."""

from __future__ import annotations

import contextvars
import json
import re
import threading
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from markupsafe import escape

from core.i18n import (
    LOCALES,
    CatalogueProblem,
    _,
    _n,
    get_locale,
    lazy,
    load_catalogues,
    mark,
    set_default_locale,
    set_locale,
    use_locale,
)
from core.i18n.catalogues import CORE_TRANSLATIONS, _merged


@pytest.fixture(autouse=True)
def same_words_afterwards():
    forms = _merged.forms
    with use_locale("vi"):
        yield
    _merged.forms = forms


@pytest.fixture
def plugin(tmp_path):
    """Write a plugin's catalogue; returns what `load_catalogues` takes."""

    def write(name: str, *entries: str, locale: str = "vi") -> tuple[str, object]:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        (folder / f"{locale}.po").write_text("\n".join([header, *entries]), encoding="utf-8")
        return name, folder

    return write


FOR_TRANSLATORS = re.compile(
    r" \((head|level|kind|sector|group|person|paper|table head|in a paper)\)$"
)
TREE = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "folder", sorted({TREE / "core" / "translations", *TREE.glob("plugins/*/translations")}),
    ids=lambda folder: folder.parent.name,
)  # fmt: skip
def test_what_tells_translators_two_words_apart_is_not_read_in_english(folder):
    with (folder / "vi.po").open("rb") as vietnamese, (folder / "en.po").open("rb") as english:
        ids = [one.id for one in read_po(vietnamese) if isinstance(one.id, str)]
        said = {one.id: one.string for one in read_po(english)}
    told = {name for name in ids if FOR_TRANSLATORS.search(name)}
    assert {name: said.get(name) for name in told} == {
        name: FOR_TRANSLATORS.sub("", name) for name in told
    }


def entry(message: str, text: str) -> str:
    return f'msgid "{message}"\nmsgstr "{text}"\n'


def test_vietnamese_is_spoken_unless_somebody_asks_for_another_language():
    assert _("today") == "hôm nay"
    with use_locale("en"):
        assert _("today") == "today"
        with use_locale("vi"):
            assert _("today") == "hôm nay"
        assert get_locale() == "en"
    assert get_locale() == "vi"


def test_the_language_comes_back_after_an_error():
    with pytest.raises(KeyError), use_locale("en"):
        raise KeyError
    assert get_locale() == "vi"


def test_a_language_set_in_one_context_is_not_heard_in_another():
    contextvars.copy_context().run(set_locale, "en")
    assert get_locale() == "vi"


def test_new_threads_speak_the_language_of_the_site():
    heard = []

    def listen() -> None:
        thread = threading.Thread(target=lambda: heard.append(get_locale()))
        thread.start()
        thread.join()

    listen()
    set_default_locale("en")
    listen()
    set_default_locale("vi")
    assert heard == ["vi", "en"]


@pytest.mark.parametrize("code", ["fr", "vi_VN", ""])
def test_a_language_without_a_catalogue_is_refused(code):
    with pytest.raises(ValueError, match="There is no locale"):
        set_locale(code)
    with pytest.raises(ValueError, match="vi, en"):
        set_default_locale(code)
    with pytest.raises(ValueError, match="There is no locale"), use_locale(code):
        pytest.fail("the block must not run")
    assert get_locale() == "vi"


def test_an_unknown_message_is_shown_in_english():
    assert _("Nobody translated this.") == "Nobody translated this."


def test_values_are_filled_in_and_percent_signs_without_values_are_left_alone():
    assert _("year %(year)s", year=2026) == "năm 2026"
    assert _("At least 100% of them") == "At least 100% of them"


def test_a_count_is_written_as_the_language_writes_numbers():
    assert _n("%(n)s day left", "%(n)s days left", 3485) == "còn 3.485 ngày"
    with use_locale("en"):
        assert _n("%(n)s day left", "%(n)s days left", 1) == "1 day left"
        assert _n("%(n)s day left", "%(n)s days left", 3485) == "3,485 days left"
        assert _n("One of %(unit)s", "%(n)s of %(unit)s", 2, unit="X", n="two") == "two of X"


def test_a_lazy_text_speaks_the_language_of_its_reader():
    title = lazy("year %(year)s", year=2026)
    assert (str(title), f"{title}", f"{title:>9}") == ("năm 2026", "năm 2026", " năm 2026")
    with use_locale("en"):
        assert str(title) == "2026"
    assert json.dumps({"title": title}, default=str, ensure_ascii=False) == '{"title": "năm 2026"}'
    assert escape(lazy("<b>")) == "&lt;b&gt;"


def test_lazy_texts_are_equal_when_they_say_the_same():
    assert lazy("today") == lazy("today")
    assert lazy("today") != lazy("Monday")
    assert lazy("year %(year)s", year=1) != lazy("year %(year)s", year=2)
    assert lazy("today") != "today"
    assert len({lazy("today"), lazy("today"), lazy("Monday")}) == 2
    assert repr(lazy("today")) == "lazy('today')"


def test_a_marked_message_is_translated_when_it_is_shown():
    assert mark("today") == "today"


def test_a_plugin_brings_its_own_words(plugin):
    assert load_catalogues([plugin("dues", entry("Dues", "Đảng phí"))]) == []
    assert _("Dues") == "Đảng phí"
    assert _("today") == "hôm nay"
    with use_locale("en"):
        assert _("Dues") == "Dues"


def test_english_can_read_otherwise_than_the_message(plugin):
    load_catalogues([plugin("dues", entry("Dues", "Party dues"), locale="en")])
    with use_locale("en"):
        assert _("Dues") == "Party dues"


def test_a_plugin_without_catalogues_is_fine(tmp_path):
    assert load_catalogues([("dues", tmp_path / "nowhere")]) == []


def test_a_plugin_cannot_change_the_words_of_core(plugin):
    problems = load_catalogues([plugin("dues", entry("today", "bữa nay"))])
    assert problems == [CatalogueProblem("dues", "vi", "today", "already translated by core")]
    assert _("today") == "hôm nay"


def test_of_two_plugins_the_first_wins_and_the_second_is_told(plugin):
    first, second = plugin("a", entry("Dues", "Đảng phí")), plugin("b", entry("Dues", "Lệ phí"))
    assert [problem.owner for problem in load_catalogues([first, second])] == ["b"]
    assert _("Dues") == "Đảng phí"


def test_saying_the_same_is_no_conflict(plugin):
    assert load_catalogues([plugin("dues", entry("today", "hôm nay"))]) == []


def test_an_unfinished_or_doubtful_entry_is_not_used(plugin):
    doubtful = "#, fuzzy\n" + entry("Doubtful", "Ngờ")
    assert load_catalogues([plugin("dues", entry("Empty", ""), doubtful)]) == []
    assert (_("Empty"), _("Doubtful")) == ("Empty", "Doubtful")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("Dues of %(name)s", "Đảng phí của %(nmae)s"),
        ("Dues of %(name)s", "Đảng phí 5% của %(name)s"),
        ("Dues", "Đảng phí của %(name)s"),
        ("At most {max}.", "Tối đa {mx}."),
        ("At most {max}.", "Tối đa {max."),
    ],
)
def test_a_text_that_cannot_be_filled_is_not_taken(plugin, message, text):
    (problem,) = load_catalogues([plugin("dues", entry(message, text))])
    assert (problem.message, "placeholders" in problem.reason) == (message, True)
    assert _(message) == message


def test_a_text_may_leave_a_value_out(plugin):
    entries = [entry("%(n)s of %(unit)s", "%(n)s"), entry("At most {max}.", "Nhiều quá.")]
    assert load_catalogues([plugin("dues", *entries)]) == []


@pytest.mark.parametrize("content", [b"no catalogue", b"\xff\xfe\x00", b'msgid "\xe1"'])
def test_a_catalogue_that_cannot_be_read_stops_nobody(tmp_path, plugin, content):
    (tmp_path / "vi.po").write_bytes(content)
    good = plugin("good", entry("Dues", "Đảng phí"))
    (problem,) = load_catalogues([("broken", tmp_path), good])
    assert (problem.owner, "vi.po cannot be read" in problem.reason) == ("broken", True)
    assert _("Dues") == "Đảng phí"


def test_the_catalogues_of_core_have_no_faults():
    assert load_catalogues([("core", CORE_TRANSLATIONS)]) == []


def test_core_speaks_before_anybody_has_loaded_catalogues():
    _merged.forms = None
    assert _("today") == "hôm nay"
    assert set(_merged.forms) == set(LOCALES)
