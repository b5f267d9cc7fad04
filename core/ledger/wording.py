"""The ledger in words: how acts and what changed in them are called."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.access.fields import CLASS_OF
from core.i18n import LazyText, _, format_day, format_instant, format_number, lazy
from core.members.labels import FIELD, SEX, STATUS
from core.units.places import Place

if TYPE_CHECKING:
    from core.plugin_host import PluginHost

ACTIONS: dict[str, LazyText] = {
    "units.establish": lazy("Established a unit"),
    "units.rename": lazy("Renamed a unit"),
    "units.convert": lazy("Converted a unit"),
    "units.transfer": lazy("Transferred a unit"),
    "units.terminate": lazy("Ended a unit"),
    "units.merge_into": lazy("Merged a unit into another"),
    "units.consolidate": lazy("Made one unit of several"),
    "units.divide": lazy("Divided a unit"),
    "units.split_off": lazy("Split a unit off"),
    "units.dissolve": lazy("Dissolved a unit"),
    "units.correct": lazy("Corrected a unit"),
    "units.void": lazy("Voided a unit"),
    "settings.given": lazy("Changed a setting"),
    "settings.inherited": lazy("Let a setting follow the unit above"),
    "settings.withdrawn": lazy("Took back what a setting was to become"),
    "ledger.erased": lazy("Erased contents of the ledger"),
    "plugins.removed": lazy("Removed a module's data into an archive"),
    "plugins.restored": lazy("Restored a module's data from an archive"),
    "notices.sent": lazy("Sent a notice"),
    "jobs.retried": lazy("Started a job again"),
    "documents.issued": lazy("Issued a paper"),
    "documents.registered": lazy("Registered a paper"),
    "documents.reserved": lazy("Reserved a number"),
    "documents.continued": lazy("Continued a register"),
    "documents.voided": lazy("Voided a paper"),
    "documents.template_added": lazy("Added a template"),
    "documents.template_withdrawn": lazy("Withdrew a template"),
    "access.signed_in": lazy("Signed in"),
    "access.sign_in_refused": lazy("Refused a sign-in"),
    "access.locked": lazy("Locked an account after wrong passwords"),
    "access.signed_out": lazy("Signed out"),
    "access.account_made": lazy("Made an account"),
    "access.account_ended": lazy("Ended an account"),
    "access.account_reopened": lazy("Opened an account again"),
    "access.unlocked": lazy("Unlocked an account"),
    "access.password_changed": lazy("Changed a password"),
    "access.reset_issued": lazy("Issued a reset code"),
    "access.reset_used": lazy("Used a reset code"),
    "access.reset_refused": lazy("Refused a reset code"),
    "access.recovery_codes_made": lazy("Made recovery codes"),
    "access.second_factor_begun": lazy("Began to set up the second factor"),
    "access.second_factor_set_up": lazy("Set up the second factor"),
    "access.second_factor_given": lazy("Gave the second factor"),
    "access.second_factor_taken_away": lazy("Took the second factor away"),
    "access.session_ended": lazy("Ended a session"),
    "access.sessions_ended": lazy("Ended sessions"),
    "access.granted": lazy("Gave a right"),
    "access.grant_ended": lazy("Ended a right"),
    "access.delegated": lazy("Delegated rights"),
    "access.account_erased": lazy("Erased an account's data"),
    "jobs.rolled": lazy("Brought dated facts up to date"),
    "members.registered": lazy("Registered a member"),
    "members.corrected": lazy("Corrected a member's record"),
    "members.fact_corrected": lazy("Corrected a dated fact"),
    "members.fact_dropped": lazy("Dropped a dated fact"),
    "members.status_changed": lazy("Changed a member's status"),
    "members.transferred": lazy("Transferred a member"),
    "members.moved": lazy("Moved members with their unit"),
    "members.left": lazy("Recorded a member's exit"),
    "members.readmitted": lazy("Readmitted a member"),
    "members.voided": lazy("Voided a record made by mistake"),
    "members.erased": lazy("Erased personal data"),
    "members.merged": lazy("Merged two records of one person"),
    "members.merge_undone": lazy("Took a merge back"),
    "members.temporary_begun": lazy("Began a temporary stay"),
    "members.temporary_ended": lazy("Ended a temporary stay"),
    "members.position_given": lazy("Gave a position"),
    "members.position_ended": lazy("Ended a position"),
    "members.posts_ended": lazy("Ended positions with their unit"),
    "members.condition_set": lazy("Noted a condition"),
    "members.condition_cleared": lazy("Ended a condition"),
    "members.contacted": lazy("Noted a contact"),
    "members.correction_requested": lazy("Asked for a correction"),
    "members.correction_answered": lazy("Answered a request for correction"),
    "restructuring.drafted": lazy("Planned a restructuring"),
    "restructuring.changed": lazy("Changed a plan of restructuring"),
    "restructuring.submitted": lazy("Handed in a plan of restructuring"),
    "restructuring.sent_back": lazy("Sent a plan of restructuring back"),
    "restructuring.cancelled": lazy("Cancelled a plan of restructuring"),
    "restructuring.paper": lazy("Wrote the decision on a restructuring"),
    "restructuring.applied": lazy("Applied a restructuring"),
    "restructuring.reverted": lazy("Reverted a restructuring"),
    "restructuring.approved": lazy("Approved a restructuring"),
    "restructuring.rights_chosen": lazy("Chose which rights go on"),
    "access.token_made": lazy("Made a token"),
    "access.token_ended": lazy("Ended a token"),
}
FIELDS: dict[str, LazyText] = {
    **FIELD,
    "name": lazy("Name"),
    "kind": lazy("Kind"),
    "sector": lazy("Sector"),
    "parent_id": lazy("Directly under"),
    "unit_id": lazy("Unit"),
    "valid_from": lazy("From day"),
    "valid_to": lazy("Until before day"),
    "from": lazy("From day"),
    "on": lazy("On day"),
    "value": lazy("Value"),
    "locked": lazy("Locked"),
    "document_no": lazy("Document"),
    "decision_no": lazy("Decision"),
    "decision_date": lazy("Day of the decision"),
    "is_grassroots": lazy("Grassroots organisation"),
    "has_seal": lazy("Has a seal"),
    "has_delegated_powers": lazy("Has delegated powers"),
    "term_months": lazy("Months of a term"),
    "status": lazy("Status"),
    "position": lazy("Position"),
    "reason": lazy("Reason"),
    "role": lazy("Role"),
    "rule": lazy("Rule"),
}
AREAS: dict[str, LazyText] = {
    "units": lazy("Units"),
    "members": lazy("Members"),
    "access": lazy("Accounts and rights"),
    "settings": lazy("Settings and modules"),
    "documents": lazy("Papers"),
    "restructuring": lazy("Restructuring of units"),
    "exchange": lazy("Import and export"),
    "plugins": lazy("Modules removed and restored"),
    "notices": lazy("Notices"),
    "jobs": lazy("Background work"),
    "ledger": lazy("The ledger itself"),
}
VALUES: dict[str, dict[str, LazyText]] = {"status": STATUS, "sex": SEX}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
KEYS_OF_UNITS = frozenset({"unit_id", "parent_id", "home_unit_id"})
ENDLESS = ("0001-01-01", "9999-12-31")


Titles = Mapping[str, LazyText | str]


@dataclass(frozen=True, slots=True)
class Words:
    """How acts, their areas and, by plugin, the fields that change are called."""

    actions: dict[str, LazyText | str]
    areas: dict[str, LazyText | str]
    fields: dict[str, Titles]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: how it is called, what stood there before and after."""

    label: str
    before: str
    after: str


def collect_words(host: PluginHost) -> None:
    """Gather how features and plugins call acts and fields.

    `ledger_actions` and `ledger_fields` in plugin.py; the fields of a plugin hold for its own
    acts, before those of core.
    """
    words = Words(dict(ACTIONS), dict(AREAS), {"": FIELDS})
    for plugin in host.sound():
        words.actions.update(plugin.offered("ledger_actions") or {})
        words.fields[plugin.name] = {**FIELDS, **(plugin.offered("ledger_fields") or {})}
        if plugin.manifest is not None:
            words.areas.setdefault(plugin.name, lazy(plugin.manifest.title))
    host.registries["ledger_words"] = words


def words_of(host: PluginHost) -> Words:
    """Return how acts, areas and fields are called."""
    words: Words = host.registries["ledger_words"]
    return words


def action_title(host: PluginHost, action: str) -> str:
    """Return how an act is called; its name where nobody said."""
    return str(words_of(host).actions.get(action, action))


def fields_of(host: PluginHost, action: str) -> Titles:
    """Return how the fields are called that an act changes."""
    fields = words_of(host).fields
    return fields.get(action.partition(".")[0], fields[""])


def areas_of(host: PluginHost) -> list[tuple[str, str]]:
    """Return the areas of acts with their titles, for a choice."""
    return [(key, str(title)) for key, title in words_of(host).areas.items()]


def unit_keys(body: Any) -> set[uuid.UUID]:
    """Return the units a payload names, so that all are looked up at once."""
    found: set[uuid.UUID] = set()
    for side in ("before", "after"):
        values = (body or {}).get(side) or {}
        for name in KEYS_OF_UNITS & values.keys():
            text = values[name]
            if isinstance(text, str) and len(text) == 36:
                found.add(uuid.UUID(text))
    return found


def differences(
    body: Any, places: Mapping[uuid.UUID, Place], classes: Iterable[str], titles: Titles = FIELDS
) -> list[Difference]:
    """Say in words what changed; fields of classes the reader may not see stay hidden."""
    before = (body or {}).get("before") or {}
    after = (body or {}).get("after") or {}
    allowed = frozenset(classes)
    found = []
    for name in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(name), after.get(name)
        if old == new or (name not in before and new in (None, "", False)):
            continue
        label = str(titles.get(name, name))
        if CLASS_OF.get(name) is not None and CLASS_OF[name] not in allowed:
            found.append(Difference(label, _("hidden"), _("hidden")))
        else:
            found.append(Difference(label, spoken(name, old, places), spoken(name, new, places)))
    return found


def spoken(name: str, value: Any, places: Mapping[uuid.UUID, Place]) -> str:
    """Write a value of a payload as people read it."""
    if value is None or value == "" or value in ENDLESS:
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (int, float)):
        return format_number(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{FIELDS.get(k, k)}: {spoken(k, v, places)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(spoken(name, item, places) for item in value[:20])
    return _spoken_text(name, str(value), places)


def _spoken_text(name: str, text: str, places: Mapping[uuid.UUID, Place]) -> str:
    """Write a text: a day as a day, a unit by its name, a word of ours in its own words."""
    if DAY.fullmatch(text):
        return format_day(date.fromisoformat(text))
    if INSTANT.match(text) and name.endswith("_at"):
        return format_instant(datetime.fromisoformat(text))
    if name in KEYS_OF_UNITS and len(text) == 36:
        place = places.get(uuid.UUID(text))
        return place.name if place else text
    return str(VALUES.get(name, {}).get(text, text))
