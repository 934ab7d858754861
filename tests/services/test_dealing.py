"""Dealing from stored rows, its second reader, and what `round status` says of it; on both databases."""

from collections import Counter

import pytest
from sqlalchemy import delete, func, select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import NotAllowed, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, Expert
from qualityeval.queries import assignments as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import second_check, starved
from qualityeval.services import audit, deal_basis, dealing
from qualityeval.services.rounds import read_spec
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories


@pytest.fixture
@kept
def round_(session):
    root, counties = stories.bureau(cases=(20, 30))
    first, second = stories.managers(root)
    for number in range(6):
        factories.create_expert(
            institution=counties[number % 2], provider=f"律所{number % 3}", code=f"E{number}"
        )
    factories.create_experts(range(6, 10))
    stories.drawn(first, second, stories.spec(root.code))
    return round_queries.by_code_for(first, "R2026")


def assign(round_, actor=COMMAND_LINE):
    with transaction():
        dealing.assign(actor=actor, round_=round_queries.by_code_for(actor, round_.code), now=NOW)
    return round_queries.status(round_queries.by_code_for(actor, round_.code))


def test_every_slot_is_filled_evenly_and_nobody_reads_at_home(round_) -> None:
    status = assign(round_)
    # 27.7 % of 20 and 30, rounded up: 6 + 9 cases, two readers each
    assert (status["state"], status["assignment"]["slots"], status["assignment"]["filled"]) == (
        "assigned",
        30,
        30,
    )
    assert (status["assignment"]["load_min"], status["assignment"]["load_max"]) == (3, 3)
    assert status["assignment"]["violations"] == 0
    assert status["assignment"]["components"] == 1
    assert status["assignment"]["unfilled"] == []


def test_the_lines_are_the_published_ones(round_) -> None:
    assign(round_)
    lines = list(queries.rows_of(round_))
    assert len(lines) == 30
    assert {line.slot for line in lines} == {"1", "2"}
    assert {line.state for line in lines} == {"dealt"}
    assert [line.case for line in lines] == sorted(line.case for line in lines)


def test_a_slot_that_cannot_be_filled_is_named_and_filled_once_it_can(round_) -> None:
    with transaction():
        db.session.execute(update(Expert).where(Expert.code != "E6").values(active=False))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    status = assign(round_)
    assert (status["assignment"]["filled"], len(status["assignment"]["unfilled"])) == (15, 15)
    before = {(line.case, line.expert) for line in queries.rows_of(round_)}
    with transaction():
        db.session.execute(update(Expert).values(active=True))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    assert assign(round_)["assignment"]["filled"] == 30
    assert before < {(line.case, line.expert) for line in queries.rows_of(round_)}, "started files never move"


def test_caps_hold_over_two_dealings(round_) -> None:
    with transaction():
        db.session.execute(update(Expert).values(cap=2))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    first = assign(round_)["assignment"]
    second = assign(round_)["assignment"]
    assert (first["filled"], first["load_max"]) == (second["filled"], second["load_max"]) == (20, 2)


def test_nothing_is_dealt_without_experts(session) -> None:
    root, _ = stories.bureau()
    first, second = stories.managers(root)
    made = stories.drawn(first, second, stories.spec(root.code))
    with pytest.raises(WrongState, match="专家库"):
        assign(made)


def test_only_the_owning_body_deals(round_) -> None:
    stranger, _ = stories.managers(factories.create_institution())
    with pytest.raises(NotAllowed), transaction():
        dealing.assign(actor=stranger, round_=round_, now=NOW)
    assert db.session.execute(select(func.count()).select_from(Assignment)).scalar_one() == 0


@pytest.mark.parametrize("rule", ["provider", "own_case", "institution", "same_provider"])
def test_the_second_reader_sees_every_broken_rule(round_, rule: str) -> None:
    assign(round_)
    with transaction() as session:
        line = session.execute(select(Assignment).join(Expert).where(Expert.code == "E6")).scalars().first()
        case = session.get(Case, line.sampled_case.frame_case.case_id)
        expert = line.expert
        if rule == "institution":
            expert.institution_id = case.institution_id
        elif rule == "same_provider":
            other = (
                session.execute(
                    select(Expert)
                    .join(Assignment)
                    .where(Assignment.sampled_case_id == line.sampled_case_id, Expert.id != expert.id)
                )
                .scalars()
                .one()
            )
            other.provider = expert.provider = "同一律所"
        else:
            case.provider, case.practitioner = factories.handler("张律师", "13301", "某律所", now=NOW)
            expert.provider, expert.licence = ("某律所", "") if rule == "provider" else ("", "13301")
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    found = second_check.broken_rules(round_, region="none", provider=True)
    assert rule in {one.rule for one in found}


def test_the_deal_repeats_from_the_same_rows_and_secret(round_) -> None:
    assign(round_)
    before = list(queries.rows_of(round_))
    with transaction():
        db.session.execute(delete(Assignment))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="round")
    assign(round_)
    assert list(queries.rows_of(round_)) == before


@pytest.mark.parametrize(("mode", "filled"), [("required", 4), ("preferred", 12), ("ignore", 12)])
@pytest.mark.usefixtures("session")
def test_specialties_count_only_where_the_plan_says_so(mode, filled):
    """Six criminal cases with two readers each; one expert knows them but may take four."""
    root, _counties = stories.bureau(cases=(20,))
    first, second = stories.managers(root)
    factories.create_expert(code="E-c", specialties=["刑事", "劳动"], cap=4)
    for number in range(5):
        factories.create_expert(code=f"E-m{number}", specialties=["民事"])
    stories.drawn(first, second, stories.spec(root.code) + f"specialty: {mode}\n")
    with transaction():
        round_ = round_queries.by_code_for(first, "R2026")
        dealing.assign(actor=first, round_=round_, now=NOW)
    loads = Counter(line.expert for line in queries.rows_of(round_queries.by_code_for(first, "R2026")))
    assert sum(loads.values()) == filled
    if mode == "required":
        assert set(loads) == {"E-c"}
        stands = round_queries.by_code_for(first, "R2026")
        causes = starved.starved(
            first, stands, short=starved.open_slots(stands, 2), specialty=mode,
            rules=deal_basis.rules_of(read_spec(round_.spec)), today=NOW.date(),
        )  # fmt: skip
        assert {("specialty", 5)} <= set(causes[0].reasons)


@pytest.mark.parametrize(
    ("words", "broken"), [([], 30), (["刑事辩护", "民商事", "行政"], 0), (["其他", "Ｌａｂｏｕｒ"], 30)]
)
def test_the_second_reader_rereads_specialties_where_they_are_required(round_, words, broken: int) -> None:
    assign(round_)
    with transaction() as session:
        for expert in session.execute(select(Expert)).scalars():
            expert.specialties = words
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    found = second_check.broken_rules(round_, region="none", provider=False, specialty="required")
    assert [one.rule for one in found] == ["specialty"] * broken
    assert second_check.broken_rules(round_, region="none", provider=False, specialty="preferred") == []
