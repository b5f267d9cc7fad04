"""Work: who acts, where, when, in which transaction, with which hooks; passed, never fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.access.principal import Principal
    from core.plugin_host import PluginHost, UnitHooks
    from core.units.places import Place


@dataclass(frozen=True, slots=True)
class Work:
    """One act: who does it, in which unit, when, in which transaction, among which plugins."""

    session: Session
    actor: Principal
    unit: Place
    now: datetime
    host: PluginHost

    @property
    def today(self) -> date:
        """The day it is in the site's time zone."""
        return self.now.astimezone(self.host.zone).date()

    def end_of(self, day: date) -> datetime:
        """Return the instant at which a day is over in the site's time zone."""
        return datetime.combine(day + timedelta(days=1), time(), self.host.zone)

    @property
    def hooks(self) -> UnitHooks:
        """The hooks of the plugins enabled in this unit; each is handed this work."""
        return self.host.hooks(self)

    @property
    def generation(self) -> int:
        """The generation of the tree this work sees; a work that changes the tree sees its own."""
        return int(self.session.info["epochs"]["tree"])

    def at(self, unit: Place) -> Work:
        """Return the same act seen from another unit."""
        return replace(self, unit=unit)

    def may(self, permission: str, unit: Place | None = None) -> bool:
        """Whether the actor has a permission here, or in the unit named."""
        return self.actor.may(permission, unit or self.unit)

    def touch(self, epoch: str) -> None:
        """Tell all processes at commit that what they remember under this epoch is old."""
        self.session.info.setdefault("touched", set()).add(epoch)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do something outside the database once the transaction has committed."""
        self.session.info.setdefault("after_commit", []).append(act)
