"""`hatnhan import` and `hatnhan export`: answers, exit codes, with whose rights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from core.cli import Context
from core.commands.exchange import export, import_
from core.exchange.models import Import
from core.ledger.models import LedgerRow
from core.members.models import Member
from core.testing import World

HEADS = "card_no,full_name,unit_code,admitted_on\n"
GOOD = HEADS + "00000001,Nguyễn Văn An,B1,1985-05-19\n"
MIXED = GOOD + "00000002,Trần Thị Bình,NOWHERE,1985-05-19\n"


class Shell:
    """Runs commands in this process."""

    def __init__(self, world: World) -> None:
        self._context = Context()
        self._context._system = world.system

    def run(self, command: Any, *arguments: object) -> tuple[int, Any, str]:
        """Return exit code, JSON and what was said to people."""
        self._context.as_user = ""
        result = CliRunner().invoke(command, [*map(str, arguments), "--json"], obj=self._context)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr


@pytest.fixture
def shell(ward: World) -> Shell:
    """A shell at the machine of the small world."""
    return Shell(ward)


def write(folder: Path, text: str, name: str = "m.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_exits_0_and_comes_again_unchanged(
    shell: Shell, ward: World, tmp_path: Path
) -> None:
    file = write(tmp_path, GOOD)
    code, answer, _said = shell.run(import_, "members", file)
    assert list(answer) == [
        "id", "rows", "created", "updated", "unchanged", "rejected", "annotated_file"
    ]  # fmt: skip
    assert (code, answer["created"], answer["annotated_file"]) == (0, 1, None)
    code, answer, _said = shell.run(import_, "members", file)
    assert (code, answer["unchanged"]) == (0, 1)


def test_a_rejected_row_exits_1_with_one_document_and_a_file_with_notes(
    shell: Shell, ward: World, tmp_path: Path
) -> None:
    code, answer, _said = shell.run(import_, "members", write(tmp_path, MIXED))
    assert (code, answer["created"], answer["rejected"]) == (1, 1, 1)
    assert Path(answer["annotated_file"]).is_file()
    assert ward.rows(Member) == 1
    corrected = shell.run(import_, "members", answer["annotated_file"])
    assert (corrected[1]["unchanged"], corrected[1]["rejected"]) == (1, 1)


def test_dry_runs_and_all_or_nothing_leave_nothing(
    shell: Shell, ward: World, tmp_path: Path
) -> None:
    file = write(tmp_path, MIXED)
    code, answer, _said = shell.run(import_, "members", file, "--dry-run")
    assert (code, answer["id"], answer["created"]) == (1, None, 1)
    code, answer, _said = shell.run(import_, "members", file, "--all-or-nothing")
    assert (code, answer["id"], answer["rejected"]) == (1, None, 1)
    code, answer, _said = shell.run(import_, "members", write(tmp_path, GOOD), "--dry-run")
    assert (code, answer["id"]) == (0, None)
    assert [ward.rows(model) for model in (Member, Import)] == [0, 0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("members", "missing.csv"),
        ("members", "nothing.xlsx"),
        ("members", "picture.png"),
        ("planets", "m.csv"),
        ("members",),
        ("--undo", "seven"),
        ("--template", "members", "x.csv"),
    ],
)
def test_wrong_usage_and_unreadable_files_exit_2(
    shell: Shell, ward: World, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write(tmp_path, "", "nothing.xlsx")
    write(tmp_path, GOOD)
    full = [tmp_path / word if "." in word else word for word in arguments]
    code, answer, said = shell.run(import_, *full)
    assert (code, answer) == (2, None)
    assert said


def test_an_import_is_taken_back_by_its_number(shell: Shell, ward: World, tmp_path: Path) -> None:
    key = shell.run(import_, "members", write(tmp_path, GOOD))[1]["id"]
    with ward.work(writing=False) as work:
        member = work.session.scalars(sa.select(Member)).one()
    account = ward.account(member=member)
    code, answer, _said = shell.run(import_, "--undo", key)
    assert (code, answer["undone"], len(answer["obstacles"])) == (1, False, 1)
    with ward.work() as work:
        work.session.delete(work.session.get_one(type(account), account.id))
    code, answer, _said = shell.run(import_, "--undo", key)
    assert (code, answer["undone"], ward.rows(Member)) == (0, True, 0)
    assert shell.run(import_, "--undo", key)[0] == 1


def test_datasets_are_named_and_templates_written(
    shell: Shell, ward: World, tmp_path: Path
) -> None:
    code, listed, _said = shell.run(import_, "--list")
    assert code == 0
    columns = {one["key"]: [column["key"] for column in one["columns"]] for one in listed}
    assert (
        columns["units"]
        == (
            "code name kind parent_code sector valid_from valid_to decision_no decision_date "
            "is_grassroots"
        ).split()
    )
    assert (
        columns["members"]
        == (
            "card_no record_no full_name surname middle_name given_name birth_date sex unit_code "
            "unit_from status status_from admitted_on official_on left_on left_reason "
            "temporary_unit_code temporary_from position position_from"
        ).split()
    )
    assert (
        columns["positions"]
        == ("card_no record_no full_name birth_date unit_code position from to how").split()
    )
    file = tmp_path / "template.xlsx"
    assert shell.run(import_, "--template", "members", file)[0] == 0
    assert file.is_file()


def test_an_export_says_how_many_rows_it_wrote(shell: Shell, ward: World, tmp_path: Path) -> None:
    ward.member("B1", "Nguyễn Văn An")
    file = tmp_path / "out.csv"
    code, answer, _said = shell.run(
        export, "members", file, "--unit", "W1", "--as-of", "01/07/2025"
    )
    assert (code, answer["rows"], answer["as_of"]) == (0, 1, "2025-07-01")
    assert file.read_text(encoding="utf-8").startswith("card_no,record_no,full_name,")
    assert shell.run(export, "members", tmp_path / "out.ods", "--unit", "W1")[0] == 2
    assert shell.run(export, "members", file, "--unit", "NOWHERE")[0] == 1


def test_somebody_else_acts_with_their_own_rights(
    shell: Shell, ward: World, tmp_path: Path
) -> None:
    staff = ward.account("commune_staff", "W2")
    code, answer, _said = shell.run(
        import_, "members", write(tmp_path, GOOD), "--as", staff.username
    )
    assert (code, answer["rejected"]) == (1, 1)
    here = ward.account("commune_staff", "W1")
    code, answer, _said = shell.run(
        import_, "members", write(tmp_path, GOOD), "--as", here.username
    )
    assert (code, answer["created"]) == (0, 1)
    with ward.work(writing=False) as work:
        actor = work.session.scalars(
            sa.select(LedgerRow.actor).where(LedgerRow.action == "exchange.record_imported")
        ).one()
    assert actor.startswith(here.name)
    assert "operator:" in actor
    follower = ward.account("follower", "W1")
    assert shell.run(import_, "members", tmp_path / "m.csv", "--as", follower.username)[0] == 1
    assert shell.run(import_, "members", tmp_path / "m.csv", "--as", "nobody")[0] == 1
