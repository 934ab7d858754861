"""Rounds brought to a state by the services themselves, for tests that begin later in the story."""

from datetime import date

from qualityeval.authz import Actor
from qualityeval.core.codes import Role
from qualityeval.database import transaction
from qualityeval.models import Institution, Round
from qualityeval.queries import rounds as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import freezing, rounds, sampling, seeds
from tests import factories
from tests.factories import NOW
from tests.kept import kept

TODAY = date(2026, 11, 25)
SPEC = """\
code: {code}
title: 2026年度案件质量评估
institution: "{institution}"
kind: peer
population: {{by: closed, from: 2026-01-01, to: 2026-12-31}}
strata: [institution]
rates: {{default: 27.7%, minimum: 2}}
seed: {{source: {source}}}
call_in: {call_in}
rubrics: {{criminal/*/*: criminal-trial@1, "*/*/*": civil@1}}
"""


def spec(institution: str, *, code: str = "R2026", source: str = "dice", call_in: str = "none") -> str:
    """A specification that walks from create to draw."""
    return SPEC.format(code=code, institution=institution, source=source, call_in=call_in)


@kept
def bureau(*, cases: tuple[int, ...] = (5, 13)) -> tuple[Institution, list[Institution]]:
    """A root with counties below it, each with so many closed cases."""
    root = factories.create_institution(level="province")
    counties = [factories.create_institution(parent=root) for _ in cases]
    for county, count in zip(counties, cases, strict=True):
        numbers = [f"2026-{number:04d}" for number in range(count)]
        factories.create_cases(institution=county, numbers=numbers)
    return root, counties


def managers(institution: Institution) -> tuple[Actor, Actor]:
    """Two managers of one body."""
    first, second = (factories.create_account(role=Role.MANAGER, institution=institution) for _ in range(2))
    return actor_of(first), actor_of(second)


def draft(actor: Actor, text: str) -> Round:
    """A new draft round."""
    with transaction():
        made = rounds.create_round(actor=actor, spec_text=text, now=NOW)
        code = made.code
    return queries.by_code_for(actor, code)


def frozen(actor: Actor, text: str) -> Round:
    """A round with its plan published."""
    round_ = draft(actor, text)
    with transaction():
        freezing.freeze(actor=actor, round_=queries.by_code_for(actor, round_.code), now=NOW)
    return queries.by_code_for(actor, round_.code)


def typed(actor: Actor, round_: Round, public: str | None, *, today: date = TODAY) -> str:
    """One typing; its outcome."""
    with transaction():
        return seeds.type_seed(
            actor=actor, round_=queries.by_code_for(actor, round_.code), public=public, now=NOW, today=today
        ).state


def seeded(first: Actor, second: Actor, text: str, public: str = "31415926535897932384") -> Round:
    """A round whose seed two managers typed."""
    round_ = frozen(first, text)
    typed(first, round_, public)
    typed(second, round_, public)
    return queries.by_code_for(first, round_.code)


def drawn(first: Actor, second: Actor, text: str) -> Round:
    """A round with its sample."""
    round_ = seeded(first, second, text)
    with transaction():
        sampling.draw_sample(actor=first, round_=queries.by_code_for(first, round_.code), now=NOW)
    return queries.by_code_for(first, round_.code)
