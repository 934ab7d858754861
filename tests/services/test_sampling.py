"""The seed by two accounts and the one draw, on both databases."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput, NotAllowed, RuleViolation, WrongState
from qualityeval.database import transaction
from qualityeval.models import AuditEvent, Case, FrameCase, SampledCase, SeedTyping
from qualityeval.queries import rounds as queries
from qualityeval.services import audit, rounds, sampling
from tests import factories
from tests.evidence import unguard
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories


@pytest.fixture
@kept
def body(session):
    root, _ = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    return root, first, second


def draw(actor, code="R2026"):
    with transaction():
        return sampling.draw_sample(actor=actor, round_=queries.by_code_for(actor, code), now=NOW)


def test_one_typing_waits_and_two_that_agree_fix_the_seed(body) -> None:
    root, first, second = body
    round_ = stories.frozen(first, stories.spec(root.code))
    assert stories.typed(first, round_, " 3 1 4 ") == "waiting"
    assert queries.status(round_)["seed"] == {"source": "dice", "typed": 1, "fixed": False}
    assert queries.status(round_)["pending"] == {"seed": 1}
    assert stories.typed(second, round_, "3 1 4") == "fixed"
    seed = queries.seed_of(round_)
    # H(plan_digest, secret, public) by the design's Bytes, written out once more
    import hashlib

    text = "\x1f".join([round_.plan_digest, round_.secret, "3 1 4"])
    assert (seed.public, seed.seed) == ("3 1 4", hashlib.sha256(text.encode()).hexdigest())


def test_two_that_differ_are_both_discarded_and_typed_again(body) -> None:
    root, first, second = body
    round_ = stories.frozen(first, stories.spec(root.code))
    stories.typed(first, round_, "314")
    assert stories.typed(second, round_, "315") == "mismatch"
    assert queries.open_typings(round_) == []
    assert queries.seed_of(round_) is None
    assert stories.typed(second, round_, "314") == "waiting"
    assert stories.typed(first, round_, "314") == "fixed"


def test_one_account_never_counts_twice(body) -> None:
    root, first, _second = body
    round_ = stories.frozen(first, stories.spec(root.code))
    stories.typed(first, round_, "314")
    with pytest.raises(RuleViolation, match="第二次须由另一位管理员"):
        stories.typed(first, round_, "314")


def test_the_command_line_is_no_second_person(body) -> None:
    root, first, _second = body
    round_ = stories.frozen(first, stories.spec(root.code))
    with pytest.raises(NotAllowed):
        stories.typed(COMMAND_LINE, round_, "314")


def test_a_fixed_seed_is_never_replaced(body) -> None:
    root, first, second = body
    round_ = stories.seeded(first, second, stories.spec(root.code))
    with pytest.raises(WrongState):
        stories.typed(first, round_, "another")


def test_a_machine_seed_is_thrown_by_the_machine(body) -> None:
    root, first, _second = body
    round_ = stories.frozen(first, stories.spec(root.code, source="machine"))
    with pytest.raises(InvalidInput):
        stories.typed(first, round_, "314")
    assert stories.typed(first, round_, None) == "fixed"
    assert len(bytes.fromhex(queries.seed_of(round_).public)) == 32


def test_dice_are_not_thrown_by_the_machine(body) -> None:
    root, first, _second = body
    round_ = stories.frozen(first, stories.spec(root.code))
    with pytest.raises(InvalidInput):
        stories.typed(first, round_, None)


def test_a_lottery_number_waits_for_its_day(body) -> None:
    root, first, second = body
    source = "lottery, name: 双色球, date: 2026-12-01"
    round_ = stories.frozen(first, stories.spec(root.code, source=source))
    with pytest.raises(RuleViolation, match="2026-12-01"):
        stories.typed(first, round_, "05-17", today=date(2026, 11, 30))
    assert stories.typed(first, round_, "05-17", today=date(2026, 12, 1)) == "waiting"
    assert stories.typed(second, round_, "05-17", today=date(2026, 12, 1)) == "fixed"


def test_what_was_typed_is_in_no_log_before_the_seed_is_fixed(session, body) -> None:
    root, first, _second = body
    round_ = stories.frozen(first, stories.spec(root.code))
    stories.typed(first, round_, "27182818")
    assert not any("27182818" in text for text in session.execute(select(AuditEvent.detail)).scalars())
    stored = session.connection().exec_driver_sql("SELECT value FROM seed_typing").scalar_one()
    assert "27182818" not in stored
    assert session.execute(select(SeedTyping.value)).scalar_one() == "27182818"


def test_the_draw_needs_its_seed(body) -> None:
    root, first, _second = body
    stories.frozen(first, stories.spec(root.code))
    with pytest.raises(WrongState, match="种子"):
        draw(first)


def test_the_draw_is_what_an_outsider_computes(session, body) -> None:
    root, first, second = body
    round_ = stories.seeded(first, second, stories.spec(root.code))
    draw(second)
    import hashlib

    seed = queries.seed_of(round_).seed
    frame = [line.split(",") for line in sampling.frame_file(actor=first, round_=round_).decode().split()[1:]]
    sizes = {row.label: row.sample_size for row in queries.strata_of(round_)}
    expected = set()
    for label, n in sizes.items():
        tickets = sorted(
            (hashlib.sha256("\x1f".join([seed, "draw", key]).encode()).hexdigest(), key)
            for key, stratum in frame
            if stratum == label
        )
        expected |= {key for _ticket, key in tickets[:n]}
    assert {row.key for row in queries.sample_of(first, round_)} == expected
    assert queries.sample_size(round_) == sum(sizes.values()) == 6


def test_weights_are_exact(session, body) -> None:
    root, first, second = body
    stories.drawn(first, second, stories.spec(root.code))
    rows = session.execute(select(SampledCase.weight_numerator, SampledCase.weight_denominator))
    pairs = {tuple(row) for row in rows}
    assert pairs == {(5, 2), (13, 4)}


@pytest.mark.parametrize(("call_in", "state"), [("none", "called_in"), ("required", "drawn")])
def test_without_a_call_in_the_draw_takes_that_step_too(body, call_in: str, state: str) -> None:
    root, first, second = body
    assert stories.drawn(first, second, stories.spec(root.code, call_in=call_in)).state == state


def test_a_second_draw_is_refused(body) -> None:
    root, first, second = body
    stories.drawn(first, second, stories.spec(root.code))
    with pytest.raises(WrongState, match="只能抽取一次"):
        draw(second)


def test_the_certificate_verifies_and_names_no_secret_before(body) -> None:
    root, first, second = body
    round_ = stories.drawn(first, second, stories.spec(root.code))
    assert sampling.check_again(actor=first, round_=round_).ok
    certificate = json.loads(queries.certificate_text(round_))
    assert set(certificate) == {
        "version", "plan", "plan_digest", "frame_digest", "secret", "public", "seed", "strata", "earlier_rounds",
    }  # fmt: skip
    assert certificate["earlier_rounds"] == []


def test_the_certificate_lists_earlier_rounds_of_half_the_cases(body) -> None:
    root, first, second = body
    stories.drawn(first, second, stories.spec(root.code))
    with transaction():
        rounds.withdraw(actor=first, round_=queries.by_code_for(first, "R2026"), reason="重来", now=NOW)
    again = stories.drawn(first, second, stories.spec(root.code, code="AGAIN"))
    listed = json.loads(queries.certificate_text(again))["earlier_rounds"]
    assert [(one["code"], one["state"], one["shared"], one["of"]) for one in listed] == [
        ("R2026", "withdrawn", 18, 18)
    ]


def test_a_changed_frame_is_noticed_not_drawn(session, body) -> None:
    root, first, second = body
    round_ = stories.seeded(first, second, stories.spec(root.code))
    changed = session.execute(select(FrameCase.id).where(FrameCase.round_id == round_.id)).scalars().first()
    with transaction() as inside:
        unguard(inside, "frame_case")
        inside.connection().exec_driver_sql(f"UPDATE frame_case SET stratum = 'x' WHERE id = {changed}")
        audit.record(COMMAND_LINE, "test.tampered", now=NOW, object_type="round")
    with pytest.raises(WrongState, match="不符"):
        draw(first)


def test_evidence_is_never_changed_through_the_model(session, body) -> None:
    root, first, second = body
    stories.drawn(first, second, stories.spec(root.code))
    with pytest.raises(RuntimeError, match="evidence"), transaction() as inside:
        inside.execute(select(SampledCase)).scalars().first().place = 99
        inside.flush()


def test_a_register_that_changes_after_the_freeze_changes_no_frame(session, body) -> None:
    root, first, second = body
    round_ = stories.seeded(first, second, stories.spec(root.code))
    before = sampling.frame_file(actor=first, round_=round_)
    with transaction() as inside:
        inside.execute(select(Case)).scalars().first().cause = "改过"
        audit.record(COMMAND_LINE, "case.changed", now=NOW, object_type="case")
    factories.create_case(institution=root, number="new")
    assert sampling.frame_file(actor=first, round_=round_) == before
