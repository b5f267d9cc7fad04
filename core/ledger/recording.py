"""Writing the ledger: rows in the act's own transaction, reads into a spool beside the database."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import uuid
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from core.db import JsonText, new_key
from core.ledger.models import LedgerPayload, LedgerRow
from core.rows import insert_rows
from core.work import Work


class UnnamedAct(UserWarning):
    """An act that the ledger's readers would see by its key alone."""


@dataclass(frozen=True, slots=True)
class About:
    """What an act was about: the kind of thing, its key, and how a person would call it."""

    type: str
    id: uuid.UUID | None = None
    label: str = ""
    unit_id: uuid.UUID | None = None


def plain(value: Any) -> Any:
    """Turn a value into what JSON can carry; days and instants become ISO text."""
    if isinstance(value, uuid.UUID):  # before the questions that take longer
        return str(value)
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain
)


def canonical(value: Any) -> bytes:
    """Return the one spelling of a JSON value over which digests are reckoned."""
    return _CANONICAL.encode(value).encode()


def payload_digest(salt: bytes, body: Any) -> bytes:
    """Digest of a payload; the salt keeps short contents from being guessed after erasure."""
    return _salted(salt, canonical(body))


def _salted(salt: bytes, spelled: bytes) -> bytes:
    return hashlib.sha256(salt + spelled).digest()


SIGNED = (
    "id",
    "at",
    "actor_id",
    "actor",
    "acting_for",
    "unit_id",
    "action",
    "about_type",
    "about_id",
    "label",
    "act_id",
    "payload_digest",
)


def row_digest(key: bytes, row: Mapping[str, Any]) -> bytes:
    """Keyed digest over everything a row says."""
    return hmac.digest(key, _signed(row).encode(), "sha256")


def _signed(row: Mapping[str, Any]) -> str:
    """Spell what is signed of a row as `canonical` would, the parts all rows of an act share once.

    An import signs a hundred thousand rows.
    """
    shared = _shared(
        row["about_type"],
        row["act_id"],
        row["acting_for"],
        row["action"],
        row["actor"],
        row["actor_id"],
        row["at"].replace(tzinfo=None).isoformat(timespec="microseconds"),
    )
    return (
        f'{{"about_id":{_key(row["about_id"])},{shared},'
        f'"id":"{row["id"]}","label":{encode_basestring(row["label"])},'
        f'"payload_digest":"{row["payload_digest"].hex()}",'
        f'"unit_id":{_key(row["unit_id"])}}}'
    )


def _key(key: uuid.UUID | None) -> str:
    return "null" if key is None else f'"{key}"'


@lru_cache(maxsize=64)
def _shared(
    about_type: str,
    act_id: uuid.UUID,
    acting_for: str | None,
    action: str,
    actor: str,
    actor_id: uuid.UUID | None,
    at: str,
) -> str:
    """Spell what the rows of an act have in common, without the braces around it."""
    values = {
        "about_type": about_type,
        "act_id": plain(act_id),
        "acting_for": acting_for,
        "action": action,
        "actor": actor,
        "actor_id": plain(actor_id),
        "at": at,
    }
    return _CANONICAL.encode(values)[1:-1]


@dataclass(frozen=True, slots=True)
class Told:
    """One of many records that an act was about, as it was before and after."""

    about: About
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record(
    work: Work,
    action: str,
    about: About,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    permission: str | None = None,
) -> uuid.UUID:
    """Record one act; it is written when the transaction commits, or not at all.

    `permission` is the one the act needed: where the actor holds it only by delegation, the row
    says for whom they acted.
    """
    return record_all(work, action, [Told(about, before, after)], permission=permission)[0]


def record_all(
    work: Work, action: str, told: Iterable[Told], *, permission: str | None = None
) -> list[uuid.UUID]:
    """Record one act on many records, a row for each; returns the keys of the rows."""
    words = work.host.registries.get("ledger_words")
    if words is not None and action not in words.actions:
        sentence = f"Say in `ledger_actions` of plugin.py how the act “{action}” is called."
        warnings.warn(sentence, UnnamedAct, stacklevel=4)
    shared: dict[str, Any] = {
        "at": work.now,
        "actor_id": work.actor.account_id,
        "actor": work.actor.label[:300],
        "acting_for": work.actor.acting_for(permission, work.unit)
        if permission
        else work.actor.for_whom(work.unit),
        "action": action,
        "act_id": act_id(work),
    }
    pending = work.session.info.setdefault("ledger", [])
    keys: list[uuid.UUID] = []
    for one in told:
        salt, key = os.urandom(16), new_key()
        body = _body(one)
        row = {
            **shared,
            "id": key,
            "unit_id": one.about.unit_id or work.unit.id,
            "about_type": one.about.type,
            "about_id": one.about.id,
            "label": one.about.label[:300],
            "payload_digest": _salted(salt, body.encode()),
        }
        pending.append((row, {"ledger_id": key, "body": JsonText(body), "salt": salt}))
        keys.append(key)
    return keys


def _body(one: Told) -> str:
    """Spell what stood there before and after; keys of mappings are text, as a rule."""
    try:
        return _CANONICAL.encode({"before": one.before, "after": one.after})
    except TypeError:
        return _CANONICAL.encode({"before": plain(one.before), "after": plain(one.after)})


def act_id(work: Work) -> uuid.UUID:
    """Return the key that all rows of one act share."""
    key: uuid.UUID = work.session.info.setdefault("act_id", new_key())
    return key


def write_pending(work: Work) -> None:
    """Write what the act recorded: two statements, however many rows."""
    pending = work.session.info.pop("ledger", [])
    if not pending:
        return
    key = work.host.ledger_key
    for row, _payload in pending:
        row["digest"] = row_digest(key, row)
    insert_rows(work.session, LedgerRow, [row for row, _payload in pending])
    insert_rows(work.session, LedgerPayload, [payload for _row, payload in pending])


def saw(work: Work, type_: str, ids: Iterable[uuid.UUID], classes: Iterable[str] = ()) -> None:
    """Say whose records this request shows and which classes of fields; kept once a request."""
    shown = work.session.info.setdefault("shown", {})
    entry = shown.setdefault(type_, {"ids": [], "classes": set()})
    entry["ids"].extend(str(key) for key in ids)
    entry["classes"].update(classes)


def read_line(work: Work, route: str) -> bytes | None:
    """Return the spool line of what this request showed, or None when it showed nothing."""
    shown = work.session.info.pop("shown", None)
    if not shown:
        return None
    row = {
        "id": str(new_key()),
        "at": work.now.isoformat(timespec="microseconds"),
        "actor_id": str(work.actor.account_id) if work.actor.account_id else None,
        "actor": work.actor.label,
        "acting_for": work.actor.for_whom(work.unit),
        "unit_id": str(work.unit.id),
        "route": route,
        "shown": {
            kind: {"ids": entry["ids"], "classes": sorted(entry["classes"])}
            for kind, entry in shown.items()
        },
    }
    row["digest"] = hmac.new(work.host.ledger_key, canonical(row), hashlib.sha256).hexdigest()
    return canonical(row) + b"\n"


def spool_read(work: Work, route: str) -> None:
    """Append the read to this process's spool; a page never waits for the database to record it."""
    line = read_line(work, route)
    if line is None:
        return
    folder = work.host.spool_folder
    name = folder / f"reads-{work.now:%Y%m%d%H}-{os.getpid()}.jsonl"
    descriptor = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)
