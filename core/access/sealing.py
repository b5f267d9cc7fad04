"""Seals secrets for the database, and opens them; imported when a second factor is used.

The library of ciphers takes 6 MB of every process that has it.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _box(key: bytes) -> Fernet:
    """Return what seals secrets: a key for this purpose, derived from the deployment's."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hatnhan second factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key)))


def seal(key: bytes, secret: str) -> str:
    """Return a secret as the database keeps it."""
    return _box(key).encrypt(secret.encode()).decode()


def unseal(key: bytes, sealed: str) -> str | None:
    """Return the secret; None where it was sealed under another key."""
    try:
        return _box(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
