"""What may be done with accounts, rights and tokens, and how each permission of core is called."""

from __future__ import annotations

from core.i18n import LazyText, lazy
from core.plugin_host import PluginHost

SEE = "core:account:see"
MANAGE = "core:account:manage"
RESET = "core:account:reset"
SEE_GRANTS = "core:grant:see"
MANAGE_GRANTS = "core:grant:manage"
DELEGATE = "core:grant:delegate"
TOKENS = "core:token:manage"

# What a delegation never brings: with it a deputy could give rights that outlive the delegation.
NOT_DELEGATED = frozenset({MANAGE_GRANTS, DELEGATE, TOKENS})
TITLES: dict[str, LazyText] = {
    SEE: lazy("See accounts"),
    MANAGE: lazy("Make and end accounts"),
    RESET: lazy("Give reset codes for passwords"),
    SEE_GRANTS: lazy("See who holds which rights"),
    MANAGE_GRANTS: lazy("Give and end rights"),
    DELEGATE: lazy("Delegate one's own rights"),
    TOKENS: lazy("Make and end tokens of programs"),
    "core:unit:see": lazy("See units"),
    "core:unit:manage": lazy("Change units"),
    "core:member:see": lazy("See members"),
    "core:member:manage": lazy("Change members' records"),
    "core:member:merge": lazy("Merge two records of one person"),
    "core:member:erase": lazy("Erase the personal data of somebody who has left"),
    "core:member:export": lazy("Take members out as Excel"),
    "core:document:see": lazy("See papers"),
    "core:document:issue": lazy("Issue papers"),
    "core:document:manage": lazy("Change templates and registers of papers"),
    "core:exchange:import": lazy("Import from Excel"),
    "core:exchange:export": lazy("Export to Excel"),
    "core:plan:see": lazy("See plans of restructuring"),
    "core:plan:draft": lazy("Draft plans of restructuring"),
    "core:plan:approve": lazy("Approve plans of restructuring"),
    "core:plan:apply": lazy("Carry out plans of restructuring"),
    "core:plan:merge": lazy("Merge units of one parent by a plan"),
    "core:setting:see": lazy("See settings"),
    "core:setting:manage": lazy("Change settings"),
    "core:plugin:manage": lazy("Switch modules on and off"),
    "core:ledger:see": lazy("Read the ledger"),
    "core:indicator:see": lazy("See figures"),
    "core:notice:send": lazy("Send notices"),
    "core:system:see": lazy("See the state of the system"),
}


def titles(host: PluginHost) -> dict[str, str]:
    """Return every permission of core and of the loaded plugins with its title, by title."""
    found = {name: str(title) for name, title in TITLES.items()}
    for plugin in host.sound():
        if plugin.manifest is not None:
            found.update({n: str(lazy(title)) for n, title in plugin.manifest.permissions.items()})
    return dict(sorted(found.items(), key=lambda item: item[1]))


def title_of(host: PluginHost, permission: str) -> str:
    """Return how a permission is called; an unknown one is called by its name."""
    return titles(host).get(permission, permission)


def plugin_of(permission: str) -> str | None:
    """Return the plugin a permission belongs to; None for core's."""
    owner = permission.partition(":")[0]
    return None if owner == "core" else owner
