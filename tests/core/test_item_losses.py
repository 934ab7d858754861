"""Items that lose points, counted by hand; and the funnel's lines against the points they are drawn for."""

from dataclasses import replace

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.funnel import ALARM, WARN, funnel
from qualityeval.core.funnel_lines import limit_line
from qualityeval.core.item_losses import ItemReading, Tally, pareto, tallies, together

READINGS = [
    ItemReading("meeting", "A", 400, 100), ItemReading("meeting", "A", 400, 0), ItemReading("meeting", "B", 400, 300),
    ItemReading("opinion", "A", 1000, 500), ItemReading("opinion", "B", 1000, 0), ItemReading("archive", "B", 200, 0),
]  # fmt: skip


def test_counts_and_parts_by_hand():
    by_group = tallies(iter(READINGS))
    whole = together(by_group, {"A", "B"})
    # meeting: 2 of 3 sheets cut, 400 of 1,200 lost; opinion: 1 of 2, 500 of 2,000
    assert (whole["meeting"].read, whole["meeting"].cut, whole["meeting"].part) == (
        3,
        2,
        pytest.approx(1 / 3),
    )
    assert by_group["A", "meeting"].part == pytest.approx(0.125)
    assert by_group["B", "archive"].part == 0
    assert together(by_group, {"A"})["meeting"] == by_group["A", "meeting"]
    assert tallies([replace(one, times=3) for one in READINGS]) == tallies(READINGS * 3)
    first, second = pareto(whole)
    assert (first.item, first.mean, first.share) == ("meeting", 2.0, pytest.approx(2 / 3))
    assert (second.item, second.mean, second.running) == ("opinion", 5.0, 1.0)


def test_nothing_lost_and_nothing_read():
    assert pareto({}) == []
    assert pareto({"archive": Tally(3, 0, 0, 600)}) == []
    assert Tally().part is None


def test_ties_go_by_points_then_name():
    order = [
        one.item
        for one in pareto({"b": Tally(2, 1, 50, 400), "a": Tally(2, 1, 50, 400), "c": Tally(2, 1, 90, 400)})
    ]
    assert order == ["c", "a", "b"]


@pytest.mark.parametrize(("level", "names"), [(WARN, {"low", "very_low"}), (ALARM, {"very_low"})])
def test_a_point_just_under_the_line_is_judged_outside_it(level, names):
    """Line and judgement are one rule: a hair's breadth decides on both sides, with overdispersion too."""
    crowd = [(f"I{n}", 0.6 + 0.35 * (-1) ** n, 80.0) for n in range(20)]
    spread = funnel(crowd, 0.6)
    assert spread.phi > 1
    for n, phi, others in ((50.0, 1.0, []), (80.0, None, crowd)):
        edge = limit_line(0.6, phi or spread.phi, [n], level)[0].lo
        for rate, outside in ((edge - 1e-6, True), (edge + 1e-6, False)):
            point = funnel([("X", rate, n), *others], 0.6)
            if others:  # the added point moves φ a little: judge by its own z against the line's
                c = abs((edge - 0.6) / (0.6 * 0.4 / n) ** 0.5)
                assert (abs(point.points[0].z) > c) == outside
            else:
                assert (point.points[0].standing in names) == outside


def test_the_line_stays_inside_and_a_rate_without_a_middle_has_none():
    # textbook: 0.5 ± 1.96·0.05 at n = 100; at n = 1 it would leave 0…1
    assert limit_line(0.5, 1.0, [100.0])[0].lo == pytest.approx(0.402, abs=1e-3)
    assert (limit_line(0.5, 1.0, [1.0])[0].lo, limit_line(0.5, 1.0, [1.0])[0].hi) == (0.0, 1.0)
    for target, size in ((0.0, 10.0), (1.0, 10.0), (0.5, 0.0)):
        with pytest.raises(InvalidInput):
            limit_line(target, 1.0, [size])
