"""Final weights worked by hand; the counts of each example are written out beside it."""

from fractions import Fraction

import pytest

from qualityeval.core.frame import build_frame
from qualityeval.core.sampling import draw, first_tickets
from qualityeval.core.weights import Opened, stratum_weights
from qualityeval.core.workflow import FileState

DONE = Opened(FileState.HANDED_IN, has_result=True)
PENDING = Opened(FileState.HANDED_IN)
DUE = Opened(FileState.DUE)
MISSING = Opened(FileState.MISSING)
OUT = Opened(FileState.REPLACED)
OUT_AFTER_A_RESULT = Opened(FileState.REPLACED, has_result=True)


def weights(tickets, *, size=100, planned=10, missing_file="fail"):
    return stratum_weights(size=size, planned=planned, tickets=tickets, missing_file=missing_file)


@pytest.mark.parametrize(
    ("tickets", "missing_file", "final", "base"),
    [
        # nothing happened: 100/10
        ([DONE] * 10, "fail", Fraction(10), Fraction(10)),
        # two replaced: t = 12, e = 10, N̂ = 100·10/12; ten respond with (1000/12)/10; reserve units share it
        ([DONE] * 10 + [OUT] * 2, "fail", Fraction(100, 12), Fraction(100, 12)),
        # one more missing: it responds under fail, so still ten; under nonresponse nine: (1000/12)/9
        ([DONE] * 9 + [MISSING] + [OUT] * 2, "fail", Fraction(100, 12), Fraction(100, 12)),
        ([DONE] * 9 + [MISSING] + [OUT] * 2, "nonresponse", Fraction(1000, 108), Fraction(100, 12)),
        # a supplement to n' = 15 with one replaced: t = 15, e = 14, N̂ = 1400/15, /14 = 100/15
        ([DONE] * 14 + [OUT], "fail", Fraction(100, 15), Fraction(100, 15)),
        # all three: t = 15, e = 13 (2 out), 3 missing; N̂ = 1300/15; fail 13, nonresponse 10 respond
        ([DONE] * 10 + [MISSING] * 3 + [OUT] * 2, "fail", Fraction(100, 15), Fraction(100, 15)),
        ([DONE] * 10 + [MISSING] * 3 + [OUT] * 2, "nonresponse", Fraction(26, 3), Fraction(100, 15)),
        # a result before the file was found out of scope counts for nothing
        ([DONE] * 10 + [OUT_AFTER_A_RESULT], "fail", Fraction(100, 11), Fraction(100, 11)),
        # on the way: pending and due are in scope and don't respond yet; N̂ = 100, /4
        ([DONE] * 4 + [PENDING] * 3 + [DUE] * 3, "fail", Fraction(25), Fraction(10)),
        # nobody responds, nobody is in scope
        ([MISSING] * 10, "nonresponse", None, Fraction(10)),
        ([OUT] * 10, "fail", None, None),
    ],
)
def test_by_hand(tickets, missing_file, final, base):
    found = weights(tickets, missing_file=missing_file)
    assert (found.design, found.final, found.base) == (Fraction(10), final, base)


def test_respondents_add_up_to_the_estimated_stratum():
    found = weights([DONE] * 10 + [MISSING] * 3 + [OUT] * 2, missing_file="nonresponse")
    assert (found.opened, found.eligible, found.respondents, found.missing, found.replaced) == (
        15,
        13,
        10,
        3,
        2,
    )
    assert found.estimated == Fraction(1300, 15)
    assert found.final * found.respondents == found.estimated == found.base * found.eligible


def test_a_stratum_of_which_nothing_was_drawn():
    found = weights([], planned=0)
    assert (found.design, found.final, found.base, found.estimated) == (None, None, None, None)
    supplemented = weights([DONE] * 4, planned=0)
    assert (supplemented.design, supplemented.final) == (None, Fraction(25))


def test_the_next_tickets_are_those_of_the_draw():
    seed = "0" * 64
    frame = build_frame([(f"A:{number}", "x" if number % 3 else "y") for number in range(60)])
    drawn = draw(frame, {"x": 5, "y": 2}, seed=seed)
    keys = [f"A:{number}" for number in range(60) if number % 3]
    assert first_tickets(reversed(keys), 9, seed=seed) == drawn.stratum("x").order[:9]
    assert first_tickets(keys, 99, seed=seed) == drawn.stratum("x").order
