"""A rubric is refused for every fault, by its path; a sound one shows what DESIGN promises."""

from copy import deepcopy
from typing import Any

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.rubric import hundredths, parse_rubric, resolve_rubric, rubric_show, show_points
from tests.core.rubric_samples import indicator_mapping, item, rubric_mapping, section


def _set(mapping: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    changed = deepcopy(mapping)
    node: Any = changed
    for step in path[:-1]:
        node = node[step]
    if value is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return changed


def test_points_become_whole_hundredths():
    rubric = parse_rubric(rubric_mapping())
    assert [s.points for s in rubric.sections] == [2000, 2000, 6000]
    assert rubric.key == "sample@1"
    assert rubric.core == ("a",)
    assert [s.na for s in rubric.sections] == [False, True, False]
    assert list(rubric.by_item) == ["a1", "a2", "a3", "b1", "b2", "c1"]
    assert [g.minimum for g in rubric.grades] == [9000, 8000, 6000, 0]
    assert rubric.bonus_cap == 500


def test_item_extras_are_kept():
    extra = item("c1", "60") | {
        "role": "lawyer",
        "clause": "第五十条",
        "anchors": {"full": "齐全", "none": "没有"},
        "phrases": [{"text": "缺页", "points": "0.5"}],
    }
    rubric = parse_rubric(_set(rubric_mapping(bonus_cap="4"), ["sections", 2, "items", 0], extra))
    kept = rubric.by_item["c1"]
    assert (kept.role, kept.clause, kept.anchors) == (
        "lawyer",
        "第五十条",
        (("full", "齐全"), ("none", "没有")),
    )
    assert [(p.text, p.points) for p in kept.phrases] == [("缺页", 50)]
    assert rubric.bonus_cap == 400


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        (["sections", 0, "points"], "19.99", "sum", "sections[0]"),
        (["sections", 2, "items", 0, "points"], "59.99", "sum", "sections[2]"),
        (["sections", 2, "items", 0, "points"], "60.001", "points", "sections[2].items[0].points"),
        (["sections", 2, "items", 0, "points"], 60.0, "points", "sections[2].items[0].points"),
        (["sections", 2, "items", 0, "points"], True, "points", "sections[2].items[0].points"),
        (["sections", 2, "items", 0, "points"], "0", "points", "sections[2].items[0].points"),
        (["sections", 2, "items", 0, "code"], "a1", "duplicate", "items"),
        (["sections", 2, "items", 0, "code"], "overall", "reserved", "items"),
        (["sections", 2, "items", 0, "code"], "A 1", "code", "sections[2].items[0].code"),
        (["sections", 2, "items", 0, "na"], "yes", "flag", "sections[2].items[0].na"),
        (["sections", 2, "items", 0, "anchors"], ["x"], "shape", "sections[2].items[0].anchors"),
        (
            ["sections", 2, "items", 0, "phrases"],
            [{"text": "x", "points": "61"}],
            "points",
            "sections[2].items[0].phrases[0].points",
        ),
        (["sections", 2, "items"], [], "list", "sections[2].items"),
        (["sections", 2, "na"], True, "section_na", "sections[2].na"),
        (["sections", 1, "code"], "a", "duplicate", "sections"),
        (["sections", 0, "core"], False, "core", "sections"),
        (["sections", 1], "text", "shape", "sections[1]"),
        (["sections", 1, "colour"], "red", "unknown_key", "sections[1].colour"),
        (["sections"], ..., "list", "sections"),
        (["title_en"], "  ", "text", "title_en"),
        (["version"], "0", "version", "version"),
        (["version"], "1.0", "version", "version"),
        (["method"], "stars", "choice", "method"),
        (["code"], 7, "code", "code"),
        (["grades", 1, "minimum"], "90", "cutoffs", "grades[1].minimum"),
        (["grades", 3, "minimum"], "1", "cutoffs", "grades"),
        (["grades", 0, "minimum"], "100.01", "cutoffs", "grades"),
        (["grades", 1, "name"], "优秀", "duplicate", "grades[1].name"),
        (["grades", 0, "good"], False, "good", "grades"),
        (["grades", 0, "good"], ..., "flag", "grades[0].good"),
        (["vetoes", 0, "grade"], "差", "choice", "vetoes[0].grade"),
        (["vetoes", 0, "kind"], "other", "choice", "vetoes[0].kind"),
        (["vetoes", 1, "code"], "absent", "duplicate", "vetoes"),
        (["bonus", 1, "code"], "model", "duplicate", "bonus"),
        (["bonus"], "none", "list", "bonus"),
    ],
)
def test_every_fault_is_named_by_its_path(path, value, code, where):
    with pytest.raises(InvalidInput) as refusal:
        parse_rubric(_set(rubric_mapping(), path, value))
    assert (refusal.value.code, refusal.value.where) == (f"rubric.{code}", where)
    assert "%(" not in refusal.value.message


def test_sections_must_sum_to_a_hundred_even_when_each_is_sound():
    mapping = _set(rubric_mapping(), ["sections", 2], section("c", "60.01", item("c1", "60.01")))
    with pytest.raises(InvalidInput) as refusal:
        parse_rubric(mapping)
    assert (refusal.value.code, refusal.value.where) == ("rubric.sum", "sections")
    assert "100.01" in refusal.value.message


def test_not_a_mapping_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        parse_rubric(["x"])
    assert refusal.value.where == "/"


def test_without_vetoes_and_bonus():
    rubric = parse_rubric(_set(_set(rubric_mapping(), ["vetoes"], ...), ["bonus"], ...))
    assert (rubric.vetoes, rubric.bonus) == ((), ())


def test_indicator_rubric_has_grades_and_no_points():
    rubric = parse_rubric(indicator_mapping())
    assert rubric.core == ("meeting", "reading", "opinion", "hearing")
    assert [s.code for s in rubric.sections if s.na] == ["hearing", "reports"]
    with pytest.raises(InvalidInput) as refusal:
        parse_rubric(_set(indicator_mapping(), ["sections", 0, "points"], "5"))
    assert refusal.value.code == "rubric.indicator_items"
    with pytest.raises(InvalidInput) as refusal:
        parse_rubric(_set(indicator_mapping(), ["grades", 2], ...))
    assert refusal.value.code == "rubric.indicator_grades"


def test_grade_named():
    rubric = parse_rubric(rubric_mapping())
    assert rubric.grade_named("合格").order == 2
    with pytest.raises(InvalidInput, match="差"):
        rubric.grade_named("差")


def test_show_has_the_keys_of_the_design():
    shown: Any = rubric_show(
        parse_rubric(
            _set(rubric_mapping(), ["sections", 2], section("c", "60", item("c1", "59.5"), item("c2", "0.5")))
        )
    )
    assert {"code", "version", "method", "grades", "sections", "vetoes", "bonus"} <= set(shown)
    assert shown["grades"][0] == {"name": "优秀", "name_en": "Excellent", "minimum": 90, "good": True}
    assert {"code", "title", "title_en", "points", "items"} <= set(shown["sections"][0])
    assert shown["sections"][2]["items"] == [
        {"code": "c1", "title": "项c1", "title_en": "Item c1", "points": 59.5, "na": False},
        {"code": "c2", "title": "项c2", "title_en": "Item c2", "points": 0.5, "na": False},
    ]
    assert shown["vetoes"][2] == {
        "code": "money",
        "title": "收钱",
        "title_en": "Money",
        "kind": "conduct",
        "grade": "不合格",
    }
    assert shown["bonus"][0]["points"] == 3


KEYS = {
    "*/*/*": "general@1",
    "criminal/*/*": "crime@1",
    "*/defence/trial": "defended@1",
    "criminal/defence/trial": "trial@1",
    "*/defence/*": "d@1",
}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (("criminal", "defence", "trial"), "trial@1"),
        (("criminal", "defence", "appeal"), "crime@1"),  # one part each: the case type comes first
        (("civil", "defence", "trial"), "defended@1"),
        (("civil", "defence", "appeal"), "d@1"),
        (("civil", "representation", "none"), "general@1"),
    ],
)
def test_the_most_specific_key_wins_in_any_order(case, expected):
    for keys in (KEYS, dict(reversed(KEYS.items()))):
        assert resolve_rubric(keys, case_type=case[0], aid_form=case[1], stage=case[2]) == expected


def test_unresolved_and_malformed_keys_are_refused():
    with pytest.raises(InvalidInput) as refusal:
        resolve_rubric({"criminal/*/*": "x@1"}, case_type="civil", aid_form="a", stage="b")
    assert refusal.value.code == "rubric.unresolved"
    for key in ("criminal", "a//c"):
        with pytest.raises(InvalidInput) as refusal:
            resolve_rubric({key: "x@1"}, case_type="a", aid_form="b", stage="c")
        assert refusal.value.code == "rubric.key"


def test_hundredths_are_exact():
    assert [hundredths(t) for t in ("0.29", "1.15", "-3", "100.00", "1e1")] == [29, 115, -300, 10000, 1000]
    for text in ("x", "0.001", "NaN", "Infinity", ""):
        with pytest.raises(InvalidInput):
            hundredths(text)
    assert [show_points(p) for p in (450, 2000, 5, -50, 0, 10001)] == [
        "4.5",
        "20",
        "0.05",
        "-0.5",
        "0",
        "100.01",
    ]
