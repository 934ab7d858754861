"""Which language a page is in: the account's choice, else the visitor's, else Chinese."""

from flask import g, session

LOCALES = ("zh", "en")


def choose_locale() -> str:
    """`zh` or `en`."""
    if not hasattr(g, "locale"):
        chosen = session.get("locale")
        g.locale = chosen if chosen in LOCALES else "zh"
    return str(g.locale)


def choose_timezone() -> str:
    """Times are shown as on the office wall."""
    return "Asia/Shanghai"
