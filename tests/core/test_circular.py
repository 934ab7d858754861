"""What a circular singles out, by hand."""

from qualityeval.core.circular import best_kept, good_places, most_lost
from qualityeval.core.item_losses import ItemLoss


def items(*pairs, read=40):
    """Items cut so often, in order; shares and running sums follow."""
    total, running, made = sum(pairs), 0, []
    for number, cut in enumerate(pairs):
        running += cut
        made.append(ItemLoss(f"i{number}", read, cut, 1.0, cut / total, running / total))
    return made


def test_named_until_half_of_the_cuts():
    # 30 of 100, then 25 more: 55 of 100 passes the half
    assert [one.item for one in most_lost(items(30, 25, 20, 15, 10))] == ["i0", "i1"]
    assert [one.item for one in most_lost(items(*[10] * 12))] == ["i0", "i1", "i2", "i3", "i4"]
    assert most_lost([]) == ()


def test_the_best_kept_need_something_to_be_better_than():
    kept = best_kept(items(30, 25, 20, 15, 10, 5))
    assert [one.item for one in kept] == ["i5", "i4", "i3"]
    assert best_kept(items(30, 25, 20, 15, 10)) == ()
    assert best_kept(items(30, 25, 20, 15, 10, 5, read=29)) == ()


def test_only_bands_that_are_sure_and_shown():
    lines = [{"code": "a", "band": "top", "suppressed": False}, {"code": "b", "band": "open", "suppressed": False},
             {"code": "c", "band": "top", "suppressed": True}]  # fmt: skip
    assert [one["code"] for one in good_places(lines)] == ["a"]
