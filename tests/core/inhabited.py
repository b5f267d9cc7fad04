"""A world in which everything exists at least once, for tests that knock at every route."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from core.access.models import Account, ApiToken, Grant, LoginSession, Role
from core.access.permissions import TOKENS
from core.app import create_app
from core.db import Base, new_key
from core.documents.models import DocumentTemplate
from core.documents.render import WORD_TEMPLATE, sample_paper
from core.documents.services import issue_document
from core.exchange.models import Import, ImportRow
from core.members.models import (
    CorrectionRequest,
    Member,
    MemberCondition,
    MemberMerge,
    MemberStatus,
    Position,
)
from core.members.services import merge_members
from core.notices.models import Notice
from core.notices.services import Message, send_notice
from core.periods import EVER, OPEN
from core.restructuring.models import Plan
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import Draft, draft_plan
from core.testing import Browser, World, refuse_unscoped
from core.web import PUBLIC, SIGNED_IN, Route
from core.work import Work
from tests.core.inhabited_evaluation import evaluation
from tests.core.inhabited_meetings import ABOVE, HERE, meetings, oversight
from tests.core.inhabited_pilots import pilots
from tests.core.inhabited_recruitment import recruitment
from tests.environment.settling import Settled, settled
from tests.environment.systems import shared_system
from tests.plugins.meetings.builders import Branch

SETTING = "meetings.agenda_templates"
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ")
GIVEN = ("Hoa", "Ân", "An", "Ánh", "Bình", "Châu", "Dũng", "Đào", "Giang", "Hải")

QUERIES: dict[str, tuple[tuple[str, str], ...]] = {
    "exchange.export": (("dataset", "members"),),
    "exchange.api_export": (("dataset", "members"),),
    "exchange.template": (("dataset", "members"),),
    "members.compare": (("one", "one"), ("other", "other")),
    "meetings.api_month": (("month", "10/2026"),),
    "meetings.api_coverage": (("month", "10/2026"),),
    "meetings.api_chases": (("month", "10/2026"),),
    "meetings.api_materials": (("month", "11/2026"),),
    "indicators.api_list_figures": (("key", "members.count"), ("period", "2026")),
    "units.correct": (("number", "1"),),
    "evaluation.api_levels": (("period", "2025"),),
    "evaluation.api_over_caps": (("period", "2025"),),
    "evaluation.api_results": (("period", "2025"),),
    "evaluation.api_running": (("year", "2025"),),
    "pilots.new_decision": (("model", "four_good_branch"),),
}
"""What some routes must be told in their query; the name of an example stands for its value."""


@dataclass
class Inhabited:
    """The world, somebody who may do everything in it, and examples for what stands in paths."""

    world: World
    branch: Branch
    master: Account
    examples: dict[str, str] = field(default_factory=dict)
    scenes: list[dict[str, str]] = field(default_factory=list)
    permissions: frozenset[str] = frozenset()
    revisions: dict[str, int] = field(default_factory=dict)

    def keep(self, work: Work, **keys: uuid.UUID) -> None:
        """Keep keys as examples."""
        work.session.flush()
        self.examples |= {name: str(key) for name, key in keys.items()}

    def pick(self, work: Work, **wanted: tuple[Any, dict[str, Any]]) -> None:
        """Keep the key of some row of a table as an example."""
        work.session.flush()
        for name, (model, facts) in wanted.items():
            statement = sa.select(model.id).filter_by(**facts).order_by(model.id.desc()).limit(1)
            key = work.session.scalar(statement.execution_options(unscoped="test"))
            self.examples[name] = str(key)

    def browser(self, account: Account | None = None) -> Browser:
        """Return the browser of whoever may do everything, or of somebody."""
        return self.world.browser(account or self.master)

    def addresses(self, route: Route, unit: str = HERE) -> list[str]:
        """Return the addresses of a route: one for each state a meeting can be in."""
        app = self.world.app
        rule = next(r for r in app.url_map.iter_rules() if r.endpoint == route.endpoint)
        scenes = self.scenes if "meeting_id" in rule.arguments else self.scenes[:1]
        found = []
        for scene in scenes:
            values = {name: self.value(rule, name, scene, unit) for name in rule.arguments}
            with app.test_request_context():
                address = app.url_for(route.endpoint, **values)
            query = {name: self.examples.get(v, v) for name, v in QUERIES.get(route.endpoint, ())}
            if route.kind == "api":
                query["unit"] = unit
            found.append(f"{address}?{urlencode(query)}" if query else address)
        return list(dict.fromkeys(found))

    def value(self, rule: Any, name: str, scene: dict[str, str], unit: str) -> str:
        """Return an example for one part of a path; what we know nothing of is nobody's key."""
        if name == "unit_code":
            return unit
        converter = rule._converters[name]
        if type(converter).__name__ == "AnyConverter":
            return str(min(converter.items))
        known = {**self.examples, **scene}
        plugin = rule.endpoint.partition(".")[0]
        for key in (f"{plugin}.{name}", name):
            if key in known:
                return known[key]
        nobody = {"UUIDConverter": str(uuid.UUID(int=7)), "IntegerConverter": "7"}
        return nobody.get(type(converter).__name__, "x")


OpenInhabited = Callable[[str, int], AbstractContextManager[Inhabited]]
"""Opens the world of a kind of database with that many of everything."""


def all_routes(app: Flask) -> list[Route]:
    """Return all routes of an application in a fixed order."""
    routes: dict[str, Route] = app.extensions["hatnhan_binder"].routes
    return [routes[name] for name in sorted(routes)]


def wanted_permissions(app: Flask) -> frozenset[str]:
    """Return the permissions that routes ask for."""
    return frozenset(route.permission for route in all_routes(app)) - {PUBLIC, SIGNED_IN}


def inhabit(world: World, many: int) -> Inhabited:
    """Let a ward live: `many` of everything that stands in a list."""
    world.unit("P", "province", name="Đảng bộ tỉnh Hà Tĩnh")
    world.unit(ABOVE, "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh")
    world.unit(HERE, "branch", ABOVE, name="Chi bộ tổ dân phố Phúc Sơn", sector="residential")
    for number in range(2, many + 2):
        world.unit(f"B{number}", "branch", ABOVE, name=f"Chi bộ tổ dân phố số {number}")
    people = [
        world.member(HERE, f"{FAMILY[n % 10]} Văn {GIVEN[n // 10 % 10]} {GIVEN[n % 10]}")
        for n in range(many + 8)
    ]
    world.position(people[0], "secretary", HERE)
    world.position(people[1], "deputy_secretary", HERE)
    master = _master(world, people[3])
    branch = Branch(world, people, master, master)
    place = Inhabited(world, branch, master)
    place.permissions = wanted_permissions(world.app)
    place.examples |= {"code": HERE, "name": "meetings", "key": SETTING}
    place.examples |= {"month": "2026-10", "secret": "x", "sort": "status"}
    for settle in (_accounts, _records, _papers, _imports, _notices, _plans, oversight):
        with world.work(master, HERE) as work:
            settle(place, work, many)
    meetings(place, many)
    for settle in (evaluation, recruitment, pilots):
        with world.work(master, HERE) as work:
            settle(place, work, many)
    with world.work() as work:
        place.revisions = _revisions(work)
    return place


def _master(world: World, member: Member) -> Account:
    """Make somebody who may do everything everywhere, and is a member of the branch."""
    wanted = wanted_permissions(world.app)
    with world.work() as work:
        roles = work.session.scalars(sa.select(Role)).all()
        fields = sorted({name for role in roles for name in role.field_classes})
        work.session.add(
            Role(
                key="master",
                title="Mọi quyền",
                title_en="Everything",
                permissions=sorted(wanted.union(*(r.permissions for r in roles))),
                denied=[],
                field_classes=fields,
            )
        )
        work.touch("access")
    account = world.account("master", "ROOT", member=member)
    world.position(member, "committee_member", HERE)
    return account


def _accounts(place: Inhabited, work: Work, many: int) -> None:
    for number in range(many):
        account = Account(
            username=f"nguoi{number}",
            name=f"Người dùng {number}",
            home_unit_id=work.unit.id,
            password_hash="!",
            created_at=work.now,
            preferences={},
        )
        work.session.add(account)
        work.session.flush()
        rows = [_grant(account, place.master, work), _session(account, work), _token(work, number)]
        work.session.add_all(rows)
    own = _session(place.master, work)
    work.session.add(own)
    work.session.flush()
    grant, session, token = rows
    place.examples |= {"account_id": str(account.id), "grant_id": str(grant.id)}
    place.examples |= {"session_id": str(session.id), "token_id": str(token.id)}


def _grant(account: Account, master: Account, work: Work) -> Grant:
    return Grant(
        account_id=account.id,
        role="branch_deputy",
        unit_id=work.unit.id,
        valid_from=EVER,
        valid_to=OPEN,
        delegated_by_id=master.id,
        made_by="test",
        made_at=work.now,
    )


def _session(account: Account, work: Work) -> LoginSession:
    return LoginSession(
        account_id=account.id,
        secret_digest=b"0" * 32,
        device="Chrome, Windows",
        began_at=work.now,
        seen_at=work.now,
        expires_at=work.now + timedelta(hours=12),
        confirmed_at=work.now,
    )


def _token(work: Work, number: int) -> ApiToken:
    return ApiToken(
        account_id=work.actor.account_id,
        name=f"Chương trình {number}",
        secret_digest=hashlib.sha256(str(number).encode()).digest(),
        unit_id=work.unit.id,
        permissions=[TOKENS],
        expires_on=work.today + timedelta(days=30),
        made_at=work.now,
    )


def _records(place: Inhabited, work: Work, many: int) -> None:
    people = place.branch.people
    for member in [people[0], *people[4 : 4 + many]]:
        away = {"kind": "away", "valid_from": date(2026, 1, 1), "valid_to": OPEN}
        condition = MemberCondition(member_id=member.id, next_contact_on=work.today, **away)
        asked = {"wanted": {"phone": "0912345678"}, "made_at": work.now, "due_on": work.today}
        work.session.add_all([condition, CorrectionRequest(member_id=member.id, **asked)])
    twins = [work.session.get(Member, one.id) for one in people[-2:]]
    merge_members(work, *twins)
    place.keep(work, member_id=people[0].id, one=people[4].id, other=people[5].id)
    owned = {"member_id": people[0].id}
    place.pick(work, condition_id=(MemberCondition, owned), request_id=(CorrectionRequest, owned))
    place.pick(work, fact_id=(MemberStatus, owned), merge_id=(MemberMerge, {}))
    place.pick(work, post_id=(Position, owned))


def _papers(place: Inhabited, work: Work, many: int) -> None:
    for _number in range(many):
        paper = replace(sample_paper("resolution"), number=None, day=work.today)
        document = issue_document(work, paper, lazily=True)
        template = DocumentTemplate(
            unit_id=work.unit.id,
            format="docx",
            valid_from=work.today,
            filename="mẫu.docx",
            size=1,
            sha256=b"0" * 32,
            body=WORD_TEMPLATE.read_bytes(),
            made_by="test",
            made_at=work.now,
        )
        work.session.add(template)
    work.session.flush()
    place.keep(work, document_id=document.id, template_id=template.id)


def _imports(place: Inhabited, work: Work, many: int) -> None:
    facts = {"dataset": "members", "file_name": "đảng viên.xlsx", "digest": "0" * 64, "by": "test"}
    for _number in range(many):
        record = Import(
            unit_id=work.unit.id,
            act_id=new_key(),
            state="applied",
            unknown_columns=[],
            at=work.now,
            **facts,
        )
        work.session.add(record)
        work.session.flush()
        reasons = {"outcome": "rejected", "problems": [[None, "Ngày chưa đúng."]]}
        rows = [ImportRow(import_id=record.id, no=no, **reasons) for no in range(2, 2 + many)]
        work.session.add_all(rows)
    place.keep(work, import_id=record.id)


def _notices(place: Inhabited, work: Work, many: int) -> None:
    people = [member.id for member in place.branch.people[:-2]]
    for number in range(many):
        send_notice(work, Message("notices.message", f"Thông báo {number}"), members=people)
    place.pick(work, notice_id=(Notice, {}))


def _plans(place: Inhabited, work: Work, many: int) -> None:
    """Draft the division of the branch, in which somebody must say where each member goes."""
    parts = [NewUnit(f"X{number}", f"Chi bộ phần {number}") for number in (1, 2)]
    links = tuple(Link(HERE, part.code, None, is_main=part.code == "X1") for part in parts)
    operation = Operation("divide", links=links, new=tuple(parts))
    plan, _found = draft_plan(work, Draft(work.today, [operation], decision_no="1-QĐ/TU"))
    facts = {"unit_id": plan.unit_id, "effective_on": work.today, "decision_no": "1-QĐ/TU"}
    made = {"created_at": work.now, "created_by": "test"}
    others = [Plan(title=f"Phương án {number}", **facts, **made) for number in range(many)]
    work.session.add_all(others)
    place.keep(work, plan_id=plan.id)
    place.examples["operation"] = "rename"


def _revisions(work: Work) -> dict[str, int]:
    """Return the revision of every record that has one, by its key."""
    tables = [t for t in Base.metadata.sorted_tables if {"id", "revision"} <= set(t.c.keys())]
    selects = [sa.select(t.c.id, t.c.revision).prefix_with("/* unscoped: test */") for t in tables]
    return {str(key): revision for one in selects for key, revision in work.session.execute(one)}


@contextmanager
def inhabited_world(kind: str, folder: Path, many: int) -> Iterator[Settled]:
    """Build the world on a database of its own, for as many tests as like to begin with it."""
    system = shared_system(kind, folder, f"inhabited{many}")
    refuse_unscoped(system.database.engine)
    app = create_app(system=system)
    with settled(system, app, lambda world: inhabit(world, many)) as found:
        yield found
