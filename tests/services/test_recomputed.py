"""TE8: from the rubric as it was frozen and the marks as they were handed in, every stored figure once more."""

import hashlib
import json
from fractions import Fraction

import pytest
from sqlalchemy import select

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput
from qualityeval.core.rubric_reading import parse_rubric
from qualityeval.core.scoring import half_up
from qualityeval.core.sheet import judge, read_content
from qualityeval.database import db
from qualityeval.models import CaseResult, RubricVersion, Sheet
from qualityeval.services.rubric_versions import store_rubrics
from tests import factories
from tests.factories import NOW
from tests.web.review_world import review_world


@pytest.fixture
def world(app, session):
    made = review_world(app)
    made.bring({"1": 90, "2": 80})
    return made


def test_totals_grades_and_results_are_those_of_the_frozen_rubric(world):
    kept = {f"{one.code}@{one.version}": one for one in db.session.execute(select(RubricVersion)).scalars()}
    rubrics = {key: parse_rubric(load_text(one.text)) for key, one in kept.items()}
    sheets = db.session.execute(select(Sheet)).scalars().all()
    assert sheets
    totals: dict[int, list[int]] = {}
    for sheet in sheets:
        judged = judge(rubrics[sheet.rubric], read_content(sheet.content, rubrics[sheet.rubric]))
        assert (judged.score.total, judged.grade.name) == (sheet.total, sheet.grade)
        totals.setdefault(sheet.assignment.sampled_case_id, []).append(sheet.total)
    results = db.session.execute(select(CaseResult).where(CaseResult.step == "first")).scalars().all()
    assert results
    for result in results:
        given = totals[result.sampled_case_id]
        assert result.total == half_up(Fraction(sum(given), len(given)))
    digests = json.loads(world.round().plan)["rubric_digests"]
    assert {key: hashlib.sha256(one.text.encode()).hexdigest() for key, one in kept.items()} == digests


@pytest.mark.arranging
def test_another_text_under_a_version_in_use_is_refused(session, monkeypatch):
    place = factories.create_institution()
    store_rubrics({"criminal-trial@1"}, institution=place, now=NOW)
    monkeypatch.setattr("qualityeval.services.rubric_versions.shipped_text", lambda code: code)
    with pytest.raises(InvalidInput, match=r"rubric\.changed"):
        store_rubrics({"criminal-trial@1"}, institution=place, now=NOW)
