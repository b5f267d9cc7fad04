"""Pages of a person: my work, places, search, preferences."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import marshmallow as ma
from flask import after_this_request

from core.forms import FormSchema, LineField
from core.home import services
from core.i18n import _, _n, format_day_long, lazy
from core.pages import SearchHit
from core.units.tree import search_units
from core.web import PUBLIC, SIGNED_IN, PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


class QueryInput(FormSchema):
    """What is searched for."""

    q = LineField(load_default="", most=80, metadata={"label": lazy("Find")})


class PreferencesInput(FormSchema):
    """How a person likes pages."""

    text_size = ma.fields.Integer(validate=ma.validate.Range(0, 3))
    contrast = ma.fields.Integer(validate=ma.validate.Range(0, 1))
    locale = ma.fields.String(validate=ma.validate.OneOf(["vi", "en"]))
    next = LineField(load_default="/")


@blueprint.view("/", permission=SIGNED_IN, site=True)
def my_work(work: Work) -> Any:
    """Show at most seven things to do, the most urgent first."""
    place = services.my_place(work)
    cards = [
        {
            "title": card.title,
            "text": [card.text, *card.lines] if card.text else list(card.lines),
            "chip": (card.chip_kind, card.chip) if card.chip else None,
            "steps": card.steps,
            "action": (card.action, card) if card.action else None,
            "first": number == 0,
        }
        for number, card in enumerate(services.my_cards(work))
    ]
    return page(
        "core/my_work_page.html",
        title=_("My work"),
        greeting=greeting(services.given_name(work), len(cards)),
        day=format_day_long(work.today),
        cards=cards,
        place=place,
    )


def greeting(name: str, count: int) -> str:
    """Greet a person and say how much there is to do."""
    if not name:
        return ""
    if not count:
        return _("Comrade %(name)s, nothing is waiting", name=name)
    return _n(
        "Comrade %(name)s, %(n)s thing to do",
        "Comrade %(name)s, %(n)s things to do",
        count,
        name=name,
    )


@blueprint.view("/places", permission=SIGNED_IN, site=True, accepts=QueryInput())
def choose_unit(work: Work, data: dict[str, Any]) -> Any:
    """Choose the place to work in."""
    words = data["q"]
    return page(
        "core/places_page.html",
        title=_("Switch place"),
        mine=services.my_places(work),
        hits=search_units(work, words) if words else None,
        query=words,
    )


def sort_of(hit: SearchHit) -> tuple[int, str]:
    """Return where what was found stands: its kind's order, then its kind."""
    return hit.order, hit.kind


@blueprint.view("/search", permission=SIGNED_IN, site=True, accepts=QueryInput())
def search(work: Work, data: dict[str, Any]) -> Any:
    """Find people, units and papers without marks."""
    hits = services.search(work, data["q"])
    groups = [
        {"title": kind, "hits": list(found)}
        for (_order, kind), found in groupby(sorted(hits, key=sort_of), key=sort_of)
    ]
    return page("core/search_page.html", title=_("Search"), query=data["q"], groups=groups)


@blueprint.view(
    "/preferences", methods=["POST"], permission=PUBLIC, site=True, accepts=PreferencesInput()
)
def preferences(work: Work, data: dict[str, Any]) -> Any:
    """Keep text size, contrast and language, on the account or on the device."""
    following = data.pop("next")
    if work.actor.is_anonymous:

        @after_this_request
        def keep(response: Any) -> Any:
            for name, value in data.items():
                response.set_cookie(
                    name, str(value), max_age=31_536_000, samesite="Lax", httponly=True
                )
            return response

    else:
        services.keep_preferences(work, **data)
    return redirect_to("core.my_work", next=following)
