"""The shipped rubrics have the points of the trade's sheets and can be filled in at every stage."""

import pytest

from qualityeval.adapters.rubric_files import CODES, read_rubric, shipped, shipped_rubric, shipped_text
from qualityeval.core.errors import NotFound
from qualityeval.core.scoring import Mark, total

# Indicator points in sheet order: pages 7.2-7.8 of the domain notes; the last three are our own
# derivations of 7.4 and 7.5 (decision record on the shipped rubrics).
POINTS = {
    "criminal-investigation": [6, 30, 12, 10, 22, 8, 5, 7],
    "criminal-prosecution": [5, 22, 18, 7, 28, 7, 5, 3, 5],
    "criminal-trial": [5, 20, 15, 8, 22, 14, 5, 4, 7],
    "civil": [6, 14, 14, 18, 18, 14, 6, 4, 6],
    "administrative": [6, 10, 18, 18, 18, 14, 6, 4, 6],
    "labour-arbitration": [6, 14, 18, 18, 10, 18, 6, 4, 6],
    "nonlitigation": [6, 16, 20, 14, 20, 10, 6, 3, 5],
    "duty-lawyer": [10, 20, 15, 15, 10, 20, 10],
    "criminal-representation": [5, 18, 15, 10, 22, 14, 5, 4, 7],
    "criminal-appeal": [5, 16, 18, 8, 27, 10, 5, 4, 7],
    "enforcement": [6, 12, 18, 20, 16, 12, 6, 4, 6],
}
TRIAL_ITEMS = {"meeting": [6, 6, 8], "file-reading": [4, 6, 5], "opinion": [4, 8, 5, 5], "hearing": [4, 5, 5]}
WHOLE_SECTIONS_NA = {
    "criminal-prosecution": {"evidence-gathering", "plea"},
    "criminal-trial": {"evidence-gathering"},
    "criminal-representation": {"evidence-gathering", "hearing"},
    "criminal-appeal": {"evidence-gathering", "hearing"},
    "enforcement": {"settlement"},
    "duty-lawyer": {"file-reading", "plea"},
}


def test_all_eleven_are_there_with_their_points():
    assert {rubric.code for rubric in shipped()} == set(CODES) == set(POINTS)
    for rubric in shipped():
        assert [s.points for s in rubric.sections] == [100 * p for p in POINTS[rubric.code]], rubric.code
        assert {s.code for s in rubric.sections if s.na} == WHOLE_SECTIONS_NA.get(rubric.code, set())


def test_items_of_the_trial_sheet():
    trial = shipped_rubric("criminal-trial@1")
    for code, points in TRIAL_ITEMS.items():
        section = next(s for s in trial.sections if s.code == code)
        assert [item.points for item in section.items] == [100 * p for p in points]
    assert trial.core == ("meeting", "file-reading", "opinion", "hearing")


@pytest.mark.parametrize("rubric", shipped(), ids=lambda r: r.code)
def test_every_sheet_is_whole_and_helps_the_expert(rubric):
    full = {code: Mark(earned=item.points) for code, item in rubric.by_item.items()}
    assert total(rubric, full).total == 10000
    assert [(g.name, g.minimum, g.good) for g in rubric.grades] == [
        ("优秀", 9000, True), ("良好", 8000, True), ("合格", 6000, False), ("不合格", 0, False),
    ]  # fmt: skip
    assert rubric.bonus_cap == 500
    assert {v.kind for v in rubric.vetoes} == {"file", "conduct"}
    assert {v.code for v in rubric.vetoes if v.kind == "conduct"} >= {"took-money", "forged-paper"}
    for item in rubric.by_item.values():
        assert [name for name, _text in item.anchors] == ["full", "half", "none"]
        assert item.phrases
        assert all(p.points % 50 == 0 for p in item.phrases)


@pytest.mark.parametrize("rubric", [r for r in shipped() if r.code != "duty-lawyer"], ids=lambda r: r.code)
def test_all_that_may_be_left_out_still_leaves_a_valid_sheet(rubric):
    marks = {
        c: Mark(na=True, reason="不适用") if i.na else Mark(earned=i.points)
        for c, i in rubric.by_item.items()
    }
    assert total(rubric, marks).total == 10000


def test_a_duty_lawyer_before_the_prosecution_stage_without_a_plea_can_be_scored():
    # reading (15) and two of the plea items (12) don't apply: 73 of 100 are left
    rubric = shipped_rubric("duty-lawyer@1")
    left_out = {"file-read", "key-points-noted", "plea-opinion", "plea-present"}
    marks = {
        c: Mark(na=True, reason="侦查阶段") if c in left_out else Mark(earned=i.points)
        for c, i in rubric.by_item.items()
    }
    assert (total(rubric, marks).covered, total(rubric, marks).total) == (7300, 10000)


def test_named_and_missing():
    assert read_rubric(shipped_text("civil")) == shipped_rubric("civil@1")
    assert shipped() is shipped()
    for wrong in ("civil@2", "other@1"):
        with pytest.raises(NotFound):
            shipped_rubric(wrong)
    with pytest.raises(NotFound):
        shipped_text("../../config")
