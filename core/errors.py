"""The errors a person may see: the whole list, each with its status and its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Fields = Mapping[str, Sequence[str]]


class DomainError(Exception):
    """Something a person is told in one sentence that says what to do."""

    status = 500
    code = "error"

    def __init__(self, sentence: object, *, fields: Fields | None = None) -> None:
        """Keep the sentence (translated when raised) and the fields it concerns."""
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.fields: dict[str, list[str]] = {
            name: [str(reason) for reason in reasons] for name, reasons in (fields or {}).items()
        }


class InvalidInput(DomainError):
    """What was sent cannot be read."""

    status = 422
    code = "invalid_input"


class SignInNeeded(DomainError):
    """Nobody is signed in."""

    status = 401
    code = "sign_in_needed"


class Forbidden(DomainError):
    """Signed in and able to see the place, but not permitted to do this here."""

    status = 403
    code = "forbidden"


class NotFound(DomainError):
    """Not there, not yours, or its plugin is off here: the same answer for all three."""

    status = 404
    code = "not_found"


class RuleBroken(DomainError):
    """The trade forbids it now."""

    status = 409
    code = "rule_broken"


class Changed(DomainError):
    """Somebody else changed it meanwhile."""

    status = 409
    code = "changed"


class Stale(DomainError):
    """A program wrote with an `If-Match` that is no longer true."""

    status = 412
    code = "stale"


class ConditionNeeded(DomainError):
    """A program wrote to a record without saying which revision it knows."""

    status = 428
    code = "condition_needed"


class TooLarge(DomainError):
    """What was sent is larger than is accepted."""

    status = 413
    code = "too_large"


class TooMany(DomainError):
    """Too many tries in a short time."""

    status = 429
    code = "too_many"


class PluginFailed(DomainError):
    """A plugin is broken; `plugin` names it."""

    status = 500
    code = "plugin_failed"

    def __init__(self, plugin: str, sentence: object) -> None:
        """Name the plugin that failed and say how."""
        super().__init__(sentence)
        self.plugin = plugin
