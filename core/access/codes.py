"""Codes on paper: one-time reset codes, recovery codes, and the secrets of sessions and tokens."""

from __future__ import annotations

import secrets

DIGITS = "0123456789"
CLEAR = "23456789bcghkmnpqtvy"
RECOVERY_CODES = 10


def reset_code() -> str:
    """Make a one-time code: nine digits, which no input method changes (30 bits, few tries)."""
    digits = "".join(secrets.choice(DIGITS) for _ in range(9))
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def bare_digits(typed: str) -> str:
    """Return a code as it is compared: only its digits, however it was grouped when typed."""
    return "".join(sign for sign in typed if sign in DIGITS)


def recovery_codes() -> list[str]:
    """Make the codes that replace a lost telephone: 69 bits each, so a digest of them is enough."""
    return [
        "-".join("".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(4))
        for _ in range(RECOVERY_CODES)
    ]


def bare_code(typed: str) -> str:
    """Return a recovery code as it is compared: small letters and digits alone."""
    return "".join(sign for sign in typed.casefold() if sign in CLEAR)


def new_secret() -> str:
    """Make a long random secret of which only a digest is kept."""
    return secrets.token_urlsafe(32)
