"""Sheets at the same moment, and an arbitrator beside readers who have left.

The other press is imitated by a bare SQL statement after our read: what READ COMMITTED lets through.
"""

import pytest
from sqlalchemy import event, select, text, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.errors import Stale, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, Expert
from qualityeval.queries import assignments as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, dealing, recusal_check, scoring
from qualityeval.services.bench import Bench
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import chain, stories


@pytest.fixture
@kept
def dealt(session):
    """A round of 2 drawn cases, two readers each."""
    root, _ = stories.bureau(cases=(4,))
    stories.drawn(*stories.managers(root), stories.spec(root.code))
    factories.create_experts(range(4), provider="律所{}")
    with transaction():
        round_ = round_queries.by_code_for(COMMAND_LINE, "R2026")
        dealing.assign(actor=COMMAND_LINE, round_=round_, now=NOW)


def first_line() -> tuple[int, object]:
    line = db.session.execute(select(Assignment).join(Expert).order_by(Assignment.id)).scalars().first()
    account = factories.create_account(role=Role.EXPERT, expert_code=line.expert.code)
    return line.id, actor_of(account)


def test_a_doubled_submission_is_refused_in_words(dealt) -> None:
    id_, expert = first_line()
    with transaction():
        scoring.submit_sheet(
            actor=expert, assignment=db.session.get_one(Assignment, id_), content=chain.content(90), now=NOW
        )
    with transaction() as inside:
        inside.execute(text("UPDATE assignment SET state = 'dealt'"))  # as our page had read it
        line = inside.get_one(Assignment, id_, populate_existing=True)
        inside.execute(text("UPDATE assignment SET state = 'submitted'"))
        with pytest.raises(WrongState) as refusal:
            scoring.submit_sheet(actor=expert, assignment=line, content=chain.content(90), now=NOW)
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="assignment")
    assert refusal.value.code == "sheet.submitted"


def test_the_first_save_of_two_pages_at_once_is_stale_not_a_crash(dealt) -> None:
    id_, expert = first_line()

    def other_page_saves(session, *_) -> None:
        session.execute(
            text(
                "INSERT INTO sheet_draft (assignment_id, content, saved_at, version)"
                " VALUES (:id, '{}', '2026-11-25 02:00:00+00:00', 1)"
            ),
            {"id": id_},
        )

    with pytest.raises(Stale), transaction():
        line = db.session.get_one(Assignment, id_)
        event.listen(db.session(), "before_flush", other_page_saves, once=True)
        scoring.save_draft(actor=expert, assignment=line, content=chain.content(90), seen_version=0, now=NOW)


def test_a_colleague_of_a_reader_who_left_is_not_drawn_as_arbitrator(dealt) -> None:
    id_, _ = first_line()
    sampled = db.session.get_one(Assignment, id_).sampled_case_id
    with transaction():
        db.session.execute(update(Expert).values(active=False))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    round_ = round_queries.by_code_for(COMMAND_LINE, "R2026")
    readers = {expert for _slot, expert in queries.readers_of(round_, only=sampled)[sampled]}
    firms = db.session.execute(select(Expert.provider).where(Expert.id.in_(readers))).scalars().all()
    for number, firm in enumerate(firms):
        factories.create_expert(code=f"N{number}", provider=firm)
    round_ = round_queries.by_code_for(COMMAND_LINE, "R2026")
    assert Bench(round_, now=NOW).draw(sampled) is None


def test_recusal_is_checked_again_at_every_save(dealt) -> None:
    """The register says since the deal that the case was handled in the expert's own firm."""
    id_, expert = first_line()
    line = db.session.get_one(Assignment, id_)
    content = chain.content(90)
    with transaction():
        line = db.session.get_one(Assignment, id_)
        scoring.save_draft(actor=expert, assignment=line, content=content, seen_version=0, now=NOW)
    with transaction() as inside:
        firm, _ = factories.handler("李律师", "", line.expert.provider, now=NOW)
        inside.execute(update(Case).values(provider_id=firm.id))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="case")
    for write, more in ((scoring.save_draft, {"seen_version": 1}), (scoring.submit_sheet, {})):
        with pytest.raises(recusal_check.Recused), transaction():
            again = db.session.get_one(Assignment, id_)
            write(actor=expert, assignment=again, content=content, now=NOW, **more)
