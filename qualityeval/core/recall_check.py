"""The second call (复核回访): a share of the completed callbacks is asked again by another caller.

drawn(done, rate, seed) -> keys              the ceil(rate·N) smallest tickets H(seed, "draw", key)
other_caller(first, callers, place)          who calls again: in turn, never whoever called first
agreement(pairs) -> {question: Rate}         same answers among questions that both answered

A 未评价 is an answer; a question that one of the two skipped is in neither figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from qualityeval.core.coverage import Rate
from qualityeval.core.questionnaire import Answers
from qualityeval.core.sampling import ticket

SHARE = Fraction(1, 20)
SPEAKER = "who"  # another person at the phone is no disagreement


def drawn(keys: Iterable[str], rate: Fraction, seed: str) -> list[str]:
    """The keys to ask again, in the order of their tickets.

    >>> len(drawn([f"330102:{n}" for n in range(21)], SHARE, "5" * 64))
    2
    """
    tickets = sorted((ticket(seed, key), key) for key in keys)
    return [key for _ticket, key in tickets[: -(-(rate.numerator * len(tickets)) // rate.denominator)]]


def other_caller(first: int | None, callers: Sequence[int], place: int) -> int | None:
    """The caller of the `place`-th second call: in turn among all but `first`; None where there is no other."""
    others = [one for one in callers if one != first]
    return others[place % len(others)] if others else None


def agreement(pairs: Iterable[tuple[Answers, Answers]]) -> Mapping[str, Rate]:
    """A question at a time: first and second answer the same, among pairs in which both stand."""
    counts: dict[str, tuple[int, int]] = {}
    for first, second in pairs:
        for code in second:
            if code in first and code != SPEAKER:
                same, of = counts.get(code, (0, 0))
                counts[code] = (same + (first[code] == second[code]), of + 1)
    return {code: Rate(*pair) for code, pair in counts.items()}
