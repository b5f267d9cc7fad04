"""The JSON API of one's own sessions, of rights at a unit, and of tokens."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from core.access.permissions import SEE_GRANTS, TOKENS
from core.access.schemas import (
    GrantOutput,
    GrantsQuery,
    NewTokenOutput,
    SessionOutput,
    TokenInput,
    TokenOutput,
    WhyOutput,
    WhyQuery,
)
from core.access.services import own_account, tokens
from core.access.services.accounts import find_account
from core.access.services.explaining import explain
from core.access.services.grants import list_grants
from core.units.covering import told_of
from core.web import SIGNED_IN, Answer, PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("access", is_core=True)


@blueprint.api("/sessions", permission=SIGNED_IN, answers=SessionOutput(), many=True)
def list_sessions(work: Work) -> Any:
    """List the sessions of one's own account."""
    found = own_account.list_sessions(work, own_account.own_account(work).id)
    here = work.actor.session_id
    lines = [
        {
            "id": login.id,
            "device": login.device,
            "is_shared": login.is_shared,
            "is_this": login.id == here,
            "began_at": login.began_at,
            "seen_at": login.seen_at,
            "expires_at": login.expires_at,
        }
        for login in found
    ]
    return lines, None


@blueprint.api("/sessions/<uuid:session_id>", methods=["DELETE"], permission=SIGNED_IN)
def end_session(work: Work, session_id: uuid.UUID) -> Any:
    """End a session of one's own account."""
    own_account.end_session(work, own_account.own_account(work), session_id)


@blueprint.api(
    "/grants", permission=SEE_GRANTS, accepts=GrantsQuery(), answers=GrantOutput(), many=True
)
def grants(work: Work, data: dict[str, Any]) -> Any:
    """List the grants and delegations at a unit, of today or of a day."""
    as_of, limit = told_of(data), data["limit"]
    found = list_grants(work, work.unit, as_of=as_of, after=data["cursor"], limit=limit + 1)
    following = str(found[limit - 1].grant_id) if len(found) > limit else None
    return [asdict(line) for line in found[:limit]], following


@blueprint.api("/grants/explain", permission=SEE_GRANTS, accepts=WhyQuery(), answers=WhyOutput())
def explain_grant(work: Work, data: dict[str, Any]) -> Any:
    """Say why an account may do something at a unit, or what is missing."""
    account = find_account(work, data["account"])
    why = explain(work, account, data["permission"], work.unit, data["on"])
    return {
        "account": account.username,
        "permission": why.permission,
        "title": why.title,
        "unit": why.unit.code,
        "on": why.on,
        "allowed": why.allowed,
        "reasons": list(why.reasons),
    }


@blueprint.api("/tokens", permission=TOKENS, answers=TokenOutput(), many=True)
def list_tokens(work: Work) -> Any:
    """List the tokens of a unit, without their secrets."""
    return [token for token, _account in tokens.list_tokens(work)], None


@blueprint.api(
    "/tokens",
    methods=["POST"],
    permission=TOKENS,
    accepts=TokenInput(),
    answers=NewTokenOutput(),
)
def create_token(work: Work, data: dict[str, Any]) -> Any:
    """Make a token for oneself at a unit; its secret is told this once."""
    made = tokens.create_token(work, own_account.own_account(work), **data)
    token = made.token
    return Answer(
        {
            "id": token.id,
            "name": token.name,
            "permissions": token.permissions,
            "expires_on": token.expires_on,
            "made_at": token.made_at,
            "secret": made.secret,
        },
        status=201,
    )


@blueprint.api("/tokens/<uuid:token_id>", methods=["DELETE"], permission=TOKENS)
def end_token(work: Work, token_id: uuid.UUID) -> Any:
    """End a token of a unit."""
    tokens.end_token(work, tokens.access_token(work, token_id))
