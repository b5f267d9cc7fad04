"""Append-only record of every change and of every read of personal data, sealed in batches."""

from core.ledger.recording import About, Told, record, record_all, saw

__all__ = ["About", "Told", "record", "record_all", "saw"]
