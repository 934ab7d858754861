"""Rates as people write them, read exactly: a float 0.277 is more than 277/1000 and would over-draw.

parse_rate(text) -> Fraction          "27.7%", "0.277", "277/1000"; text only
rate_text(share) -> "277/1000"
"""

import re
from fractions import Fraction

from qualityeval.core.errors import InvalidInput, msg

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,12})?)\s*[%％]")
_DECIMAL = re.compile(r"[0-9](?:\.[0-9]{1,12})?")
_RATIO = re.compile(r"([0-9]{1,18})\s*/\s*([0-9]{1,18})")


def parse_rate(text: object, *, where: str = "rates.default") -> Fraction:
    """A rate from its text, exactly: `27.7%`, `0.277` or `277/1000`; above 0 and at most 1 (100%).

    Anything but text is refused, a float above all: 0.277 as a float is more than 277/1000.

    >>> parse_rate("27.7%")
    Fraction(277, 1000)
    """
    share = _share(text.strip()) if isinstance(text, str) else None
    if share is None:
        raise InvalidInput(
            "rate.form",
            msg("“%(value)s”不是抽取率：请写成 27.7%% 或 0.277，最多 12 位小数。"),
            where=where,
            value=text,
        )
    if not 0 < share <= 1:
        raise InvalidInput(
            "rate.range",
            msg("抽取率“%(value)s”须大于 0 且不超过 100%%。三成请写 30%% 或 0.3。"),
            where=where,
            value=text,
        )
    return share


def _share(text: str) -> Fraction | None:
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1]) / 100
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    if (ratio := _RATIO.fullmatch(text)) and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    # a whole number such as 30 reads as a range fault, with the remedy to write 30%
    return Fraction(text) if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,12})?", text) else None


def rate_text(share: Fraction) -> str:
    """The rate as the plan writes it, `277/1000`, in lowest terms."""
    return f"{share.numerator}/{share.denominator}"
