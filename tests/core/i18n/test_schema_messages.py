"""marshmallow in Vietnamese: every message, in the language of the reader, not of the import."""

from __future__ import annotations

from datetime import date

import pytest
from markupsafe import escape
from marshmallow import Schema, ValidationError, fields, validate

from core.i18n import MessageText, translate_marshmallow, use_locale
from core.i18n.catalogues import CORE_TRANSLATIONS, read_entries
from core.i18n.message_text import LengthText
from core.i18n.schema_messages import marshmallow_messages


class MemberInput(Schema):
    name = fields.String(required=True, validate=validate.Length(max=5))
    joined_on = fields.Date(validate=validate.Range(min=date(1930, 2, 3)))
    held_at = fields.Time()
    share = fields.Integer(validate=validate.Range(min=0, max=20, max_inclusive=False))
    level = fields.String(validate=validate.OneOf(["good", "excellent"]))
    mail = fields.Email()
    when = fields.AwareDateTime()
    tags = fields.List(fields.String(validate=validate.Regexp("a+")))
    code = fields.String(validate=validate.Length(equal=3, error=MessageText("Must be {equal}.")))


def errors(**data):
    with pytest.raises(ValidationError) as refused:
        MemberInput().load({"name": "An", **data})
    return refused.value.messages


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"name": None}, "Chưa nhập nội dung này."),
        ({"name": 5}, "Phải là chữ."),
        ({"name": "quá dài"}, "Dài quá. Chỉ ghi tối đa 5 ký tự."),
        ({"joined_on": "mai"}, "Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 03/11/2026."),
        ({"joined_on": "1930-02-02"}, "Chỉ nhận từ 03/02/1930 trở lên."),
        ({"held_at": "tối"}, "Giờ chưa đúng. Ghi giờ:phút, ví dụ 19:30."),
        ({"share": "20"}, "Chỉ nhận từ 0 đến dưới 20."),
        ({"share": "x"}, "Phải là số nguyên, ví dụ 12."),
        ({"level": "bad"}, "Chọn một trong các mục: good, excellent."),
        ({"mail": "an"}, "Địa chỉ thư điện tử chưa đúng. Ghi đủ, ví dụ ten@vidu.vn."),
        ({"when": "2026-11-03T19:30:00"}, "Ngày và giờ phải kèm múi giờ, ví dụ +07:00."),
    ],
)
def test_a_wrong_value_is_refused_in_vietnamese(data, text):
    with use_locale("vi"):
        assert errors(**data) == {next(iter(data)): [text]}


@pytest.mark.parametrize(
    ("limits", "of_a_list", "of_a_text"),
    [
        ({"max": 2}, "Chỉ nhận nhiều nhất 2 mục.", "Dài quá. Chỉ ghi tối đa 2 ký tự."),
        ({"min": 4}, "Cần ít nhất 4 mục.", "Ngắn quá. Ghi ít nhất 4 ký tự."),
        ({"min": 1, "max": 2}, "Cần từ 1 đến 2 mục.", "Chỉ nhận từ 1 đến 2 ký tự."),
        ({"equal": 4}, "Cần đúng 4 mục.", "Phải đủ 4 ký tự."),
    ],
)
def test_a_list_is_counted_in_entries_and_a_text_in_signs(limits, of_a_list, of_a_text):
    for value, text in ((["a", "b", "c"], of_a_list), ("abc", of_a_text)):
        with use_locale("vi"), pytest.raises(ValidationError) as refused:
            validate.Length(**limits)(value)
        assert refused.value.messages == [text]


def test_the_reader_is_told_in_the_language_of_the_moment():
    with use_locale("en"):
        assert errors(share=20) == {
            "share": ["Must be greater than or equal to 0 and less than 20."]
        }
        assert errors(held_at="x") == {"held_at": ["Not a valid time."]}


def test_a_missing_value_and_an_unknown_field_are_told_too():
    with use_locale("vi"), pytest.raises(ValidationError) as refused:
        MemberInput().load({"nmae": "An"})
    missing, unknown = refused.value.messages["name"], refused.value.messages["nmae"]
    with use_locale("vi"):
        assert missing == ["Chưa nhập nội dung này."]
        # marshmallow hands this one on as it is; whoever prints it makes it a text.
        assert (
            str(unknown[0])
            == str(escape(unknown[0]))
            == "Không nhận thông tin này. Bỏ đi rồi gửi lại."
        )
        assert f"{unknown[0]}".startswith("Không nhận")
    with use_locale("en"):
        assert str(unknown[0]) == "Unknown field."


def test_items_of_a_list_are_told_with_their_place():
    with use_locale("vi"):
        told = errors(tags=["a", "b"])
    assert told == {"tags": {1: ["Nội dung chưa đúng mẫu. Xem lại rồi nhập lại."]}}


def test_braces_in_what_somebody_typed_do_no_harm():
    with use_locale("vi"):
        assert errors(level="{max}")["level"][0].startswith("Chọn một")


def test_a_message_of_ours_is_filled_after_translation():
    with use_locale("vi"):
        assert errors(code="ab") == {"code": ["Must be 3."]}


def test_replacing_twice_changes_nothing():
    before = marshmallow_messages()
    translate_marshmallow()
    assert marshmallow_messages() == before
    assert type(validate.Equal.default_message) is MessageText
    assert type(validate.Length.message_min) is LengthText


def test_every_message_of_marshmallow_has_a_sound_vietnamese_text():
    entries = read_entries(CORE_TRANSLATIONS / "vi.po", "vi")
    messages = marshmallow_messages()
    assert len(messages) > 45
    assert messages - set(entries) == set()
    assert [message for message in messages if not entries[message].is_sound] == []


def test_no_message_shows_a_word_that_is_filled_in_by_marshmallow():
    assert [text for text in marshmallow_messages() if "_type}" in text or "_op}" in text] == []
