"""Papers in the register of a body, the files they are, the counters of their numbers, templates.

The bytes lie in the database and not in files beside it: one backup holds everything, several
servers need no shared folder, and a rolled-back act leaves nothing behind. They stand in tables of
their own, so that no list ever reads them.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, LongText, Revised, Scoped, ShortText
from core.documents import permissions

STATES = ("draft", "issued", "voided")
SOURCES = ("own", "registered")
FORMATS = ("docx", "pdf", "upload")


class Document(Keyed, Scoped, Revised, Base):
    """A paper in a register: one of the unit's own, or one that came from elsewhere.

    A draft has its number and no text yet. A voided paper keeps its number for ever. Only
    unclassified papers are kept here, so there is no field for a degree of secrecy.
    """

    __tablename__ = "core_document"
    __see__: ClassVar[str] = permissions.SEE
    source: Mapped[str] = mapped_column(sa.String(10), default="own")
    state: Mapped[str] = mapped_column(sa.String(8), default="issued")
    kind: Mapped[str] = mapped_column(sa.String(40))
    kind_code: Mapped[str] = mapped_column(sa.String(10), default="")
    body_code: Mapped[str] = mapped_column(sa.String(20), default="")
    issuer: Mapped[Line] = mapped_column(default="")
    number: Mapped[int | None]
    term_from: Mapped[date | None]
    code: Mapped[ShortText] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(sa.String(600), default="")
    search: Mapped[str] = mapped_column(sa.String(800), default="")
    issued_on: Mapped[date]
    signer: Mapped[Line] = mapped_column(default="")
    about_type: Mapped[ShortText] = mapped_column(default="")
    about_id: Mapped[uuid.UUID | None]
    paper: Mapped[Any | None] = mapped_column(Json, deferred=True)
    made_by: Mapped[Line]
    made_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[Line] = mapped_column(default="")
    void_reason: Mapped[LongText] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft','issued','voided')", name="state"),
        sa.CheckConstraint("source IN ('own','registered')", name="source"),
        sa.CheckConstraint("number IS NULL OR number > 0", name="number"),
        sa.UniqueConstraint(
            "unit_id", "body_code", "kind_code", "term_from", "number", name="uq_core_document_no"
        ),
        sa.Index("ix_core_document_unit_day", "unit_id", "issued_on", "id"),
        sa.Index("ix_core_document_about", "about_type", "about_id"),
    )


class DocumentFile(Base):
    """A paper as it was printed or sent: its bytes never change."""

    __tablename__ = "core_document_file"
    document_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_document.id"), primary_key=True
    )
    format: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    filename: Mapped[Line]
    mime: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    template_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    body: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    created_at: Mapped[datetime]
    __table_args__ = (sa.CheckConstraint("format IN ('docx','pdf','upload')", name="format"),)


class DocumentCounter(Base):
    """The last number given in a series: one body, one kind of paper, one term."""

    __tablename__ = "core_document_counter"
    unit_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id"), primary_key=True
    )
    body_code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    kind_code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    term_from: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class DocumentTemplate(Keyed, Base):
    """A template in place of ours, for a unit and everything below it, from a day on.

    An empty `kind` serves every kind of paper. A locked one cannot be replaced further down.
    """

    __tablename__ = "core_document_template"
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40), default="")
    format: Mapped[str] = mapped_column(sa.String(4))
    valid_from: Mapped[date]
    locked: Mapped[bool] = mapped_column(default=False)
    filename: Mapped[Line]
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    body: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    document_no: Mapped[ShortText] = mapped_column(default="")
    made_by: Mapped[Line]
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (sa.CheckConstraint("format IN ('docx','typ')", name="format"),)
