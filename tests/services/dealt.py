"""A dealt round with people to act on it, for tests of answers and interests."""

from dataclasses import dataclass

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, Expert, Round
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import second_check
from qualityeval.queries.accounts import actor_of
from qualityeval.services import dealing
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories


@dataclass(frozen=True)
class Dealt:
    """Two managers and the experts E0… of a round R2026 that has just been dealt."""

    first: Actor
    second: Actor
    me: Actor

    @property
    def round_(self) -> Round:
        return round_queries.by_code_for(self.first, "R2026")

    def lines(self, code: str = "E0") -> list[Assignment]:
        query = select(Assignment).join(Expert).where(Expert.code == code).order_by(Assignment.id)
        return list(db.session.execute(query).scalars())

    def case(self, line: Assignment) -> Case:
        return db.session.get_one(Case, line.sampled_case.frame_case.case_id)

    def expert(self, code: str = "E0") -> Expert:
        return db.session.execute(select(Expert).where(Expert.code == code)).scalar_one()

    def broken(self) -> set[tuple[str, str, str]]:
        found = second_check.broken_rules(self.round_, region="county", provider=True)
        return {(one.case, one.expert, one.rule) for one in found}


@kept
def dealt_round(*, experts: int = 6, cases: tuple[int, ...] = (12, 16)) -> Dealt:
    root, _counties = stories.bureau(cases=cases)
    first, second = stories.managers(root)
    factories.create_experts(range(experts))
    stories.drawn(first, second, stories.spec(root.code))
    with transaction():
        dealing.assign(actor=first, round_=round_queries.by_code_for(first, "R2026"), now=NOW)
    return Dealt(first, second, actor_of(factories.create_account(role=Role.EXPERT, expert_code="E0")))
