"""What has to be recused since the deal is gone from the desk; the second checker, which shares no code, agrees."""

import pytest
from sqlalchemy import select, update

from qualityeval.core.codes import Role
from qualityeval.core.errors import NotFound
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, Expert, Practitioner, Provider, Round
from qualityeval.queries import recused, second_check, sheets
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, dealing
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories


@pytest.fixture
@kept
def desk(session):
    """A dealt round of two counties; the expert E0, a file of theirs, and its county."""
    root, counties = stories.bureau(cases=(20, 30))
    first, second = stories.managers(root)
    factories.create_experts(range(6))
    with transaction():
        firm, person = factories.handler("李四", "L-1", "正大律师事务所", now=NOW)
        audit.record(first, "case.people", now=NOW, object_type="case")
        db.session.execute(update(Case).values(provider_id=firm.id, practitioner_id=person.id))
    stories.drawn(first, second, stories.spec(root.code))
    with transaction():
        dealing.assign(actor=first, round_=round_queries.by_code_for(first, "R2026"), now=NOW)
    mine = select(Assignment).join(Expert).where(Expert.code == "E0").order_by(Assignment.id)
    line = db.session.execute(mine).scalars().first()
    return actor_of(factories.create_account(role=Role.EXPERT, expert_code="E0")), line, counties


def _county_of(line: Assignment) -> int:
    """The county of this very file, so that there is always something to step aside from."""
    return db.session.get_one(Case, line.sampled_case.frame_case.case_id).institution_id


@pytest.mark.arranging
@pytest.mark.parametrize("register", ["provider", "licence", "institution", "nothing"])
def test_the_desk_and_the_second_checker_agree(desk, register) -> None:
    me, line, _counties = desk
    public_id = line.public_id
    before = sheets.count_for(me)
    values = {
        "provider": {"provider": db.session.execute(select(Provider.name)).scalars().first()},
        "licence": {"licence": db.session.execute(select(Practitioner.licence)).scalars().first()},
        "institution": {"institution_id": _county_of(line)},
        "nothing": {"provider": "别的律师事务所", "licence": "L-9"},
    }[register]
    with transaction():
        db.session.execute(update(Expert).where(Expert.code == "E0").values(**values))
    round_ = db.session.execute(select(Round)).scalar_one()
    broken = {one.case for one in second_check.broken_rules(round_, region="county", provider=True)}
    gone = recused.lines_of("E0")
    keys = select(Assignment).where(Assignment.id.in_(gone))
    assert {one.sampled_case.frame_case.key for one in db.session.execute(keys).scalars()} == broken
    assert bool(gone) == (register != "nothing")
    assert sheets.count_for(me) == len(sheets.list_for(me)) == before - len(gone)
    if line.id in gone:
        with pytest.raises(NotFound):
            sheets.get_for(me, public_id)
