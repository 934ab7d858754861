"""A fixed total shared over strata in whole cases, within bounds."""

from collections.abc import Mapping
from fractions import Fraction

from qualityeval.core.errors import InvalidInput, msg


def largest_remainder(
    sizes: Mapping[str, int], *, total: int, lower: Mapping[str, int], upper: Mapping[str, int]
) -> dict[str, int]:
    """A total shared in proportion to the sizes: whole parts first, then the largest remainders.

    Ties go by the bytes of the label. A stratum beyond a bound is set to the bound and the rest is
    shared anew, until no bound moves; those that fall short are set first, or those in excess, by
    which way the sum of the moves goes. A total outside the sums of the bounds is `InvalidInput`.
    """
    refuse_total(total, lower, upper)
    settled: dict[str, int] = {}
    while True:
        open_ = {label: size for label, size in sizes.items() if label not in settled}
        share = _quotas(open_, total - sum(settled.values()))
        low = {label: lower[label] for label, quota in share.items() if quota < lower[label]}
        high = {label: upper[label] for label, quota in share.items() if quota > upper[label]}
        moved = sum(low[x] - share[x] for x in low) - sum(share[x] - high[x] for x in high)
        if not low and not high:
            return settled | _rounded(share)
        settled |= low if moved > 0 else high if moved < 0 else low | high


def refuse_total(total: int, lower: Mapping[str, int], upper: Mapping[str, int]) -> None:
    """`InvalidInput` for a total that the bounds can't give."""
    if not sum(lower.values()) <= total <= sum(upper.values()):
        raise InvalidInput(
            "rate.total_range",
            msg("总数 %(total)s 抽不出来：按每层的下限和上限，只能在 %(low)s 到 %(high)s 之间。"),
            where="rates.total",
            total=total, low=sum(lower.values()), high=sum(upper.values()),
        )  # fmt: skip


def _quotas(sizes: Mapping[str, int], total: int) -> dict[str, Fraction]:
    whole = sum(sizes.values())
    return {label: Fraction(total * size, whole) for label, size in sizes.items()}


def _rounded(quotas: Mapping[str, Fraction]) -> dict[str, int]:
    floors = {label: quota.numerator // quota.denominator for label, quota in quotas.items()}
    left = int(sum(quotas.values(), Fraction(0))) - sum(floors.values())
    order = sorted(quotas, key=lambda label: (floors[label] - quotas[label], label.encode()))
    return floors | {label: floors[label] + 1 for label in order[:left]}
