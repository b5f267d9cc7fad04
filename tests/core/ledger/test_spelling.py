"""What is signed of a row is spelled one way, whether rows come one by one or by thousands."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import UTC, datetime

import pytest

from core.ledger.recording import SIGNED, canonical, plain, row_digest

KEY = b"a key"
ROW = {
    "id": uuid.UUID(int=7),
    "at": datetime(2026, 11, 22, 1, 2, 3, 40, tzinfo=UTC),
    "actor_id": uuid.UUID(int=8),
    "actor": 'Nguyễn “Văn” "A"\\',
    "acting_for": None,
    "unit_id": uuid.UUID(int=9),
    "action": "members.registered",
    "about_type": "member",
    "about_id": None,
    "label": 'a "label"\n\x01 đồng chí',
    "act_id": uuid.UUID(int=10),
    "payload_digest": bytes(range(32)),
}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"about_id": uuid.UUID(int=11), "unit_id": None, "label": ""},
        {"actor_id": None, "acting_for": "Bí thư Đảng ủy"},
        {"actor": "somebody else", "at": datetime(2026, 1, 2, tzinfo=UTC)},
    ],
)
def test_the_digest_is_that_of_the_canonical_spelling(changed: dict[str, object]) -> None:
    row = {**ROW, **changed}
    values = {name: plain(row[name]) for name in SIGNED}
    moment = row["at"]
    assert isinstance(moment, datetime)
    values["at"] = moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    assert row_digest(KEY, row) == hmac.new(KEY, canonical(values), hashlib.sha256).digest()
