"""What the system administrator may set: names, defaults, limits; pure, so that a stored text can't surprise.

`Settings()` are the defaults, `read` makes them from stored rows, `checked` gives the text to store.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from qualityeval.core.errors import InvalidInput, msg


@dataclass(frozen=True)
class Bounds:
    """The smallest and the largest whole number, both allowed."""

    least: int
    most: int


@dataclass(frozen=True)
class Settings:
    """The settings as they hold now; lengths of time in the unit of their name."""

    organisation: str = ""
    session_idle_minutes: int = 60
    session_hours: int = 12
    lockout_failures: int = 5
    lockout_minutes: int = 15
    sheet_pay: int = 0
    hearing_percent: int = 5


NUMBERS: Mapping[str, Bounds] = MappingProxyType(
    {
        "session_idle_minutes": Bounds(15, 60),
        "session_hours": Bounds(1, 12),
        "lockout_failures": Bounds(3, 10),
        "lockout_minutes": Bounds(5, 120),
        "sheet_pay": Bounds(0, 9_999),  # whole yuan
        "hearing_percent": Bounds(1, 100),  # of a year's heard cases
    }
)
NAMES = tuple(field.name for field in fields(Settings))
LONGEST_TEXT = 60


def read(stored: Mapping[str, str]) -> Settings:
    """Settings from rows of the database; a row that doesn't pass `checked` counts as not there."""
    values: dict[str, str | int] = {}
    for name in NAMES:
        if name in stored:
            try:
                text = checked(name, stored[name])
            except InvalidInput:
                continue
            values[name] = int(text) if name in NUMBERS else text
    return Settings(**values)  # type: ignore[arg-type]


def checked(name: str, text: str) -> str:
    """The text as it is stored: a whole number inside its bounds, or one line of up to 60 characters."""
    cleaned = unicodedata.normalize("NFC", text).strip()
    bounds = NUMBERS.get(name)
    if bounds is None:
        return _line(name, cleaned)
    whole = cleaned.isascii() and cleaned.isdigit() and len(cleaned) < 6
    if not whole or not bounds.least <= int(cleaned) <= bounds.most:
        raise InvalidInput(
            "setting.bounds", msg("请填%(least)s到%(most)s之间的整数。"), where=name,
            least=bounds.least, most=bounds.most,
        )  # fmt: skip
    return str(int(cleaned))


def _line(name: str, text: str) -> str:
    if name not in NAMES:
        raise InvalidInput("setting.unknown", msg("没有这项设置。"), where=name)
    if len(text) > LONGEST_TEXT or any(unicodedata.category(character) == "Cc" for character in text):
        raise InvalidInput(
            "setting.text", msg("最多%(most)s个字，写在一行里。"), where=name, most=LONGEST_TEXT
        )
    return text
