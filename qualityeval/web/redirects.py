"""Where a form may send its reader afterwards: this site only."""

from urllib.parse import urlsplit


def safe_next(target: str | None) -> str:
    """The target if it is a plain path of this site, else the empty string."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return ""
    if any(ord(character) < 0x21 or ord(character) == 0x7F for character in target):
        return ""
    parts = urlsplit(target)
    return "" if parts.scheme or parts.netloc else target
