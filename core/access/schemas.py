"""What pages and programs send about accounts, rights and tokens, and what programs get back."""

from __future__ import annotations

import unicodedata
from typing import Any

import marshmallow as ma

from core.access.password_rules import MOST
from core.access.services.accounts import STATES
from core.forms import DayField, FormSchema, LimitField, LineField, PageQuery
from core.i18n import lazy
from core.units.covering import AsOfQuery

TICK = {"kind": "checkbox"}
LATIN = {"autocomplete": "username"}


class PasswordField(ma.fields.String):
    """A password: composed letters, nothing else changed, so spaces count as they were typed."""

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        """Limit the length before anything is hashed; browsers are told which password it is."""
        label = options.pop("label")
        metadata = {
            "kind": "password",
            "label": label,
            "autocomplete": "new-password" if new else "current-password",
        }
        super().__init__(validate=ma.validate.Length(max=MOST), metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return unicodedata.normalize("NFC", text) if len(text) <= 4 * MOST else text


class NextInput(FormSchema):
    """Where to go on after signing in; `then` where `next` would already lead there."""

    next = LineField(load_default="", most=2000)
    then = LineField(load_default="", most=2000)
    other = ma.fields.Boolean(load_default=False)


class SignInInput(FormSchema):
    """The form to sign in."""

    username = LineField(required=True, most=120, metadata={"label": lazy("User name"), **LATIN})
    password = PasswordField(required=True, label=lazy("Password"))
    shared = ma.fields.Boolean(load_default=False, metadata={"label": lazy("Shared computer")})
    next = LineField(load_default="", most=2000, metadata={"kind": "hidden"})


class SwitchInput(FormSchema):
    """A name kept on this device, and its password."""

    name = ma.fields.UUID(required=True, metadata={"kind": "hidden"})
    password = PasswordField(required=True, label=lazy("Password"))
    next = LineField(load_default="", most=2000, metadata={"kind": "hidden"})


class NameInput(FormSchema):
    """A name kept on this device."""

    name = ma.fields.UUID(load_default=None)


class SwitchQuery(FormSchema):
    """Which name was tapped."""

    name = ma.fields.UUID(load_default=None)
    next = LineField(load_default="", most=2000)
    then = LineField(load_default="", most=2000)


class PasswordInput(FormSchema):
    """The form to change one's password."""

    old = PasswordField(load_default="", label=lazy("Old password"))
    password = PasswordField(required=True, new=True, label=lazy("New password"))
    again = PasswordField(required=True, new=True, label=lazy("New password once more"))


class ResetInput(FormSchema):
    """The form that takes a one-time code."""

    username = LineField(required=True, most=120, metadata={"label": lazy("User name"), **LATIN})
    code = LineField(
        required=True,
        most=40,
        metadata={
            "label": lazy("Code on the slip"),
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
        },
    )
    password = PasswordField(required=True, new=True, label=lazy("New password"))
    again = PasswordField(required=True, new=True, label=lazy("New password once more"))


class CodeInput(FormSchema):
    """A code of the second factor, or the wish to set it up."""

    code = LineField(load_default="", most=60)
    begin = ma.fields.Boolean(load_default=False)


class CodeForm(FormSchema):
    """The code as the page asks for it."""

    code = LineField(
        required=True,
        most=60,
        metadata={
            "label": lazy("Six-digit code"),
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
        },
    )


class AccountQuery(PageQuery):
    """Which accounts are listed."""

    q = LineField(load_default="", most=80)
    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *STATES]))


class AccountInput(FormSchema):
    """A new account for somebody who is not in the list of members."""

    name = LineField(required=True, most=120, metadata={"label": lazy("Full name")})
    username = LineField(
        required=True,
        most=60,
        metadata={
            "label": lazy("User name"),
            "hint": lazy("Small letters without marks, digits, dots; for example hoa.nguyenthi"),
            "autocomplete": "off",
        },
    )


class MembersInput(FormSchema):
    """Members who get an account."""

    members = ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=500),
        metadata={"label": lazy("Members without an account")},
    )


class SlipsInput(FormSchema):
    """The slips of the page, sent back to be printed."""

    slips = ma.fields.String(required=True, validate=ma.validate.Length(max=200_000))
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["pdf", "docx"]))


class GrantInput(FormSchema):
    """A role to be given at a unit."""

    username = LineField(
        required=True, most=60, metadata={"label": lazy("User name"), "autocomplete": "off"}
    )
    role = ma.fields.String(required=True, metadata={"label": lazy("Role"), "kind": "choice"})
    with_subtree = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("At all units below, too")}
    )
    since = DayField(load_default=None, allow_none=True, metadata={"label": lazy("First day")})
    until = DayField(load_default=None, allow_none=True, metadata={"label": lazy("Last day")})
    document_no = LineField(
        load_default="", most=80, metadata={"label": lazy("Number of the document")}
    )


class GrantQuery(FormSchema):
    """To whom a role is to be given."""

    username = LineField(load_default="", most=60)


class DelegationInput(FormSchema):
    """Who acts for me, in which role, and when."""

    deputy = ma.fields.UUID(
        required=True, metadata={"label": lazy("Who acts as deputy"), "kind": "choice"}
    )
    role = ma.fields.String(
        required=True, metadata={"label": lazy("In which role"), "kind": "choice"}
    )
    with_subtree = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("At all units below, too")}
    )
    since = DayField(required=True, metadata={"label": lazy("First day")})
    until = DayField(required=True, metadata={"label": lazy("Last day")})


class WhyInput(FormSchema):
    """About whom, about what and for which day it is asked; nothing yet on the first look."""

    username = LineField(load_default="", most=60)
    permission = ma.fields.String(load_default="", validate=ma.validate.Length(max=90))
    on = DayField(load_default=None, allow_none=True)


class WhyForm(FormSchema):
    """The question as the page asks for it."""

    username = LineField(required=True, most=60, metadata={"label": lazy("User name")})
    permission = ma.fields.String(
        required=True, metadata={"label": lazy("May do what"), "kind": "choice"}
    )
    on = DayField(load_default=None, allow_none=True, metadata={"label": lazy("On which day")})


class TokenInput(FormSchema):
    """A token for a program."""

    name = LineField(
        required=True,
        most=120,
        metadata={"label": lazy("For which program"), "autocomplete": "off"},
    )
    permissions = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=90)),
        required=True,
        validate=ma.validate.Length(min=1, max=100),
        metadata={"label": lazy("What it may do")},
    )
    expires_on = DayField(required=True, metadata={"label": lazy("Last day")})


# ---------------------------------------------------------------------------- the JSON API


class WhyQuery(FormSchema):
    """Whether an account may do something at a unit on a day."""

    account = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    permission = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=90))
    on = DayField(load_default=None)


class GrantsQuery(AsOfQuery):
    """Which rights are listed: of today and later, or those that held on a day."""

    limit = LimitField(100, most=500)
    cursor = ma.fields.UUID(load_default=None)


class SessionOutput(ma.Schema):
    """A session of one's own account."""

    id = ma.fields.UUID(required=True)
    device = ma.fields.String(required=True)
    is_shared = ma.fields.Boolean(required=True)
    is_this = ma.fields.Boolean(required=True)
    began_at = ma.fields.AwareDateTime(required=True)
    seen_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class GrantOutput(ma.Schema):
    """A right at a unit; `valid_to` is the first day on which it holds no more."""

    id = ma.fields.UUID(required=True, attribute="grant_id")
    account = ma.fields.String(required=True, attribute="username")
    name = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    acting_for = ma.fields.String(required=True, attribute="grantor")
    unit_id = ma.fields.UUID(required=True)
    with_subtree = ma.fields.Boolean(required=True)
    valid_from = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(required=True)
    document_no = ma.fields.String(required=True)


class WhyOutput(ma.Schema):
    """Whether something is allowed, and why, in sentences."""

    account = ma.fields.String(required=True)
    permission = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    on = ma.fields.Date(required=True)
    allowed = ma.fields.Boolean(required=True)
    reasons = ma.fields.List(ma.fields.String(), required=True)


class TokenOutput(ma.Schema):
    """A token without its secret."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    permissions = ma.fields.List(ma.fields.String(), required=True)
    expires_on = ma.fields.Date(required=True)
    made_at = ma.fields.AwareDateTime(required=True)


class NewTokenOutput(TokenOutput):
    """A token just made; its secret is told this once."""

    secret = ma.fields.String(required=True)
