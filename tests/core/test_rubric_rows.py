"""Rubrics as tables: a round trip loses nothing, faults name their row; two versions compared by hand."""

import copy

import pytest

from qualityeval.adapters.rubric_files import CODES, shipped_text
from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.rubric_differences import differences
from qualityeval.core.rubric_rows import check_rows, rows_of
from tests.core.rubric_samples import indicator_mapping, rubric_mapping
from tests.staff_rubric import divided_indicators

MAPPINGS = {code: load_text(shipped_text(code)) for code in ("criminal-trial", "duty-lawyer")} | {
    "indicator": indicator_mapping(), "divided": divided_indicators(), "five-mark": rubric_mapping(method="five_mark"),
}  # fmt: skip


def numbered(rows):
    return list(enumerate(rows, 2))


@pytest.mark.parametrize("code", MAPPINGS)
def test_a_round_trip_through_rows_loses_nothing(code):
    mapping = MAPPINGS[code]
    assert parse_rubric(check_rows(numbered(rows_of(mapping)))) == parse_rubric(mapping)
    assert code != "divided" or any(row["role"] == "staff" for row in rows_of(mapping))
    assert code not in CODES or any(row["row"] == "phrase" for row in rows_of(mapping))


def row_of(rows, code):
    return next(at for at, row in enumerate(rows) if row["code"] == code)


@pytest.mark.parametrize(
    ("spoil", "code", "where"),
    [
        (lambda rows: rows[row_of(rows, "a1")].update(points="7"), "rubric.sum", "7:sections[0]"),
        (lambda rows: rows[row_of(rows, "a2")].update(points="six"), "rubric.points", "9:sections[0].items[1].points"),
        (lambda rows: rows[row_of(rows, "a2")].update(row="line"), "rubric.row_kind", "9"),
        (lambda rows: rows[row_of(rows, "a3")].update(na="maybe"), "rubric.row_flag", "10:na"),
        (lambda rows: rows.insert(1, {"row": "item", "code": "x", "title": "x"}), "rubric.no_section", "3"),
        (lambda rows: rows.insert(6, {"row": "phrase", "title": "x", "points": "1"}), "rubric.no_item", "8"),
        (lambda rows: rows.insert(1, rows[0]), "rubric.two_heads", "3"),
        (lambda rows: rows.pop(0), "rubric.no_head", "row"),
    ],
)  # fmt: skip
def test_a_fault_names_its_row(spoil, code, where):
    rows = rows_of(rubric_mapping())  # row 2 the rubric, 3-6 grades, 7 section a, 8-10 its items
    spoil(rows)
    with pytest.raises(InvalidInput) as fault:
        check_rows(numbered(rows))
    assert (fault.value.code, fault.value.where) == (code, where)


def test_two_versions_compared_part_by_part():
    old = rubric_mapping()
    new = copy.deepcopy(old)
    new["grades"][0]["minimum"] = "92.5"
    first, second, third = new["sections"][0]["items"]
    first["points"], second["points"] = "5", "7"
    third["phrases"] = [{"text": "无笔录", "points": "2"}]
    third["anchors"] = {"full": "齐全"}
    new["vetoes"].pop()
    new["bonus"].append({"code": "saved", "title": "挽回", "title_en": "Saved", "points": "2"})
    old, new = parse_rubric(old), parse_rubric(new)
    assert differences(old, old) == ()
    found = differences(old, new)
    assert [(one.kind, one.code, one.title.zh, one.what, one.fields) for one in found] == [
        ("grade", "优秀", "优秀", "changed", (("minimum", "90", "92.5"),)),
        ("item", "a1", "项a1", "changed", (("points", "6", "5"),)),
        ("item", "a2", "项a2", "changed", (("points", "6", "7"),)),
        ("item", "a3", "项a3", "changed", (("phrases", "", "无笔录 −2"), ("anchor_full", "", "齐全"))),
        ("bonus", "saved", "挽回", "added", (("title", "", "挽回"), ("title_en", "", "Saved"), ("points", "", "2"))),
        ("veto", "money", "收钱", "removed", ()),
    ]  # fmt: skip
