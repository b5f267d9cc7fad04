"""The whole country before 1 July 2025, and the file of its reform.

Of the shape of the country, not of its map: 63 provinces, districts, 10,040 communes, 260,000
branches; the reform makes 34 provinces and 3,321 communes of them and ends the districts. Every
commune goes whole, so that the file can be planned without a second one; how divided communes are
asked about does not depend on size and is proved with the real file of one province.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from core.generate.rows import LineageRow, UnitRow
from core.generate.scale import SECTORS, Scale, branch_code
from core.generate.units import REFORM

REFORM_FILE = f"reform-{REFORM.isoformat()}.csv"
COLUMNS = ("old_code", "old_name", "old_district", "old_province", "new_code", "new_name",
           "new_province_code", "new_province", "share", "main_successor")  # fmt: skip


class Country(Scale):
    """The units of the country as they stood before the reform, with the members of today.

    Numbers of provinces, districts and communes ascend together, so neighbours join neighbours
    and nothing crosses the border of a province.
    """

    is_lived = False

    def units(self) -> Iterator[UnitRow]:
        """Yield every unit, parents before what stands under them."""
        size = self.size
        for number in range(size.old_provinces):
            code, name = _old_province(number)
            yield UnitRow(code, name, "province", "ROOT", term_months=60)
        for number in range(size.districts):
            code, name = _district(number)
            parent, _name = _old_province(self.province_of(number))
            yield UnitRow(code, name, "district", parent, term_months=60)
        for number in range(size.old_communes):
            code, name = _old_commune(number)
            parent, _name = _district(self.district_of(number))
            yield UnitRow(code, name, "commune", parent, is_grassroots=True, term_months=60)
        for number in range(size.organisations):
            commune = number * size.old_communes // size.organisations
            parent, _name = _old_commune(commune)
            name = f"Đảng bộ Công ty số {number + 1}"
            code = f"XT{number:05d}"
            yield UnitRow(code, name, "party_org", parent, "enterprise", term_months=60)
        for number in range(size.branches):
            yield self._branch_before(number)

    def lineage(self) -> Iterator[LineageRow]:
        """Yield nothing: the reform is still to come."""
        yield from ()

    def reform(self) -> Iterator[dict[str, str]]:
        """Yield the rows of the reform's file; see `core.restructuring.files`."""
        for number in range(self.size.old_communes):
            district = self.district_of(number)
            province = self.province_of(district)
            heir = self.new_commune_of(number)
            joined = self.new_province_of(province)
            values = (
                *_old_commune(number),
                _district(district)[1],
                _old_province(province)[1],
                f"XN{heir:05d}",
                f"Đảng bộ xã {heir + 1}",
                f"XQ{joined:02d}",
                f"Đảng bộ tỉnh {joined + 1}",
                "whole",
                "",
            )
            yield dict(zip(COLUMNS, values, strict=True))

    def write_reform(self, folder: Path) -> Path:
        """Write the reform's file into a folder; return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / REFORM_FILE
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.reform())
        return path

    def district_of(self, commune: int) -> int:
        """Return the number of the district in which an old commune lies."""
        return commune * self.size.districts // self.size.old_communes

    def province_of(self, district: int) -> int:
        """Return the number of the old province in which a district lies."""
        return district * self.size.old_provinces // self.size.districts

    def new_province_of(self, province: int) -> int:
        """Return the number of the province an old one becomes a part of."""
        return province * self.size.provinces // self.size.old_provinces

    def new_commune_of(self, commune: int) -> int:
        """Return the number of the commune an old one becomes a part of."""
        size = self.size
        joined = self.new_province_of(self.province_of(self.district_of(commune)))
        first, last = self._first_commune(joined), self._first_commune(joined + 1)
        begins = first * size.communes // size.old_communes
        ends = last * size.communes // size.old_communes
        return begins + (commune - first) * (ends - begins) // (last - first)

    def _first_commune(self, joined: int) -> int:
        """Return the first old commune of a new province; the steps down are rounded up."""
        size = self.size
        province = -(-joined * size.old_provinces // size.provinces)
        district = -(-province * size.districts // size.old_provinces)
        return -(-district * size.old_communes // size.districts)

    def _branch_before(self, number: int) -> UnitRow:
        size = self.size
        sector = SECTORS[number % len(SECTORS)]
        if sector == "enterprise":
            parent = f"XT{number * size.organisations // size.branches:05d}"
        else:
            parent, _name = _old_commune(number * size.old_communes // size.branches)
        name = f"Chi bộ {number + 1}"
        return UnitRow(branch_code(number), name, "branch", parent, sector, term_months=30)


def _old_province(number: int) -> tuple[str, str]:
    return f"XP{number:02d}", f"Đảng bộ tỉnh cũ {number + 1}"


def _district(number: int) -> tuple[str, str]:
    return f"XD{number:03d}", f"Đảng bộ huyện {number + 1}"


def _old_commune(number: int) -> tuple[str, str]:
    return f"XW{number:05d}", f"Đảng bộ xã cũ {number + 1}"
