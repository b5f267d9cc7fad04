"""Base, names, column types, keys and engines: one behaviour on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.operators import in_op
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator, TypeEngine

from core import keys

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
LAST_GENERATION = 2**31 - 1
new_key = keys.new_key
BUSY = ("40P01", "40001", "55P03", "SQLITE_BUSY", "SQLITE_LOCKED")
"""Codes of PostgreSQL (deadlock, serialization, lock not available) and names of SQLite."""
AWAY = ("08", "53", "57")
"""Classes of PostgreSQL's codes: connection, lack of resources, stopped by an administrator."""


class Among(sa.ColumnElement[bool]):
    """A key is one of a list: sent to PostgreSQL as one array, to SQLite as that many values.

    A statement of eight hundred values is neither prepared by the driver nor planned by index
    where PostgreSQL has no figures of a table yet; a statement of one array is both.
    """

    inherit_cache = True
    type = sa.Boolean()
    _is_implicitly_boolean = True
    _traverse_internals = [
        ("listed", InternalTraversal.dp_clauseelement),
        ("held", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, listed: Any, held: Any) -> None:
        """Say it in both ways; which one is sent is known when it is."""
        self.listed, self.held = listed, held

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.listed._from_objects)  # noqa: SLF001 - where the key stands


@compiles(Among)
def _compile_among(element: Among, compiler: Any, **kw: Any) -> str:
    sent = element.held if compiler.dialect.name == "postgresql" else element.listed
    return str(compiler.process(sent, **kw))


class _Array(sa.types.UserDefinedType[Any]):
    """Many texts or keys, sent to PostgreSQL as one text: the driver would turn each by itself."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, kind: str) -> None:
        """Take the name of the array's type."""
        self.kind = kind

    def get_col_spec(self, **_options: Any) -> str:
        """Return the type as statements name it."""
        return self.kind

    def bind_processor(self, _dialect: Dialect) -> Any:
        """Spell an array."""
        return _spelled_keys if self.kind == "UUID[]" else _spelled_texts


def _spelled_keys(keys: Iterable[uuid.UUID | None]) -> str:
    return f"{{{','.join(['NULL' if key is None else key.hex for key in keys])}}}"


def _spelled_texts(texts: Iterable[str]) -> str:
    escaped = [text.replace("\\", r"\\").replace('"', r"\"") for text in texts]
    quoted = ",".join([f'"{text}"' for text in escaped])
    return f"{{{quoted}}}"


KEYS, TEXTS = _Array("UUID[]"), _Array("TEXT[]")


def among(column: Any, values: Iterable[str] | sa.BindParameter[Any]) -> Among:
    """Condition: a text is one of many; a text or a key is one of those given when it is sent."""
    if isinstance(values, sa.BindParameter):
        array = sa.bindparam(values.key, type_=KEYS if isinstance(column.type, Key) else TEXTS)
        return Among(column.in_(values), column == sa.any_(array))
    listed = list(values)
    # As long as they come: a cast to the length of the column would cut them.
    return Among(column.in_(listed), column == sa.any_(sa.literal(listed, TEXTS)))


class _OfKeys(TypeDecorator.Comparator[Any]):
    """Compares keys; a key in a list is `Among`."""

    __slots__ = ()

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        found = super().operate(op, *other, **kwargs)
        if op is not in_op or not isinstance(other[0], (list, tuple, set, frozenset)):
            return found
        return Among(found, self.expr == sa.any_(sa.literal(list(other[0]), KEYS)))


class Key(TypeDecorator[uuid.UUID]):
    """A 16-byte key: `uuid` on PostgreSQL, 16 bytes on SQLite; both sort alike."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    comparator_factory = _OfKeys

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the native type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(sa.LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        """Send bytes to SQLite, the key itself to PostgreSQL."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        """Return a `UUID` from either."""
        if value is None or isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(bytes=bytes(value))

    def process_literal_param(self, value: uuid.UUID | None, dialect: Dialect) -> str:
        """Print a key into SQL text."""
        if value is None:
            return "NULL"
        return f"'{value}'::uuid" if dialect.name == "postgresql" else f"x'{value.hex}'"


class Instant(TypeDecorator[datetime]):
    """An instant, always aware and in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Send UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(str):
    """A JSON value that is text already; a column of JSON takes it as it stands."""

    __slots__ = ()


def _json_text(value: Any) -> str:
    return value if type(value) is JsonText else json.dumps(value)


Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SortKey = sa.LargeBinary(160)

ShortText = Annotated[str, mapped_column(sa.String(80))]
Line = Annotated[str, mapped_column(sa.String(300))]
LongText = Annotated[str, mapped_column(sa.Text)]
SortBytes = Annotated[bytes, mapped_column(SortKey)]
JsonValue = Annotated[Any, mapped_column(Json)]


class Base(DeclarativeBase):
    """The base of every model of core and of every plugin."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: Key(),
        datetime: Instant(),
        date: sa.Date(),
    }


def trigrams(name: str, column: str, *, by_words: bool = False) -> Any:
    """Index a folded text for LIKE anywhere in it; PostgreSQL alone knows such.

    `by_words` indexes the text with a space before it, so that "% word%" finds every beginning of
    a word, the first one too, by one condition: 23 ms instead of 70 for three common words.
    """
    text: Any = sa.literal_column(f"(' ' || {column})").label(column) if by_words else column
    return sa.Index(
        name,
        text,
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
    ).ddl_if(dialect="postgresql")


def table_of(model: type[Base]) -> sa.Table:
    """Return the table of a model, typed as what it is."""
    return cast("sa.Table", model.__table__)


class Keyed:
    """A record with a key of its own."""

    id: Mapped[uuid.UUID] = mapped_column(Key(), primary_key=True, default=new_key, sort_order=-10)


class Revised:
    """A record whose writers notice each other: its revision counts every change."""

    revision: Mapped[int] = mapped_column(default=1, sort_order=90)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let the mapper check and raise the revision."""
        return {
            "version_id_col": cls.__table__.c.revision
            if hasattr(cls, "__table__")
            else cls.revision
        }


class Scoped:
    """A record that belongs to a unit; the session shows it only to those who may see it there.

    `__see__` is the permission that makes the rows visible.
    """

    __see__: ClassVar[str]

    @declared_attr
    def unit_id(cls) -> Mapped[uuid.UUID]:
        """The unit in whose scope the record stands."""
        return mapped_column(Key(), sa.ForeignKey("core_unit.id"), index=True, sort_order=-9)


@sa.event.listens_for(Base, "after_mapper_constructed", propagate=True)
def _note_scope(mapper: Any, model: type[Any]) -> None:
    """Let a table know its model where its rows belong to units; the scope asks for every one."""
    if issubclass(model, Scoped) and isinstance(mapper.local_table, sa.Table):
        mapper.local_table.info["scoped"] = model


def scoped_model(table: Any) -> type[Any] | None:
    """Return the model of a table whose rows belong to units; None for any other table."""
    found: type[Any] | None = table.info.get("scoped") if isinstance(table, sa.Table) else None
    return found


def on_postgresql(op: Any, statement: str) -> None:
    """Run a statement of a revision on PostgreSQL alone: constraints that SQLite does not know."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(statement)


class Epoch(Base):
    """A counter that tells every process when what it remembers has become old.

    `tree` is also the generation of the organisation tree that readers see.
    """

    __tablename__ = "core_epoch"
    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger, default=1)


EPOCHS = ("tree", "settings", "access", "plugins", "members")


def _prepare_sqlite(engine: Engine) -> None:
    """Give SQLite write-ahead logging, foreign keys, and transactions that really begin."""

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A reading transaction that turns into a writing one fails at once when somebody else
        # has written meanwhile; so a writing act takes the lock when it begins.
        writing = connection.get_execution_options().get("hatnhan_writing", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def make_engine(url: str, **options: Any) -> Engine:
    """Build an engine for SQLite or PostgreSQL; any other database is refused."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    parsed = sa.make_url(url)
    options.setdefault("json_serializer", _json_text)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(
            parsed, connect_args={"timeout": 30, "check_same_thread": False}, **options
        )
        _prepare_sqlite(engine)
        return engine
    if parsed.get_backend_name() != "postgresql":
        raise ValueError(f"{parsed.get_backend_name()} is not supported; use SQLite or PostgreSQL.")
    # A generic plan of a scope over many units was measured at 2 s instead of 4 ms, and
    # just-in-time compilation costs more than the short statements of a page.
    settings = "-c plan_cache_mode=force_custom_plan -c jit=off -c timezone=UTC"
    options.setdefault("pool_size", 8)
    options.setdefault("max_overflow", 8)
    options.setdefault("pool_pre_ping", False)
    return sa.create_engine(parsed, connect_args={"options": settings}, **options)


class Database:
    """Where sessions come from: a fresh one for each act, reading or writing."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine and its two ways of beginning."""
        self.engine = engine
        if engine.dialect.name == "postgresql":
            # One snapshot for the whole page: the old tree or the new one, never a mix.
            self._reading = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._writing = engine
        else:
            self._reading = engine.execution_options(hatnhan_writing=False)
            self._writing = engine.execution_options(hatnhan_writing=True)

    @property
    def is_postgresql(self) -> bool:
        """Whether the server is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    def session(self, *, writing: bool) -> Session:
        """Open a fresh session; nothing is shared between two acts."""
        bind = self._writing if writing else self._reading
        return Session(bind, expire_on_commit=False, info={"writing": writing})


SessionMaker = Callable[..., Session]


def is_busy(error: DBAPIError) -> bool:
    """Whether the database gave up waiting for somebody else: it may be tried again."""
    return _code_of(error).startswith(BUSY)


def is_passing(error: Exception) -> bool:
    """Whether the database refuses for the moment, whoever asks: it is no fault of the code."""
    if isinstance(error, (StaleDataError, NoConnection)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or is_busy(error) or _code_of(error).startswith(AWAY)


def _code_of(error: DBAPIError) -> str:
    named = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
    return str(named)
