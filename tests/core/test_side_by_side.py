"""Two sheets beside each other, worked by hand: the widest difference first."""

from qualityeval.core.rubric import parse_rubric
from qualityeval.core.scoring import Mark
from qualityeval.core.sheet import Content, Cut
from qualityeval.core.side_by_side import side_by_side
from tests.core.rubric_samples import rubric_mapping

RUBRIC = parse_rubric(rubric_mapping())


def test_the_widest_difference_first_and_na_counts_in_full():
    one = {
        "a1": Mark(600),
        "a2": Mark(deductions=(100, 50)),
        "a3": Mark(800),
        "b1": Mark(1200),
        "b2": Mark(800),
        "c1": Mark(6000),
    }
    two = one | {"a2": Mark(600, reason="齐全"), "a3": Mark(na=True, reason="未开庭"), "c1": Mark(5000)}
    rows = side_by_side(RUBRIC, [Content(one, cuts={"a2": (Cut("缺签名"), Cut("缺日期"))}), Content(two)])
    assert [(row.item.code, row.points, row.apart) for row in rows] == [
        ("c1", (6000, 5000), 1000), ("a3", (800, None), 800), ("a2", (450, 600), 150),
        ("a1", (600, 600), 0), ("b1", (1200, 1200), 0), ("b2", (800, 800), 0),
    ]  # fmt: skip
    assert rows[2].why == ("缺签名；缺日期", "齐全")


def test_five_marks_in_face_points():
    five = parse_rubric(rubric_mapping(method="five_mark"))
    marks = {code: Mark(5) for code in five.by_item}
    rows = side_by_side(five, [Content(marks), Content(marks | {"b1": Mark(2)})])
    assert (rows[0].item.code, rows[0].points) == ("b1", (1200, 480))
