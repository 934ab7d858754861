"""A preview is the deal itself, taken back; limits of meeting hold and are checked twice; on both databases."""

import pytest
from sqlalchemy import func, select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import NotAllowed, NotFound
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, AuditEvent, Expert
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import second_check
from qualityeval.services import audit, deal_preview, dealing
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories


@kept
def drawn_round(more: str = "", experts: int = 6):
    root, _counties = stories.bureau(cases=(8, 8))
    first, second = stories.managers(root)
    factories.create_experts(range(experts))
    stories.drawn(first, second, stories.spec(root.code) + more)
    return first


def the_round(actor):
    return round_queries.by_code_for(actor, "R2026")


def preview(actor):
    with transaction():
        return deal_preview.preview(actor=actor, round_=the_round(actor), now=NOW)


def test_the_preview_is_what_is_dealt_and_leaves_nothing(session) -> None:
    first = drawn_round()
    events = db.session.execute(select(func.count()).select_from(AuditEvent)).scalar_one()
    found = preview(first)
    assert db.session.execute(select(func.count()).select_from(Assignment)).scalar_one() == 0
    assert db.session.execute(select(func.count()).select_from(AuditEvent)).scalar_one() == events
    assert (the_round(first).state, found.unfilled, found.causes) == ("called_in", (), ())
    assert (found.slots, found.filled, found.new) == (
        12,
        12,
        12,
    )  # 27.7 % of 8 and 8, rounded up: 3 + 3 files
    assert (found.load_min, found.load_max, found.components) == (2, 2, 1)
    with pytest.raises(dealing.Changed), transaction():
        dealing.assign(actor=first, round_=the_round(first), now=NOW, seen="0" * 64)
    with transaction():
        dealing.assign(actor=first, round_=the_round(first), now=NOW, seen=found.digest)
        assert dealing.digest_of(the_round(first)) == found.digest


def test_what_stays_open_is_told_by_the_cap_that_starves_it(session) -> None:
    first = drawn_round()
    with transaction():
        db.session.execute(update(Expert).values(cap=1))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    (cause,) = preview(first).causes
    assert (cause.cut.rule, cause.cut.demand, cause.cut.room, cause.cut.missing) == ("full", 12, 6, 6)
    assert cause.full == ("E0", "E1", "E2", "E3", "E4", "E5")
    assert dict(cause.reasons)["full"] >= 5  # one may read the case already
    stranger, _ = stories.managers(factories.create_institution())
    with pytest.raises((NotAllowed, NotFound)), transaction():
        deal_preview.preview(actor=stranger, round_=the_round(first), now=NOW)


def test_nobody_meets_an_institution_more_often_than_planned(session) -> None:
    first = drawn_round("meetings: {institution: 1}\n", 5)
    found = preview(first)
    # two institutions, five experts, each meets each once: 10 of 12
    assert (found.filled, [one.cut.rule for one in found.causes]) == (10, ["meetings", "meetings"])
    with transaction():
        dealing.assign(actor=first, round_=the_round(first), now=NOW)
    assert checked(first) == set()
    with transaction() as session_:
        line = session_.execute(select(Assignment).order_by(Assignment.id)).scalars().first()
        taken = select(Assignment.sampled_case_id).where(Assignment.expert_id == line.expert_id)
        other = session_.execute(
            select(Assignment)
            .where(Assignment.sampled_case_id.not_in(taken), Assignment.expert_id != line.expert_id)
            .order_by(Assignment.id)
        ).scalars().first()  # fmt: skip
        other.expert_id = line.expert_id
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    assert "meetings" in checked(first)


def checked(actor) -> set[str]:
    return {one.rule for one in second_check.broken_rules(the_round(actor), region="county", provider=True)}
