"""Finding people from anywhere: by words of their name in any order, or by the card number."""

from __future__ import annotations

from core import ledger
from core.i18n import _
from core.members.labels import STATUS_SHORT
from core.members.services.lines import Filters
from core.members.services.lists import list_members
from core.pages import SearchHit
from core.units.places import Place
from core.work import Work


def find_people(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Find members of today that the actor may see, in list order."""
    root: Place = work.session.info["root_place"]
    found = list_members(work, root, filters=Filters(words=words), limit=limit)
    ledger.saw(work, "member", [line.id for line in found.lines])
    return [
        SearchHit(
            kind=_("Members"),
            title=line.full_name,
            text=" · ".join([home.name, str(STATUS_SHORT[line.status])]),
            endpoint="members.show",
            values={"unit": home.code, "member_id": line.id},
            icon="person",
            order=10,
        )
        for line in found.lines
        if (home := found.home(line)) is not None
    ]
