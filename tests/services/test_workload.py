"""A round that counts expected minutes: dealt evenly by them, shown and exported; one that doesn't says nothing."""

import pytest
from sqlalchemy import func, insert, select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, CaseFile, Expert, FrameCase, SampledCase, StoredFile
from qualityeval.queries import assignments, workload
from qualityeval.queries import rounds as round_queries
from qualityeval.services import deal_preview, dealing
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories

MINUTES = "workload: {unit: minutes, base: 20, per_page: 0.5, by_type: {criminal: 10}}\n"


def _drawn(session, more):
    root, _counties = stories.bureau(cases=(20, 30))
    first, second = stories.managers(root)
    factories.create_experts(range(10))
    stories.drawn(first, second, stories.spec(root.code) + more)
    return round_queries.by_code_for(first, "R2026")


pytestmark = pytest.mark.arranging  # papers and a sheet are put there by hand


@pytest.fixture
@kept
def round_(session):
    return _drawn(session, MINUTES)


def _papers(round_, pages):
    """The drawn cases in the order of their keys get a paper of so many pages, and one that was taken out again."""
    rows = db.session.execute(
        select(FrameCase.case_id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
        .order_by(FrameCase.key)
    ).scalars()
    stored = db.session.execute(
        insert(StoredFile)
        .values(
            name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, purpose="paper", created_at=NOW,
            public_id="p" * 20,
        )
        .returning(StoredFile.id)
    ).scalar_one()  # fmt: skip
    same = {
        "volume": "undertaker", "code": "x", "position": 1, "file_id": stored, "sha256": "0" * 64, "kind": "pdf",
        "added_at": NOW, "has_text_layer": False, "findings": [], "added_after_draw": False,
    }  # fmt: skip
    papers = [
        {**same, "case_id": case, "pages": number, "removed_at": gone, "public_id": f"{case:010}{number:010}"}
        for case, count in zip(list(rows), pages, strict=False)
        for number, gone in ((count, None), (999, NOW))
    ]
    db.session.execute(insert(CaseFile), papers)


def _deal(round_):
    with transaction():
        dealing.assign(
            actor=COMMAND_LINE, round_=round_queries.by_code_for(COMMAND_LINE, round_.code), now=NOW
        )
    return round_queries.by_code_for(COMMAND_LINE, round_.code)


def test_minutes_are_evened_told_and_exported(round_):
    with transaction():
        _papers(round_, [10, 400, 30, 83, 200, 12, 300, 40, 90, 20, 150])
    with transaction():
        tried = deal_preview.preview(
            actor=COMMAND_LINE, round_=round_queries.by_code_for(COMMAND_LINE, "R2026"), now=NOW
        )
    plain, even = tried.minutes
    fresh = _deal(round_)
    status = round_queries.status(fresh)["assignment"]
    assert (status["load_min"], status["load_max"], status["violations"], status["components"]) == (
        3,
        3,
        0,
        1,
    )
    # every case of the world is criminal: 20 + 0.5 × pages + 10; without papers 60 pages stand for them
    each = list(workload.by_key(fresh).values())
    by_hand = [35, 230, 45, 72, 130, 36, 180, 50, 75, 40, 105, 60, 60, 60, 60]
    assert sorted(each) == sorted(by_hand)
    assert status["minutes_mean"] == 248  # 2 × 1,238 over ten experts
    assert (status["minutes_min"], status["minutes_max"]) == (even.least, even.most)
    assert even.most - even.least < plain.most - plain.least
    assert workload.headings(fresh) == ("case", "expert", "slot", "state", "minutes")


def test_an_expert_is_told_what_is_left(round_):
    fresh = _deal(round_)
    expert = db.session.execute(select(Expert).order_by(Expert.code)).scalars().first()
    actor = stories.actor_of(factories.create_account(role=Role.EXPERT, expert_code=expert.code))
    assert workload.minutes_left(actor) == 3 * 60  # three files without papers
    with transaction():
        one = select(func.min(Assignment.id)).where(Assignment.expert_id == expert.id).scalar_subquery()
        db.session.execute(update(Assignment).where(Assignment.id == one).values(state="submitted"))
    assert workload.minutes_left(actor) == 2 * 60
    assert fresh.plan
    assert '"workload":{"base":20' in fresh.plan


def test_a_round_in_files_says_nothing_of_minutes(session):
    round_ = _drawn(session, "")
    fresh = _deal(round_)
    status = round_queries.status(fresh)["assignment"]
    assert not [name for name in status if name.startswith("minutes")]
    assert "workload" not in str(fresh.plan)
    assert workload.headings(fresh) == ("case", "expert", "slot", "state")
    assert workload.by_key(fresh) == {}
    assert len(list(assignments.rows_of(fresh))) == 30
