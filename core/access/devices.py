"""How a device is called in the list of sessions: coarsely, by browser and system."""

from __future__ import annotations

BROWSERS = (
    ("coc_coc", "Cốc Cốc"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
SYSTEMS = (
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("mac os", "Mac"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """Return `Chrome · Android`, or nothing for a device that does not say what it is."""
    folded = user_agent[:500].casefold()
    found = [
        next((name for mark, name in table if mark in folded), "") for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(part for part in found if part)
