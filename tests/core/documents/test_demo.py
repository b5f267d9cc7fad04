"""The demo town's register."""

from dataclasses import dataclass, field
from datetime import date

from core.documents.demo import build_demo
from core.documents.services import list_documents
from core.generate.rows import DocumentRow


@dataclass
class Papers:
    """As much of a town as the register needs."""

    documents: list[DocumentRow] = field(default_factory=list)


def test_the_conclusion_of_2022_is_in_the_town_s_register(ward):
    ward.unit("D437", "district", "P", name="Đảng bộ thị xã Hồng Lĩnh")
    row = DocumentRow("33-KL/ThU", "KL", date(2022, 1, 20), "D437", "Kết luận về sinh hoạt")
    with ward.work() as work:
        build_demo(work, Papers([row]), {"D437": ward.place("D437", work).id}, {})
    with ward.work(unit="D437", writing=False) as work:
        (document,) = list_documents(work)
    assert (document.code, document.kind_code, document.issuer, document.issued_on) == (
        "33-KL/ThU",
        "KL",
        "Thị ủy Hồng Lĩnh",
        date(2022, 1, 20),
    )
