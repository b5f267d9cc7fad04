"""`hatnhan user`, `grant` and `token`: accounts, rights, and the keys of programs."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import click
import sqlalchemy as sa

from core.access.models import Account
from core.access.services import accounts, grants, resets, tokens
from core.access.services.explaining import explain as explain_right
from core.access.services.grants import HeldRight
from core.cli import DAY, Context, json_option, with_work
from core.errors import NotFound
from core.i18n import _, format_instant, lazy
from core.members.models import Member
from core.periods import EVER, OPEN
from core.units.places import ROOT_CODE, Place
from core.units.tree import access_unit
from core.work import Work


def _account(work: Work, username: str) -> Account:
    """Return an account by its user name, ended ones too."""
    wanted = username.strip().casefold()[:60]
    account = work.session.scalar(sa.select(Account).where(Account.username == wanted))
    if account is None:
        raise NotFound(_("There is no account %(name)s.", name=username))
    return account


def _member(work: Work, card: str) -> Member:
    """Return a member by the number of card or record."""
    found = work.session.scalars(
        sa.select(Member).where(
            sa.or_(Member.card_no == card, Member.record_no == card),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
        )
    ).all()
    if len(found) != 1:
        raise NotFound(_("There is no one member with card or record %(card)s.", card=card))
    return found[0]


def _home(work: Work, unit: str | None, member: Member | None) -> Place:
    """Return where an account belongs: the unit named, else the member's branch, else the root."""
    if unit is None and member is not None:
        found = work.host.places.by_ids(work.session, [member.unit_id], work.today, work.generation)
        return found[member.unit_id]
    return access_unit(work, unit or ROOT_CODE)


def _last_day(valid_to: date) -> str | None:
    return None if valid_to >= OPEN else (valid_to - timedelta(days=1)).isoformat()


# ------------------------------------------------------------------------------------- user


@click.group(help=str(lazy("Accounts: make one, give a reset code, end it, open it again.")))
def user() -> None:
    """Accounts."""


@user.command(
    help=str(lazy("Make an account; print its first password, which is changed at once."))
)
@click.argument("username")
@click.option("--name", default="", help=str(lazy("full name; not needed with --member")))
@click.option("--member", "card", help=str(lazy("number of card or record of the member")))
@click.option("--role", help=str(lazy("role to give at the unit")))
@click.option("--unit", help=str(lazy("code of the unit; without it the member's branch")))
@json_option
@with_work(writing=True)
def create(
    context: Context,
    work: Work,
    username: str,
    name: str,
    card: str | None,
    role: str | None,
    unit: str | None,
) -> None:
    """Make an account."""
    if not name and not card:
        raise click.UsageError(_("Give --name or --member."))
    if role and not (unit or card):
        raise click.UsageError(_("Give --unit: where does the role hold?"))
    member = _member(work, card) if card else None
    place = _home(work, unit, member)
    made = accounts.create_account(
        work,
        username=username,
        name=name or (member.full_name if member else username),
        unit=place,
        member=member,
    )
    if role:
        grants.give_role(work, made.account, role=role, unit=place)
    context.say(
        {
            "username": made.account.username,
            "name": made.account.name,
            "password": made.password,
            "unit": place.code,
            "role": role,
        },
        _(
            "%(username)s, first password %(password)s",
            username=made.account.username,
            password=made.password,
        ),
    )


@user.command(help=str(lazy("Print a one-time code with which a person sets a new password.")))
@click.argument("username")
@json_option
@with_work(writing=True)
def reset(context: Context, work: Work, username: str) -> None:
    """Print a one-time code."""
    code = resets.issue_reset(work, _account(work, username))
    context.say(
        {
            "username": code.account.username,
            "code": code.code,
            "until": code.until.isoformat(),
        },
        _(
            "Code %(code)s, to be used once until %(until)s.",
            code=code.code,
            until=format_instant(code.until, work.host.zone),
        ),
    )


@user.command(help=str(lazy("End an account: nobody signs in with it any more.")))
@click.argument("username")
@json_option
@with_work(writing=True)
def end(context: Context, work: Work, username: str) -> None:
    """End an account."""
    account = _account(work, username)
    accounts.end_account(work, account)
    context.say({"username": account.username}, _("Ended: %(name)s.", name=account.username))


@user.command(help=str(lazy("Open an ended account again; a reset code is needed then.")))
@click.argument("username")
@json_option
@with_work(writing=True)
def reopen(context: Context, work: Work, username: str) -> None:
    """Open an account again."""
    account = _account(work, username)
    accounts.reopen_account(work, account)
    context.say({"username": account.username}, _("Open again: %(name)s.", name=account.username))


# ------------------------------------------------------------------------------------ grant


@click.group(help=str(lazy("Rights: give a role at a unit, list, end, explain.")))
def grant() -> None:
    """Rights."""


@grant.command(help=str(lazy("Give a role at a unit, with all units below unless --only-unit.")))
@click.argument("username", metavar="USER")
@click.argument("role")
@click.option("--unit", required=True, help=str(lazy("code of the unit")))
@click.option("--from", "since", type=DAY, help=str(lazy("first day; without it today")))
@click.option("--to", "until", type=DAY, help=str(lazy("last day; without it no end")))
@click.option("--only-unit", is_flag=True, help=str(lazy("not at the units below")))
@click.option("--document", default="", help=str(lazy("number of the document")))
@json_option
@with_work(writing=True)
def add(
    context: Context,
    work: Work,
    *,
    username: str,
    role: str,
    unit: str,
    only_unit: bool,
    document: str,
    **span: date | None,
) -> None:
    """Give a role."""
    account, place = _account(work, username), access_unit(work, unit)
    since, until = span["since"], span["until"]
    made = grants.give_role(
        work,
        account,
        role=role,
        unit=place,
        with_subtree=not only_unit,
        valid_from=since,
        valid_to=until + timedelta(days=1) if until else OPEN,
        document_no=document[:80],
    )
    context.say(
        {"id": str(made.id), "account": account.username, "role": role, "unit": place.code},
        _("%(name)s holds “%(role)s” at %(unit)s.", name=account.name, role=role, unit=place.name),
    )


@grant.command("list", help=str(lazy("List rights and delegations at a unit, of a user, or all.")))
@click.option("--unit", help=str(lazy("code of the unit")))
@click.option("--user", "username", help=str(lazy("user name")))
@json_option
@with_work(writing=False)
def list_(context: Context, work: Work, unit: str | None, username: str | None) -> None:
    """List rights."""
    place = access_unit(work, unit) if unit else None
    account = _account(work, username) if username else None
    found = grants.list_grants(work, place, account=account, limit=10_000)
    if place is not None and account is None:
        found += grants.list_position_rights(work, place)
    places = grants.places_of(work, found)
    lines = [_line(right, places[right.unit_id].code) for right in found if right.unit_id in places]
    text = "\n".join(
        f"{line['id'] or '-':36}  {line['account'] or line['name']}  {line['role']}  "
        f"{line['unit']}{'' if line['with_subtree'] else ' (1)'}  {line['to'] or ''}"
        for line in lines
    )
    context.say(lines, text or _("No rights were found."))


def _line(right: HeldRight, unit: str) -> dict[str, Any]:
    return {
        "id": str(right.grant_id) if right.grant_id else None,
        "account": right.username or None,
        "name": right.name,
        "role": right.role,
        "unit": unit,
        "with_subtree": right.with_subtree,
        "from": None if right.valid_from == EVER else right.valid_from.isoformat(),
        "to": _last_day(right.valid_to),
        "source": right.source,
        "position": right.position or None,
        "acting_for": right.grantor or None,
        "document": right.document_no or None,
    }


@grant.command("end", help=str(lazy("End a right at once, or from a day on.")))
@click.argument("grant_id", metavar="ID", type=click.UUID)
@click.option("--on", type=DAY, help=str(lazy("first day on which it holds no more")))
@json_option
@with_work(writing=True)
def end_grant(context: Context, work: Work, grant_id: uuid.UUID, on: date | None) -> None:
    """End a right."""
    found = grants.access_grant(work, grant_id)
    grants.end_grant(work, found, on=on)
    context.say({"id": str(grant_id)}, _("The right has ended."))


@grant.command(help=str(lazy("Say why a user may do something at a unit, or what is missing.")))
@click.argument("username", metavar="USER")
@click.argument("permission")
@click.option("--unit", required=True, help=str(lazy("code of the unit")))
@click.option("--on", type=DAY, help=str(lazy("day of the rights; without it today")))
@json_option
@with_work(writing=False)
def explain(
    context: Context, work: Work, username: str, permission: str, unit: str, on: date | None
) -> None:
    """Explain a right."""
    why = explain_right(work, _account(work, username), permission, access_unit(work, unit), on)
    context.say(
        {
            "account": why.account.username,
            "permission": why.permission,
            "title": why.title,
            "unit": why.unit.code,
            "on": why.on.isoformat(),
            "allowed": why.allowed,
            "reasons": list(why.reasons),
        },
        "\n".join([_("Allowed.") if why.allowed else _("Not allowed."), *why.reasons]),
    )


# ------------------------------------------------------------------------------------ token


@click.group(help=str(lazy("Tokens with which programs use the JSON API.")))
def token() -> None:
    """Tokens."""


@token.command("create", help=str(lazy("Make a token; its secret is printed this once.")))
@click.option("--user", "username", required=True, help=str(lazy("for whom it acts")))
@click.option("--unit", required=True, help=str(lazy("code of the unit")))
@click.option(
    "--permission",
    "permissions",
    required=True,
    multiple=True,
    help=str(lazy("what it may do; may be given several times")),
)
@click.option("--expires", required=True, type=DAY, help=str(lazy("last day")))
@click.option("--name", default="", help=str(lazy("for which program")))
@json_option
@with_work(writing=True)
def create_token(
    context: Context,
    work: Work,
    *,
    username: str,
    unit: str,
    permissions: tuple[str, ...],
    expires: date,
    name: str,
) -> None:
    """Make a token."""
    account, place = _account(work, username), access_unit(work, unit)
    made = tokens.create_token(
        work,
        account,
        name=name[:120] or f"{account.username} · {place.code}",
        permissions=permissions,
        expires_on=expires,
        unit=place,
    )
    context.say(
        {
            "id": str(made.token.id),
            "secret": made.secret,
            "account": account.username,
            "unit": place.code,
            "permissions": made.token.permissions,
            "expires_on": expires.isoformat(),
        },
        f"{made.token.id}\n{made.secret}",
    )


@token.command("end", help=str(lazy("End a token: programs that use it are refused.")))
@click.argument("token_id", metavar="ID", type=click.UUID)
@json_option
@with_work(writing=True)
def end_token(context: Context, work: Work, token_id: uuid.UUID) -> None:
    """End a token."""
    tokens.end_token(work, tokens.access_token(work, token_id))
    context.say({"id": str(token_id)}, _("The token has ended."))


ALL = (user, grant, token)
