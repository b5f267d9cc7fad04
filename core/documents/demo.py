"""The demo town's papers of the past, entered as papers that were issued before the system."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.documents.services import head_of, register_paper
from core.work import Work

if TYPE_CHECKING:  # no server writes a town
    from core.generate.town import Town


def build_demo(
    work: Work, town: Town, keys: Mapping[str, uuid.UUID], _people: Mapping[str, uuid.UUID]
) -> None:
    """Enter the papers behind what happened to the town, such as 33-KL/ThU of 20/01/2022."""
    ids = {row.unit_code: keys[row.unit_code] for row in town.documents}
    places = work.host.places.by_ids(work.session, ids.values(), work.today, work.generation)
    for row in town.documents:
        place = places[ids[row.unit_code]]
        register_paper(
            work,
            unit=place,
            code=row.number,
            issuer=head_of(work, place, row.issued_on).issuing_body,
            issued_on=row.issued_on,
            subject=row.subject,
        )
