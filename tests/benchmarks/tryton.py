"""Tryton in an environment of its own: installed, given our units and members, asked and stopped.

A party has no parent there: the organisation is its tree of categories, a member belongs to the
category of a branch and to that of a standing. That is what the stock product offers.
"""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import os
import secrets
import subprocess
import venv
from typing import Any

from tests.benchmarks import ground, servers
from tests.benchmarks.client import Request
from tests.benchmarks.cluster import Cluster

FOLDER = ground.VAR / "tryton"
PACKAGES = ("trytond", "trytond_party", "trytond_company", "psycopg[binary,pool]", "gunicorn")
FIELDS = ["name", "code", "active", "rec_name", "categories", "mobile", "write_date", "create_date"]
INDEX = (
    'CREATE INDEX IF NOT EXISTS bench_category_party ON "party_party-party_category" '
    "(category, party)"
)


class Tryton:
    """A Tryton server over a database with the same people as ours."""

    def __init__(self, cluster: Cluster, data: ground.Ground) -> None:
        """Name its database after the data it holds."""
        self.cluster = cluster
        self.data = data
        self.name = f"tryton_{data.name}"
        self.server: servers.Server | None = None
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}

    def install(self) -> list[str]:
        """Install it from the package registry where it is not yet; return the versions."""
        if not (FOLDER / "bin" / "trytond-admin").exists():
            venv.create(FOLDER, with_pip=True)
            self._run("pip", "install", "-q", *PACKAGES)
        listed = self._run("pip", "list", "--format=freeze").splitlines()
        return [line for line in listed if line.lower().startswith(("trytond", "psycopg=="))]

    def _run(self, program: str, *arguments: str, **environ: str) -> str:
        done = subprocess.run(
            [str(FOLDER / "bin" / program), *arguments], check=True, stdout=subprocess.PIPE,
            text=True, env=dict(os.environ, **environ),
        )  # fmt: skip
        return done.stdout

    def prepare(self) -> None:
        """Make its database with our units and members, where no run has done so yet."""
        address = f"postgresql://bench@127.0.0.1:{self.cluster.port}/"
        told = f"[database]\nuri = {address}\n[session]\nauthentications = password\n"
        (FOLDER / "tryton.cfg").write_text(told + "timeout = 86400\n")
        if self.name in self.cluster.databases():
            return
        making = f"{self.name}_making"
        self.cluster.create(making)
        secret = FOLDER / "password"
        if not secret.exists():
            secret.write_text(secrets.token_urlsafe(18) + "\n")
        admin = ("-c", str(FOLDER / "tryton.cfg"), "-d", making)
        at = {"TRYTONPASSFILE": str(secret)}
        self._run("trytond-admin", *admin, "--all", "--email", "bench@example.org", **at)
        self._run("trytond-admin", *admin, "-u", "party", "--activate-dependencies", **at)
        self._fill(making)
        self.cluster.rename(making, self.name)

    def _fill(self, database: str) -> None:
        """Copy units and members over, and make of them what Tryton has."""
        with self.cluster.connect(self.data.name) as ours, self.cluster.connect(database) as theirs:
            for table, query in OURS.items():
                columns = ours.execute(query + " LIMIT 0").description or []
                names = ", ".join(f"{column.name} text" for column in columns)
                theirs.execute(f"CREATE TEMP TABLE {table} ({names})".encode())
                out = ours.cursor().copy(f"COPY ({query}) TO STDOUT".encode())
                into = theirs.cursor().copy(f"COPY {table} FROM STDIN".encode())
                with out as source, into as target:
                    for block in source:
                        target.write(block)
            for statement in THEIRS:
                theirs.execute(statement.encode())
            theirs.execute("VACUUM (ANALYZE)")

    def tune(self, statement: str) -> None:
        """Change something that an administrator could change."""
        with self.cluster.connect(self.name) as connection:
            connection.execute(statement.replace("{}", self.name).encode())

    def start(self) -> servers.Server:
        """Start it with two workers, as our own server, and sign in."""
        port = servers.free_port()
        command = [str(FOLDER / "bin/gunicorn"), "-w", "2", "-t", "600", "-b", f"127.0.0.1:{port}",
                   "trytond.application:app"]  # fmt: skip
        environ = dict(os.environ, TRYTOND_CONFIG=str(FOLDER / "tryton.cfg"),
                       TRYTOND_DATABASE_NAMES=self.name)  # fmt: skip
        self.server = servers.start(command, port, environ, FOLDER / "server.log", "/")
        password = (FOLDER / "password").read_text().strip()
        user, token = self.call("common.db.login", "admin", {"password": password}, "en")[:2]
        session = base64.b64encode(f"admin:{user}:{token}".encode()).decode()
        self._headers["Authorization"] = f"Session {session}"
        return self.server

    def request(self, method: str, *parameters: Any) -> Request:
        """Return a call as its own clients send it."""
        body = json.dumps({"id": 1, "method": method, "params": parameters}).encode()
        return Request(f"/{self.name}/rpc/", self._headers, body, "POST")

    def call(self, method: str, *parameters: Any) -> Any:
        """Call a method and return what it answers."""
        if self.server is None:
            raise RuntimeError("not started")
        request = self.request(method, *parameters)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=600)
        connection.request("POST", request.path, request.body, request.headers)
        body = connection.getresponse().read()
        connection.close()
        answer = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        if isinstance(answer, dict) and answer.get("error"):
            raise RuntimeError(str(answer["error"])[:300])
        return answer["result"] if isinstance(answer, dict) else answer

    def keys(self, condition: str) -> dict[str, int]:
        """Return the keys of categories by name."""
        query = f"SELECT name, id FROM party_category WHERE {condition} ORDER BY name"  # noqa: S608
        with self.cluster.connect(self.name) as connection:
            return {str(name): int(key) for name, key in connection.execute(query.encode())}

    def list_request(self, unit: int, standing: int) -> Request:
        """Return the list of a unit's subtree with a standing, in order of name, fifty rows."""
        asked = [["categories", "child_of", [unit], "parent"], ["categories", "=", standing]]
        order = [["name", "ASC"], ["id", "ASC"]]
        method = "model.party.party.search_read"
        return self.request(method, asked, 0, 50, order, FIELDS, {})


OURS = {
    "our_unit": (
        "SELECT u.code, coalesce(p.code, '') AS parent FROM core_unit u JOIN core_unit_version v "
        "ON v.unit_id = u.id LEFT JOIN core_unit p ON p.id = v.parent_id "
        "WHERE v.valid_from <= DATE '2026-11-22' AND v.valid_to > DATE '2026-11-22'"
    ),
    "our_member": (
        "SELECT row_number() OVER (ORDER BY m.id) AS no, m.full_name AS name, m.phone, m.status, "
        "u.code AS unit FROM core_member m JOIN core_unit u ON u.id = m.unit_id "
        "WHERE m.status <> 'left'"
    ),
}
CATEGORY = '"party_party-party_category" (party, category, create_uid, create_date)'
THEIRS = (
    "INSERT INTO party_category (name, parent, active) SELECT code, NULL, true FROM our_unit",
    (
        "UPDATE party_category c SET parent = p.id FROM our_unit u JOIN party_category p "
        "ON p.name = u.parent WHERE c.name = u.code"
    ),
    (
        "INSERT INTO party_category (name, parent, active) "
        "SELECT DISTINCT 'status ' || status, NULL::int, true FROM our_member"
    ),
    (
        "INSERT INTO party_party (active, code, code_alnum, code_digit, name, create_uid, "
        "create_date) "
        "SELECT true, 'M' || no, 'M', no::int, name, 0, now() FROM our_member"
    ),
    (
        f"INSERT INTO {CATEGORY} SELECT p.id, c.id, 0, now() FROM our_member m "  # noqa: S608
        "JOIN party_party p ON p.code = 'M' || m.no JOIN party_category c ON c.name = m.unit"
    ),
    (
        f"INSERT INTO {CATEGORY} SELECT p.id, c.id, 0, now() FROM our_member m "  # noqa: S608
        "JOIN party_party p ON p.code = 'M' || m.no "
        "JOIN party_category c ON c.name = 'status ' || m.status"
    ),
    (
        "INSERT INTO party_contact_mechanism (active, party, type, value, value_compact, "
        "create_uid, create_date) SELECT true, p.id, 'mobile', m.phone, m.phone, 0, now() "
        "FROM our_member m JOIN party_party p ON p.code = 'M' || m.no"
    ),
)
