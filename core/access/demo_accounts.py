"""The accounts a demo offers on its sign-in page; never in another mode."""

from __future__ import annotations

import json
from typing import Any

from core.config import Config

FILE = "demo-accounts.json"


def demo_accounts(config: Config) -> list[dict[str, Any]]:
    """Return title, subtitle, user name and password of each account the demo was built with."""
    if config.mode != "demo":
        return []
    try:
        kept = json.loads((config.var / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    listed = kept.get("accounts", []) if isinstance(kept, dict) else kept
    return [
        {name: one.get(name, "") for name in ("title", "subtitle", "username", "password")}
        for one in listed
        if isinstance(one, dict)
    ]
