"""Placeholders of a message: `%(name)s` in our sentences, `{name}` in those of marshmallow."""

from __future__ import annotations

import re

_PERCENT = re.compile(r"%\((\w+)\)")
_BRACE = re.compile(r"\{(\w+)[!:}]")


def fits(source: str, translation: str) -> bool:
    """Tell whether a translation can be filled with the values that its source is given.

    It may leave a value out, but a name of its own or a lone `%` would break the page.
    """
    try:
        if names := _PERCENT.findall(source):
            _filled = translation % dict.fromkeys(names, 0)
        elif names := _BRACE.findall(source):
            _filled = translation.format(**dict.fromkeys(names, 0))
        else:
            return _PERCENT.search(translation) is None
    except (KeyError, IndexError, ValueError, TypeError):
        return False
    return True
