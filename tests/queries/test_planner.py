"""The planner's counts are what a freeze of this moment fixes; the number of statements doesn't grow."""

import functools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.consensus import ConsensusRule
from qualityeval.core.errors import InvalidInput, NotAllowed
from qualityeval.core.planner import counted
from qualityeval.database import db, transaction
from qualityeval.queries import planner
from qualityeval.services import audit, framing
from qualityeval.services.rounds import read_spec
from tests import factories
from tests.kept import kept
from tests.services import stories

SALT = "0" * 64
SPEC = """\
code: {code}
title: 季度评估
institution: "{institution}"
population:
  by: closed
  from: 2026-03-01
  to: 2026-12-31
  where: {{status: [closed, terminated]}}
  exclude: [{{when: {{status: terminated}}, reason: 终止}}]
strata: [{strata}]
rates: {{default: 20%, minimum: 1}}
series: {series}
seed: {{source: machine}}
call_in: none
rubrics: {{"*/*/*": civil@1}}
"""


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
@kept
def register(session):
    root, (first, second) = stories.bureau(cases=(0, 0))
    kinds = [("criminal", "defence", "trial"), ("civil", "representation", "none")]
    with transaction():
        provider, practitioner = factories.handler("张三", "L1", "甲所", now=factories.NOW)
        audit.record(COMMAND_LINE, "cases.imported", now=factories.NOW, object_type="case")
        ids = provider.id, practitioner.id
    for number in range(24):
        case_type, aid_form, stage = kinds[number % 2]
        factories.create_case(
            institution=(first, second)[number % 3 == 0], number=f"N{number:02d}", case_type=case_type,
            aid_form=aid_form, stage=stage, status="terminated" if number % 8 == 5 else "closed",
            closed_on=date(2026, 1 + number % 12, 3), series="S1" if number in (4, 6, 10) else "",
            sealed=number == 7, provider_id=ids[0], practitioner_id=ids[1] if number % 2 else None,
            extra={"cost": str(number % 3)},
        )  # fmt: skip
    return root


@pytest.mark.parametrize(
    ("strata", "series"),
    [
        ("institution, month", "each"), ("case_type, stage, sealed", "one_per_series"),
        ("first_case, cost", "one_per_series"), ("provider, year", "each"),
    ],
)  # fmt: skip
def test_counts_are_those_of_a_freeze(register, strata, series):
    text = SPEC.format(code="P1", institution=register.code, strata=strata, series=series)
    round_ = stories.draft(COMMAND_LINE, text)
    spec = read_spec(text)
    planned = framing.plan_round(actor=COMMAND_LINE, round_=round_, salt=SALT)
    found = counted(spec, planner.combinations(COMMAND_LINE, round_, spec))
    frozen: Counter[tuple[str, ...]] = Counter()
    for kind, count in planned.counts.items():
        frozen[kind.strata] += count
    assert found.strata == frozen
    assert found.left_out() == planned.left_out.as_plan()
    foreseen = framing.foreseen(actor=COMMAND_LINE, round_=round_)
    assert (foreseen.sizes, foreseen.left_out) == (planned.sizes, found.left_out())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("strata: [month]", "strata: [hours]"), "spec.unknown_field"),
        (('"*/*/*": civil@1', "civil/*/*: civil@1"), "rubric.unresolved_cases"),
        (("from: 2026-03-01", "from: 2026-12-31"), "frame.empty"),
    ],
)
def test_what_a_freeze_would_refuse_is_foreseen(register, change, code):
    text = SPEC.format(code="P1", institution=register.code, strata="month", series="each").replace(*change)
    round_ = stories.draft(COMMAND_LINE, text)
    for ask in (framing.foreseen, functools.partial(framing.plan_round, salt=SALT)):
        with pytest.raises(InvalidInput) as refusal:
            ask(actor=COMMAND_LINE, round_=round_)
        assert refusal.value.code == code


def test_late_and_held_cases_are_counted_as_a_freeze_does(register):
    early = SPEC.format(code="E1", institution=register.code, strata="", series="each").replace(
        "from: 2026-03-01\n  to: 2026-12-31", "from: 2026-01-01\n  to: 2026-05-31"
    )
    stories.frozen(COMMAND_LINE, early)
    county = factories.create_institution(parent=register)
    factories.create_case(
        institution=county, number="late", closed_on=date(2026, 2, 1), status="closed",
        registered_at=factories.NOW.replace(month=12),
    )  # fmt: skip
    text = SPEC.format(code="P1", institution=register.code, strata="institution", series="each")
    round_, spec = stories.draft(COMMAND_LINE, text), read_spec(text)
    planned = framing.plan_round(actor=COMMAND_LINE, round_=round_, salt=SALT)
    found = counted(spec, planner.combinations(COMMAND_LINE, round_, spec))
    assert found.left_out() == planned.left_out.as_plan()
    assert (found.late, found.held > 0) == (1, True)


def test_more_strata_ask_no_more_of_the_database(register):
    text = SPEC.format(
        code="P1",
        institution=register.code,
        strata="institution, month, case_type, cost, provider",
        series="each",
    )
    round_, spec = stories.draft(COMMAND_LINE, text), read_spec(text)
    counts, strata = [], []
    for more in (0, 6):
        for number in range(more):
            county = factories.create_institution(parent=register)
            factories.create_case(institution=county, closed_on=date(2026, 4 + number, 1), status="closed")
        assert (round_.kind, round_.institution.code) == (
            "peer",
            register.code,
        )  # read anew after the commits
        with statements() as seen:
            found = counted(spec, planner.combinations(COMMAND_LINE, round_, spec))
            planner.expected(COMMAND_LINE, round_, ConsensusRule())
        counts.append(len(seen))
        strata.append(len(found.strata))
    assert strata[1] == strata[0] + 6
    assert counts[0] == counts[1] <= 9
    assert round_.kind == "peer"
    with statements() as seen:  # nothing has changed: only the stamp of the register is asked for
        planner.combinations(COMMAND_LINE, round_, spec)
    assert len(seen) == 1


def test_others_may_not_plan_and_secret_fields_stay_secret(register):
    text = SPEC.format(code="P1", institution=register.code, strata="", series="each")
    round_ = stories.draft(COMMAND_LINE, text)
    other, _ = stories.managers(factories.create_institution())
    with pytest.raises(NotAllowed):
        planner.combinations(other, round_, read_spec(text))
    with pytest.raises(InvalidInput):
        read_spec(text.replace("strata: []", "strata: [recipient_phone]"))
