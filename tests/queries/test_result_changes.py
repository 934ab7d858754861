"""Lines of change from two periods' figures, worked by hand."""

import pytest

from qualityeval.queries import result_changes


def line(code, good, n, reason=None):
    rate = good / n if good is not None else None
    return {"code": code, "name": code, "good_rate": rate, "n": n, "n_eff": float(n), "reason": reason}


def test_lines_meet_by_code_with_newcombes_interval():
    old = [line("A", 48, 80), line("C", None, 3, "suppressed")]
    new = [line("A", 56, 70), line("B", 9, 10), line("C", 5, 10)]
    a, b, c = result_changes._lines(old, new, ("", ""))
    # Newcombe 1998, table II (a), method 10
    assert a["change"] == pytest.approx(0.2)
    assert a["interval"] == pytest.approx([0.0524, 0.3339], abs=5e-5)
    assert a["clear"] is True
    assert (b["change"], b["reason"], b["earlier_n"]) == (None, "no_earlier", 0)
    assert (c["change"], c["reason"]) == (None, "suppressed")
    apart = result_changes._lines(old, new, ("earlier", "later"))[0]
    assert (apart["interval"], apart["reason"], apart["earlier"]) == (None, "rubric_sets_differ", 0.6)
