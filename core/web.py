"""Blueprints record routes with their permissions; answers and errors become pages or JSON here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma

from core.errors import Stale
from core.i18n import _
from core.pages import MenuEntry, Panel, SearchHit, WorkCard
from core.work import Work

View = Callable[..., Any]
READING = frozenset({"GET", "HEAD"})
PUBLIC = "public"
SIGNED_IN = "signed-in"


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A page to show: its template and named values."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where to go on (303), with a sentence about what happened."""

    endpoint: str
    values: Mapping[str, Any]
    sentence: str = ""
    kind: str = "done"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand over."""

    body: Any
    filename: str
    mimetype: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API view returns besides plain values: a status, a revision for the ETag."""

    value: Any
    status: int = 200
    revision: int | None = None


@dataclass(slots=True)
class Route:
    """One route as it was declared; `app.py` binds it to the opener."""

    owner: str
    name: str
    rule: str
    methods: tuple[str, ...]
    permission: str
    view: View
    kind: str
    accepts: ma.Schema | None = None
    answers: ma.Schema | None = None
    form: str | None = None
    is_site: bool = False
    writes: bool = False
    many: bool = False
    revised: bool = False
    anywhere: bool = False
    max_bytes: int = 2_000_000
    takes_files: bool = False
    plugin: str | None = None
    summary: str = ""

    @property
    def endpoint(self) -> str:
        """The name under which the route is reached."""
        return f"{self.owner}.{self.name}"


@dataclass
class PluginBlueprint:
    """Where a plugin, or a feature of core, declares its pages and its API.

    A page lives at `/u/<unit code>/<plugin>/…`, an API route at `/api/v1/<plugin>/…`; a plugin
    cannot put one outside its switch. `permission` has no default on purpose.
    """

    name: str
    is_core: bool = False
    routes: list[Route] = field(default_factory=list)

    def view(  # noqa: PLR0913 - everything a route says of itself, by name
        self,
        rule: str,
        *,
        permission: str,
        methods: Sequence[str] = ("GET",),
        accepts: ma.Schema | None = None,
        form: str | None = None,
        site: bool = False,
        name: str | None = None,
        max_bytes: int = 2_000_000,
        files: bool = False,
        writes: bool | None = None,
    ) -> Callable[[View], View]:
        """Declare a page. `form` names the page that shows the form again when input is refused.

        `site` puts the page outside any unit; only features of core may do that.
        """
        if site and not self.is_core:
            raise TypeError("only core has pages outside a unit")

        def register(view: View) -> View:
            self.routes.append(
                Route(
                    owner=self.name,
                    name=name or view.__name__,
                    rule=rule,
                    methods=tuple(methods),
                    permission=permission,
                    view=view,
                    kind="page",
                    accepts=accepts,
                    form=form,
                    is_site=site,
                    writes=bool(set(methods) - READING) if writes is None else writes,
                    max_bytes=max_bytes,
                    takes_files=files,
                    plugin=None if self.is_core else self.name,
                    summary=(view.__doc__ or "").strip().split("\n")[0],
                )
            )
            return view

        return register

    def api(  # noqa: PLR0913 - everything a route says of itself, by name
        self,
        rule: str,
        *,
        permission: str,
        methods: Sequence[str] = ("GET",),
        accepts: ma.Schema | None = None,
        answers: ma.Schema | None = None,
        many: bool = False,
        revised: bool = False,
        anywhere: bool = False,
        name: str | None = None,
        max_bytes: int = 2_000_000,
    ) -> Callable[[View], View]:
        """Declare an API route. The unit comes as `unit=CODE` in the query.

        `many` wraps the answer as `{"items", "next"}`; `revised` asks a write for `If-Match`.
        `anywhere` is for a list that without a unit shows all that a person may see: whoever
        holds the permission somewhere comes in, and the scope narrows what is listed.
        """

        def register(view: View) -> View:
            self.routes.append(
                Route(
                    owner=self.name,
                    name="api_" + (name or view.__name__),
                    rule=rule,
                    methods=tuple(methods),
                    permission=permission,
                    view=view,
                    kind="api",
                    accepts=accepts,
                    answers=answers,
                    many=many,
                    revised=revised,
                    anywhere=anywhere,
                    writes=bool(set(methods) - READING),
                    max_bytes=max_bytes,
                    plugin=None if self.is_core else self.name,
                    summary=(view.__doc__ or "").strip().split("\n")[0],
                )
            )
            return view

        return register


def page(template: str, *, status: int = 200, **values: Any) -> PageAnswer:
    """Show a page; values are named and plain."""
    return PageAnswer(template, values, status)


def redirect_to(
    endpoint: str, *, sentence: object = "", kind: str = "done", **values: Any
) -> Redirect:
    """Go on to another page, with a sentence about what happened; the unit is filled in."""
    return Redirect(endpoint, values, str(sentence), kind)


def current(record: Any, revision: int) -> Any:
    """Return a record the program knows as it is; one that changed meanwhile is stale."""
    if record.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    return record


def written(work: Work, record: Any, of: Any = None, *, status: int = 200) -> Answer:
    """Answer a program with a record as it was written, and the revision the next write names.

    `of` is the record that carries the revision, where it is not the one handed out.
    """
    work.session.flush()
    return Answer(record, status, getattr(of or record, "revision", None))


def download(body: Any, filename: str, mimetype: str, *, inline: bool = False) -> Download:
    """Hand over a file: bytes, or an iterable of bytes."""
    return Download(body, filename, mimetype, inline)


__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Answer",
    "Download",
    "MenuEntry",
    "PageAnswer",
    "Panel",
    "PluginBlueprint",
    "Redirect",
    "Route",
    "SearchHit",
    "WorkCard",
    "current",
    "download",
    "page",
    "redirect_to",
    "written",
]
