"""Language: `_` and its kin, the active locale, and how days and numbers are written for people.

`core.i18n.extraction`, which keeps the catalogues complete, is imported by its own name, because
only commands and checks need it.
"""

from .catalogues import (
    CatalogueProblem,
    LazyText,
    Words,
    _,
    _n,
    lazy,
    load_catalogues,
    mark,
)
from .formats import (
    NOTHING,
    day_in_words,
    distance,
    format_day,
    format_day_long,
    format_instant,
    format_month,
    format_percent,
    format_period,
    format_quarter,
    format_time,
    month_in_words,
    paper_count,
    share_text,
    time_in_words,
)
from .locales import LOCALES, get_locale, set_default_locale, set_locale, use_locale
from .message_text import MessageText
from .numerals import format_number
from .schema_messages import translate_marshmallow

__all__ = [
    "LOCALES",
    "NOTHING",
    "CatalogueProblem",
    "LazyText",
    "MessageText",
    "Words",
    "_",
    "_n",
    "day_in_words",
    "distance",
    "format_day",
    "format_day_long",
    "format_instant",
    "format_month",
    "format_number",
    "format_percent",
    "format_period",
    "format_quarter",
    "format_time",
    "get_locale",
    "lazy",
    "load_catalogues",
    "mark",
    "month_in_words",
    "paper_count",
    "set_default_locale",
    "set_locale",
    "share_text",
    "time_in_words",
    "translate_marshmallow",
    "use_locale",
]

# Fields keep the messages they were made with, so this cannot wait for the application to start:
# whoever defines a schema has imported this package before, if only for its labels.
translate_marshmallow()
