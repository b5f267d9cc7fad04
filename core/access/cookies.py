"""Cookies of a device: the signed session, and the signed id under which it keeps names."""

from __future__ import annotations

from datetime import datetime

from flask import Response, after_this_request, current_app, request, session
from itsdangerous import BadSignature, URLSafeSerializer

from core.access.services.signing_in import SignedIn

DEVICE = "device"
YEAR = 31_536_000


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="device")


def device_id() -> str:
    """Return the id of this device; empty where it keeps no names."""
    try:
        found = _signer().loads(request.cookies.get(DEVICE, "")[:400])
    except BadSignature:
        return ""
    return found if isinstance(found, str) else ""


def keep_session(signed_in: SignedIn, now: datetime) -> None:
    """Give the device its new session; everything of the session before is dropped."""
    session.clear()
    session["sid"] = str(signed_in.login.id)
    session["secret"] = signed_in.secret
    idles = bool(signed_in.login.idle_minutes)
    # Without `permanent` the cookie goes when the browser is closed.
    session.permanent = not idles
    if idles:
        session["used"] = int(now.timestamp())
    if signed_in.device_id and signed_in.device_id != device_id():
        _keep_device(signed_in.device_id)


def _keep_device(new_id: str) -> None:
    value = str(_signer().dumps(new_id))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            DEVICE,
            value,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=secure,
        )
        return response


def drop_session() -> None:
    """Take the session off the device."""
    session.clear()


def keep_following(address: str) -> None:
    """Remember where to go on once a first password or a second factor is given."""
    if address and address != "/":
        session["next"] = address


def take_following() -> str:
    """Return where to go on, once."""
    return str(session.pop("next", "") or "/")
