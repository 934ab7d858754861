"""The second call: who is drawn, who calls, how far both agree."""

from fractions import Fraction

from qualityeval.core.coverage import Rate
from qualityeval.core.recall_check import SHARE, agreement, drawn, other_caller
from qualityeval.core.sampling import ticket

SEED = "5" * 64


def test_the_smallest_tickets():
    keys = [f"330102:{number}" for number in range(41)]
    found = drawn(keys, SHARE, SEED)
    assert found == sorted(keys, key=lambda key: ticket(SEED, key))[:3]  # ceil(41 / 20)
    assert drawn(reversed(keys), SHARE, SEED) == found
    assert drawn([], SHARE, SEED) == []
    assert len(drawn(keys, Fraction(1), SEED)) == 41


def test_never_the_same_caller():
    assert [other_caller(1, [1, 2, 3], place) for place in range(3)] == [2, 3, 2]
    assert other_caller(1, [1], 0) is None
    assert other_caller(None, [1], 0) == 1


def test_agreement_by_hand():
    """Three pairs: money agrees 2 of 3; met is answered by both in 2 pairs and agrees in 1; who isn't compared."""
    pairs = [
        ({"who": "recipient", "money_asked": "no", "met_times": "once"}, {"who": "family", "money_asked": "no", "met_times": "once"}),
        ({"money_asked": "no", "met_times": "twice"}, {"money_asked": "yes", "met_times": "never"}),
        ({"money_asked": "no"}, {"money_asked": "no", "met_times": "never", "called_before": "no"}),
    ]  # fmt: skip
    assert agreement(pairs) == {"money_asked": Rate(2, 3), "met_times": Rate(1, 2)}
    assert agreement([]) == {}
