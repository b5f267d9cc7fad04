"""A branch that is asked for comments is found by the name people give it, in any commune."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from plugins.evaluation import services
from tests.plugins.evaluation.builders import opened, reviews_of


@pytest.fixture
def elsewhere(ward):
    """Two communes with a branch of the same name each, and one more."""
    ward.world.unit("Y", "commune", "P", name="Đảng bộ phường Nam Hồng Lĩnh")
    ward.world.unit("Z", "commune", "P", name="Đảng bộ xã Can Lộc")
    for code, above, name in (
        ("Y3", "Y", "Chi bộ tổ dân phố 3"),
        ("Y30", "Y", "Chi bộ tổ dân phố 30"),
        ("Z3", "Z", "Chi bộ tổ dân phố 3"),
    ):
        ward.world.unit(code, "branch", above, name=name)
    return ward


def asked(ward, text: str) -> str:
    """Ask a branch for a comment on somebody of B1; return under which name it is kept."""
    with ward.work() as work:
        campaign = opened(work)
    with ward.work(unit="B1") as work:
        one = reviews_of(work, campaign, "B1")[:1]
        return services.ask(work, campaign, one, unit_code=text)[0].asked_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Y3", "Chi bộ tổ dân phố 3, Đảng bộ phường Nam Hồng Lĩnh"),
        ("chi bo to dan pho 30", "Chi bộ tổ dân phố 30, Đảng bộ phường Nam Hồng Lĩnh"),
        ("tổ dân phố 3, Can Lộc", "Chi bộ tổ dân phố 3, Đảng bộ xã Can Lộc"),
        ("Chi bộ tổ dân phố 3, phường Nam Hồng Lĩnh",
         "Chi bộ tổ dân phố 3, Đảng bộ phường Nam Hồng Lĩnh"),
    ],
)  # fmt: skip
def test_a_branch_is_named_by_code_by_name_or_with_its_commune(elsewhere, text, name) -> None:
    assert asked(elsewhere, text) == name


def test_branches_of_one_name_are_told_apart_instead_of_guessed(elsewhere) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(elsewhere, "Tổ dân phố 3")
    [sentence] = refused.value.fields["unit_code"]
    assert "Chi bộ tổ dân phố 3, Đảng bộ phường Nam Hồng Lĩnh (Y3)" in sentence
    assert "Chi bộ tổ dân phố 3, Đảng bộ xã Can Lộc (Z3)" in sentence
    assert "Y30" not in sentence


@pytest.mark.parametrize("text", ["tổ dân phố 4", "Đảng bộ xã Can Lộc", "Z", "%", ", Can Lộc"])
def test_what_is_no_branch_is_refused(elsewhere, text) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(elsewhere, text)
    assert list(refused.value.fields) == ["unit_code"]


def test_a_branch_where_the_module_is_off_is_asked_on_paper_under_its_name(elsewhere) -> None:
    elsewhere.world.switch("evaluation", "Z", on=False)
    with elsewhere.work() as work:
        campaign = opened(work)
    with elsewhere.work(unit="B1") as work:
        [row] = services.ask(work, campaign, reviews_of(work, campaign, "B1")[:1], unit_code="Z3")
        assert (row.is_outside, row.asked_name) == (True, "Chi bộ tổ dân phố 3, Đảng bộ xã Can Lộc")
