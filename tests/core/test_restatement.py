"""Versions of published figures: what differs, and what an outsider can check."""

import json

import pytest

from qualityeval.core.digests import content_digest
from qualityeval.core.restatement import changed_lines, check_versions, published, version_text


def line(good, fair, code="", **more):
    n = good + fair
    return {
        "code": code, "name": f"机构{code}", "n": n, "N": 40, "grades": {"良好": good, "合格": fair},
        "good_rate": good / n, "interval": [0.1, 0.9], "suppressed": False, **more,
    }  # fmt: skip


def figures(*institutions):
    good = sum(one["grades"]["良好"] for one in institutions if one["grades"])
    n = sum(one["n"] for one in institutions)
    return {"overall": line(good, n - good), "institutions": list(institutions)}


SMALL = {
    "code": "C",
    "name": "机构C",
    "n": 3,
    "N": 9,
    "grades": None,
    "good_rate": None,
    "interval": None,
    "suppressed": True,
}
FIRST = figures(line(9, 1, "A"), line(20, 0, "B"))
SECOND = figures(line(8, 2, "A"), line(20, 0, "B"))


def version(number, now, before=None, earlier="", **more):
    fields = {"code": "R1", "issued_at": "2026-11-25", "reason": "复查", "cases": 1, **more}
    return version_text(number=number, figures=now, before=before, earlier=earlier, **fields).encode()


def test_only_what_differs_is_listed_with_both_values():
    found = changed_lines(FIRST, SECOND)
    assert {one["table"] for one in found} == {"overall", "institutions"}
    assert {one["code"] for one in found if one["table"] == "institutions"} == {"A"}
    assert [(one["figure"], one["before"], one["after"]) for one in found if one["code"] == "A"] == [
        ("grades.合格", 1, 2), ("grades.良好", 9, 8), ("good_rate", 0.9, 0.8),
    ]  # fmt: skip


def test_the_spread_of_marks_is_compared_too():
    before, after = ({**FIRST, "marks": {"median": median, "n": 30}} for median in (85.0, 84.5))
    assert [(one["table"], one["figure"], one["after"]) for one in changed_lines(before, after)] == [
        ("marks", "median", 84.5)
    ]


def test_a_withheld_group_says_nothing_in_the_list():
    before, after = ({**one, "institutions": [*one["institutions"], SMALL]} for one in (FIRST, SECOND))
    assert "C" not in {one["code"] for one in changed_lines(before, after)}


def test_both_versions_stand():
    one = version(1, FIRST)
    two = version(2, SECOND, FIRST, content_digest(one))
    for files in ([one], [two], [one, two]):
        checks = check_versions(files)
        assert all(check.ok for check in checks), [check.detail for check in checks]
    assert [check.name for check in check_versions([one, two])] == [
        "readable", "first", "sums", "readable", "follows", "changes", "sums",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        (lambda two: {**two, "earlier": "0" * 64}, "follows"),
        (lambda two: {**two, "version": 3}, "follows"),
        (lambda two: {**two, "code": "R2"}, "follows"),
        (lambda two: {**two, "changes": two["changes"][1:]}, "changes"),
        (lambda two: {**two, "figures": figures(line(7, 2, "A"), line(20, 0, "B", n=21))}, "sums"),
    ],
)
def test_a_version_that_was_altered_is_told(change, failing):
    one = version(1, FIRST)
    two = json.loads(version(2, SECOND, FIRST, content_digest(one)))
    checks = check_versions([one, json.dumps(change(two)).encode()])
    assert failing in {check.name for check in checks if not check.ok}


@pytest.mark.parametrize("file", [b"", b"[]", b"{}", b'{"version": 1}', b"\xff"])
def test_what_is_no_version_is_said(file):
    (check,) = check_versions([file])
    assert (check.name, check.ok) == ("readable", False)


def test_nothing_about_experts_is_published():
    assert published({"overall": {}, "severity": [1], "variance": {}}) == {"overall": {}}
