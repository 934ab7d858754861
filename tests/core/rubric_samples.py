"""Small rubrics made for the tests of core, with round figures that a person can follow."""

from typing import Any

GRADES = [
    {"name": "优秀", "name_en": "Excellent", "minimum": "90", "good": True},
    {"name": "良好", "name_en": "Good", "minimum": "80", "good": True},
    {"name": "合格", "name_en": "Pass", "minimum": "60", "good": False},
    {"name": "不合格", "name_en": "Fail", "minimum": "0", "good": False},
]
VETOES = [
    {"code": "absent", "title": "缺席", "title_en": "Absent", "kind": "file", "grade": "不合格"},
    {"code": "late", "title": "迟延", "title_en": "Late", "kind": "file", "grade": "合格"},
    {"code": "money", "title": "收钱", "title_en": "Money", "kind": "conduct", "grade": "不合格"},
]
BONUS = [
    {"code": "model", "title": "典型", "title_en": "Model", "points": "3"},
    {"code": "adopted", "title": "采纳", "title_en": "Adopted", "points": "4"},
]


def item(code: str, points: str, *, na: bool = False) -> dict[str, Any]:
    return {"code": code, "title": f"项{code}", "title_en": f"Item {code}", "points": points, "na": na}


def section(code: str, points: str, *items: dict[str, Any], core: bool = False) -> dict[str, Any]:
    return {
        "code": code,
        "title": f"指标{code}",
        "title_en": code,
        "points": points,
        "core": core,
        "items": list(items),
    }


def rubric_mapping(**changes: Any) -> dict[str, Any]:
    """Sections of 20 (6+6+8), 20 (all N/A-able, 12+8) and 60 (one item)."""
    return {
        "code": "sample",
        "version": "1",
        "title": "样例",
        "title_en": "Sample",
        "method": "points",
        "grades": [dict(grade) for grade in GRADES],
        "sections": [
            section("a", "20", item("a1", "6"), item("a2", "6"), item("a3", "8", na=True), core=True),
            section("b", "20", item("b1", "12", na=True), item("b2", "8", na=True)),
            section("c", "60", item("c1", "60")),
        ],
        "vetoes": [dict(veto) for veto in VETOES],
        "bonus": [dict(extra) for extra in BONUS],
    } | changes


def indicator_mapping() -> dict[str, Any]:
    """Four core indicators (the hearing may be N/A) and three others (one may be N/A)."""
    names = [
        ("meeting", True, False),
        ("reading", True, False),
        ("opinion", True, False),
        ("hearing", True, True),
    ]
    names += [("notices", False, False), ("reports", False, True), ("archive", False, False)]
    sections = [
        {"code": code, "title": code, "title_en": code, "core": core, "na": na} for code, core, na in names
    ]
    return rubric_mapping(method="indicator", sections=sections)


def cut_off_mapping(method: str) -> dict[str, Any]:
    """Five grades with cut-offs of their own, items so fine that every hundredth of a total can be reached."""
    grades = [
        {"name": name, "name_en": name, "minimum": minimum, "good": name in "一二"}
        for name, minimum in zip("一二三四五", ("96.5", "85.25", "70", "60.01", "0"), strict=True)
    ]
    points = ("62.5", "25", "6.25", "3.75", "1.25", "0.75", "0.25", "0.1", "0.1", "0.05")
    items = [item(f"i{number}", text) for number, text in enumerate(points)]
    vetoes = [veto | {"grade": "五"} for veto in VETOES]
    sections = [section("all", "100", *items, core=True)]
    return rubric_mapping(method=method, grades=grades, sections=sections, vetoes=vetoes)
