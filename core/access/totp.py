"""The second factor: secrets sealed in the database, codes of half a minute, each used once."""

from __future__ import annotations

from datetime import datetime

import segno
from pyotp import random_base32
from pyotp.totp import TOTP
from pyotp.utils import strings_equal

STEP = 30
WINDOW = (-1, 0, 1)
ISSUER = "Hạt Nhân"


def new_sealed_secret(key: bytes) -> str:
    """Make a secret, sealed as the database keeps it."""
    from core.access import sealing  # noqa: PLC0415 - brings ciphers that most workers never use

    return sealing.seal(key, random_base32())


def opened(key: bytes, sealed: str) -> str | None:
    """Return the secret; None where it was sealed under another key."""
    from core.access import sealing  # noqa: PLC0415 - see above

    return sealing.unseal(key, sealed)


def matching_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the step of time whose code this is, one step early or late; a used one fits not."""
    digits = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    totp = TOTP(secret)
    current = int(now.timestamp()) // STEP
    for offset in WINDOW:
        step = current + offset
        fresh = last_step is None or step > last_step
        if fresh and strings_equal(totp.at(step * STEP), digits):
            return step
    return None


def address(secret: str, username: str) -> str:
    """Return the address that an authenticator application reads from the picture."""
    return str(TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER))


def picture(secret: str, username: str) -> str:
    """Return the square picture of the address, to stand in the page itself."""
    code = segno.make(address(secret, username), micro=False)
    return str(code.png_data_uri(scale=6, border=3))


def grouped(secret: str) -> str:
    """Write a secret in groups of four, to be typed by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
