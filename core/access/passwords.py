"""Passwords: hashing with argon2, and first ones that can be read out and typed on any keyboard."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST

CONSONANTS = "bghklmnptv"
VOWELS = "aeiou"
UNFORTUNATE = ("lon", "kak", "ngu", "bua")

_hashers = [PasswordHasher()]


def use_cheap_hashes(cheap: bool) -> None:  # noqa: FBT001 - said once, at the start
    """Choose the cheapest parameters, for tests only; otherwise those argon2-cffi recommends."""
    _hashers[0] = PasswordHasher.from_parameters(CHEAPEST) if cheap else PasswordHasher()
    _dummy_hash.cache_clear()


def composed(password: str) -> str:
    """Return a password in composed form: keyboards send the letters of Vietnamese in two forms."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """Hash a password or a short code."""
    return _hashers[0].hash(composed(password))


def verify_password(stored: str, password: str) -> bool:
    """Whether a password is the one that was hashed; a broken hash fits nothing."""
    try:
        return _hashers[0].verify(stored, composed(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with other parameters than are used today."""
    return _hashers[0].check_needs_rehash(stored)


def waste_time(password: str) -> None:
    """Work as long as for a real account, so that the time does not tell which names exist."""
    verify_password(_dummy_hash(), password)


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return _hashers[0].hash(secrets.token_hex(16))


def first_password() -> str:
    """Make a first password such as `bane-tiku-4721`: about 34 bits, changed at the first sign-in.

    It can be read out over the telephone. No letter in it is changed by an input method: no d, w,
    s, f, r, x, j, z, and two neighbouring vowels differ (Telex turns `bana` into `bân`).
    """
    while True:
        letters, before = "", ""
        for _syllable in range(4):
            before = secrets.choice([vowel for vowel in VOWELS if vowel != before])
            letters += secrets.choice(CONSONANTS) + before
        if not any(word in letters for word in UNFORTUNATE):
            return f"{letters[:4]}-{letters[4:]}-{secrets.randbelow(9000) + 1000}"
