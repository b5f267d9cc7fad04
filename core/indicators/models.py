"""Answers kept in the database, for processes that remember none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, LongText


class KeptAnswer(Base):
    """The sums of a figure for a question, and what of the database they had seen.

    `digest` covers everything an answer depends on but the facts: another question, another tree,
    another day or other code is another digest. `mark` tells which changes it knew; later ones
    are reckoned by whoever reads it. The job that writes them writes all anew.
    """

    __tablename__ = "core_kept_answer"
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    mark: Mapped[LongText]
    sums: Mapped[Any] = mapped_column(Json)
    kept_at: Mapped[datetime]
