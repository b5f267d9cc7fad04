"""Printed slips for members without an account: cut out and handed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.documents.paper import Paper, Slip, SlipLine
from core.documents.services import head_of
from core.units.places import Place
from core.work import Work


def slips_paper(
    work: Work,
    *,
    title: str,
    names: Iterable[str],
    lines: Sequence[tuple[str, str]] = (),
    text: str = "",
    note: str = "",
    unit: Place | None = None,
) -> Paper:
    """Make a paper with a slip for each name; print it with `documents.services.print_bytes`.

    `lines` are labelled values, such as ("Thời gian", "19 giờ 30, ngày 03/11/2026"). A paper is in
    Vietnamese, whatever language the pages have.
    """
    place = unit or work.unit
    head = head_of(work, place)
    return Paper(
        kind="slips",
        body_code="",
        upper_body=head.upper_body,
        issuing_body=head.issuing_body,
        number=None,
        place=head.place,
        day=work.today,
        title=title,
        blocks=tuple(
            Slip(
                head=head.issuing_body,
                title=title,
                lines=(
                    SlipLine("Kính gửi đồng chí", name),
                    *(SlipLine(label, value) for label, value in lines),
                ),
                text=text,
                note=note,
            )
            for name in names
        ),
    )
