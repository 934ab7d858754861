"""The table of a recheck by hand and from the literature, and the double-sampling estimate."""

import pytest

from qualityeval.core.concordance import Pair, Rechecked, concordance, double_sampling


def pairs(table):
    return [Pair(a, b, 8000, 7900 if a == b else 7000) for (a, b), n in table.items() for _ in range(n)]


def test_the_table_of_fifty_grants():
    """The usual teaching example of Cohen's kappa: 20 and 15 agreed, 5 and 10 not; p_o 0.7, p_e 0.5, kappa 0.4."""
    found = concordance(
        pairs({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}), grades=["y", "n"]
    )
    assert found.table == {"y": {"y": 20, "n": 5}, "n": {"y": 10, "n": 15}}
    assert (found.n, found.agreed) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    # 35 changes of −100 and 15 of −1000: mean −370, Σ(x − mean)² = 35·270² + 15·630² = 8,505,000
    assert found.mean_change == -370
    assert found.sd_change == pytest.approx((8_505_000 / 49) ** 0.5)


def test_where_the_table_says_too_little():
    assert concordance([], grades=["y"]).reason == "no_pairs"
    one = concordance(pairs({("y", "y"): 3}), grades=["y", "n"])
    assert (one.agreed, one.kappa, one.reason) == (1.0, None, "one_grade")
    assert concordance(pairs({("y", "n"): 1}), grades=["y", "n"]).sd_change is None


def test_the_estimate_by_hand():
    """w 0.6 and 0.4, p 0.9 and 0.2: 0.62; 0.36·0.09/19 + 0.16·0.16/9 + (0.6·0.28² + 0.4·0.42²)/100 = 0.0057257."""
    found = double_sampling([Rechecked(60, 20, 18), Rechecked(40, 10, 2)])
    assert found.value == pytest.approx(0.62)
    assert found.se == pytest.approx((0.36 * 0.09 / 19 + 0.16 * 0.16 / 9 + 0.11760 / 100) ** 0.5)
    assert found.interval == pytest.approx((0.62 - 1.959964 * found.se, 0.62 + 1.959964 * found.se))
    assert found.simple == pytest.approx(20 / 30)  # bad files were rechecked less often than they were found


def test_two_classes_are_tenenbeins():
    """V = pq/n·(1 − K) + K·pq/N, K the squared correlation of both readings (Tenenbein 1970, large samples)."""
    found = double_sampling([Rechecked(60_000, 18_000, 16_200), Rechecked(40_000, 12_000, 2_400)])
    p, q = 0.62, 0.38
    reliability = (0.6 * 0.9 - 0.6 * p) ** 2 / (p * q * 0.6 * 0.4)
    variance = p * q / 30_000 * (1 - reliability) + reliability * p * q / 100_000
    assert found.se == pytest.approx(variance**0.5, rel=1e-4)


@pytest.mark.parametrize(
    ("classes", "value", "reason"),
    [
        ([], None, "no_pairs"), ([Rechecked(5, 0, 0)], None, "no_pairs"),
        ([Rechecked(5, 2, 1), Rechecked(5, 0, 0)], None, "class_unread"),
        ([Rechecked(5, 2, 1), Rechecked(5, 1, 1)], 0.75, "single_case"),
        ([Rechecked(5, 2, 1), Rechecked(0, 0, 0)], 0.5, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_estimated_says_why(classes, value, reason):
    found = double_sampling(classes)
    assert (found.value, found.reason) == (value, reason)
