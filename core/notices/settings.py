"""What can be set about notices."""

from __future__ import annotations

import marshmallow as ma

from core.i18n import lazy
from core.settings.registry import Default, SettingSpec

settings = (
    SettingSpec(
        key="core.notices.discreet",
        title=lazy("Say nothing in e-mail and calendars but that there is something"),
        meaning=lazy("For places where telephones lie about unlocked."),
        field=ma.fields.Boolean(required=True),
        defaults=(Default(False),),
        group="core.notices",
    ),
)
