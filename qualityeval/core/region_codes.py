"""What a GB/T 2260 code says of an institution: its level and the codes above it.

level_of("330102") -> Level.COUNTY      None for a code of another kind
codes_above("330102") -> ("330100", "330000")       nearest first
lies_below(code, above) -> bool         True too where one of the two is of another kind: then nothing speaks against it
"""

from qualityeval.core.codes import Level

# the first two digits that are given out, and 99, which stays free for demonstrations
PROVINCES = frozenset(
    (
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "99",
    )
)


def level_of(code: str) -> Level | None:
    """The level in the code itself: xx0000 province, xxxx00 city, anything else county."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()) or code[:2] not in PROVINCES:
        return None
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def codes_above(code: str) -> tuple[str, ...]:
    """Codes of the city and the province above, nearest first; () for a code of another kind."""
    above = {
        Level.COUNTY: (f"{code[:4]}00", f"{code[:2]}0000"),
        Level.CITY: (f"{code[:2]}0000",),
    }
    level = level_of(code)
    return above.get(level, ()) if level else ()


def lies_below(code: str, above: str) -> bool:
    """Whether `code` is `above` or may stand below it."""
    if level_of(code) is None or level_of(above) is None:
        return True
    return code == above or above in codes_above(code)
