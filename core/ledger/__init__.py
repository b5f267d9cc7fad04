"""Append-only record of every change and of every read of personal data, sealed in batches."""

from core.ledger.recording import About, record, saw

__all__ = ["About", "record", "saw"]
