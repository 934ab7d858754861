"""Figures for show: digests in groups, shares with one rounding, half up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

GROUP = 8


def digest_groups(digest: str) -> list[str]:
    """A digest in groups of eight, as it is read aloud and compared."""
    return [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]


def rounded(value: Fraction, places: int) -> str:
    """An exact rational as decimal text, half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def share_text(part: int, whole: int) -> str:
    """A share in percent with one decimal, half up; a dash where there is no whole."""
    return f"{rounded(Fraction(100 * part, whole), 1)}%" if whole else "—"


def weight_text(whole: int, part: int) -> str:
    """The design weight N/n with two decimals; a dash where nothing is drawn."""
    return rounded(Fraction(whole, part), 2) if part else "—"


def signed_points(hundredths: Fraction | float) -> str:
    """Points with their sign, two decimals: −6.00, +1.50, 0.00.

    >>> signed_points(-600), signed_points(150), signed_points(0)
    ('−6.00', '+1.50', '0.00')
    """
    text = points(hundredths)
    sign = "" if not text.strip("0.") else "−" if hundredths < 0 else "+"
    return sign + text


def points(hundredths: Fraction | float) -> str:
    """Points without a sign, two decimals."""
    return rounded(abs(Fraction(hundredths)) / 100, 2)
