"""Catalogues are kept complete: what is found, what is reported, what is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError
from jinja2 import TemplateSyntaxError

import core
from core.i18n.extraction import extract_messages, missing_translations, update_catalogue

CODE = '''
"""A module."""
from core.i18n import MessageText, _, _n, lazy, mark

TITLE = lazy("Dues")
REASON = mark("Not paid yet.")
ERROR = MessageText("At most {max}.")

def told(name, n):
    not_a_message = print("Hidden")
    return _("Dues of " "%(name)s", name=name) + _n("%(n)s month", "%(n)s months", n) + _(name)
'''
TEMPLATE = """
{% extends "base.html" %}{% do items.append(_("Added")) %}
<a title="{{ _('Paid in %(month)s', month=month) }}">{{ _n("%(n)s person", "%(n)s people", n) }}</a>
{# _("In a comment") #}{% macro row(x) %}{{ lazy("In a macro") }}{% endmacro %}
"""
MANIFEST = """
name = "dues"
title = "Party dues"
prefix = "dues"
[permissions]
"dues:record:see" = "See the dues"
[[settings]]
key = "rate"
title = "Rate"
"""
FOUND = {
    "Dues",
    "Not paid yet.",
    "At most {max}.",
    "Dues of %(name)s",
    "%(n)s month",
    "Added",
    "Paid in %(month)s",
    "%(n)s person",
    "In a macro",
    "Party dues",
    "See the dues",
    "Rate",
}


@pytest.fixture
def package(tmp_path) -> Path:
    folder = tmp_path / "dues"
    for path, content in {
        "plugin.toml": MANIFEST,
        "services.py": CODE,
        "templates/dues/index.html": TEMPLATE,
        "static/dues/x.py": '_("In static files")',
        "migrations/x.py": '_("In a migration")',
        "tests/test_x.py": '_("In a test")',
        ".hidden/x.py": '_("Hidden away")',
        "README.html": "{{ _('Beside the templates') }}",
    }.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return folder


def vi(package: Path) -> str:
    return (package / "translations" / "vi.po").read_text(encoding="utf-8")


def test_messages_are_found_in_code_templates_and_the_manifest(package):
    assert extract_messages(package) == FOUND


def test_a_template_that_cannot_be_read_is_an_error_not_a_gap(package):
    (package / "templates" / "broken.html").write_text("{% if %}", encoding="utf-8")
    with pytest.raises(TemplateSyntaxError):
        extract_messages(package)


def test_all_messages_of_a_new_plugin_are_missing(package):
    report = missing_translations(package)
    assert report == {"vi": sorted(FOUND), "obsolete": [], "faulty": []}


def test_what_core_has_translated_need_not_be_translated_again(package):
    (package / "views.py").write_text('_("today")', encoding="utf-8")
    assert "today" in extract_messages(package)
    assert "today" not in missing_translations(package)["vi"]
    update_catalogue(package)
    assert '"today"' not in vi(package)


def test_an_update_adds_new_messages_sorted_and_empty(package):
    report = update_catalogue(package)
    assert report["vi"] == sorted(FOUND)
    text = vi(package)
    ids = [line[7:-1] for line in text.splitlines() if line.startswith("msgid ")]
    assert ids == sorted(ids)
    assert 'msgid_plural "%(n)s months"\nmsgstr[0] ""\n' in text
    assert "Date" not in text
    assert "services.py" not in text
    assert (package / "translations" / "en.po").read_text(encoding="utf-8").count("msgid") == 1


def test_an_update_keeps_texts_and_comments_and_drops_what_nobody_says(package):
    texts = dict.fromkeys(FOUND, "Chữ") | {"At most {max}.": "Tối đa {max}."}
    assert update_catalogue(package, texts) == {"vi": [], "obsolete": [], "faulty": []}
    file = package / "translations" / "vi.po"
    file.write_text(vi(package).replace('msgid "Rate"', '# Of the month.\nmsgid "Rate"'), "utf-8")
    (package / "services.py").unlink()
    assert missing_translations(package)["obsolete"][0] == "vi: %(n)s month"
    update_catalogue(package, keep_obsolete=True)
    assert "Not paid yet." in vi(package)
    assert 'msgid_plural "%(n)s months"\nmsgstr[0] "Chữ"' in vi(package)
    assert update_catalogue(package) == {"vi": [], "obsolete": [], "faulty": []}
    assert "Not paid yet." not in vi(package)
    assert '# Of the month.\nmsgid "Rate"\nmsgstr "Chữ"' in vi(package)


def test_a_second_update_does_not_touch_the_file(package):
    update_catalogue(package)
    file = package / "translations" / "vi.po"
    before = file.stat()
    update_catalogue(package)
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert sorted(entry.name for entry in file.parent.iterdir()) == ["en.po", "vi.po"]


def test_a_doubtful_text_stays_doubtful_until_it_is_given_anew(package):
    update_catalogue(package, {"Dues": "Phí"})
    file = package / "translations" / "vi.po"
    file.write_text(vi(package).replace('msgid "Dues"', '#, fuzzy\nmsgid "Dues"'), "utf-8")
    assert "Dues" in update_catalogue(package)["vi"]
    assert "#, fuzzy" in vi(package)
    assert "Dues" not in update_catalogue(package, {"Dues": "Đảng phí"})["vi"]
    assert "#, fuzzy" not in vi(package)


def test_a_message_that_gets_a_plural_keeps_its_text(package):
    update_catalogue(package, {"Dues": "Đảng phí"})
    (package / "more.py").write_text('_n("Dues", "%(n)s dues", n)', encoding="utf-8")
    assert "Dues" not in update_catalogue(package)["vi"]
    assert 'msgid_plural "%(n)s dues"\nmsgstr[0] "Đảng phí"' in vi(package)


def test_wrong_placeholders_and_stray_english_entries_are_reported(package):
    update_catalogue(package, {"Dues of %(name)s": "Đảng phí của %(nmae)s"})
    english = package / "translations" / "en.po"
    english.write_text(
        english.read_text(encoding="utf-8") + '\nmsgid "Gone"\nmsgstr "Went"\n', encoding="utf-8"
    )
    report = missing_translations(package)
    assert report["faulty"] == ["vi: Dues of %(name)s"]
    assert report["obsolete"] == ["en: Gone"]


def test_a_broken_catalogue_is_not_overwritten(package):
    file = package / "translations" / "vi.po"
    file.parent.mkdir()
    file.write_text("no catalogue", encoding="utf-8")
    with pytest.raises(PoFileError):
        update_catalogue(package)
    assert file.read_text(encoding="utf-8") == "no catalogue"


def test_core_answers_for_marshmallow():
    messages = extract_messages(Path(core.__file__).parent)
    assert {"Missing data for required field.", "%(n)s day left"} <= messages
