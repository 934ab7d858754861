"""Writing, freezing and withdrawing rounds, on both databases."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.digests import content_digest
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent, Case, FrameCase, LiveFrameCase, RubricVersion
from qualityeval.queries import rounds as queries
from qualityeval.services import audit, freezing, rounds, sampling
from tests import factories
from tests.factories import NOW
from tests.services import stories


def freeze(actor, code):
    with transaction():
        freezing.freeze(actor=actor, round_=queries.by_code_for(actor, code), now=NOW)


def test_a_draft_belongs_to_the_body_its_specification_names(session) -> None:
    root, _ = stories.bureau(cases=())
    manager, _ = stories.managers(root)
    round_ = stories.draft(manager, stories.spec(root.code))
    assert (round_.state, round_.institution_id, round_.title) == ("draft", root.id, "2026年度案件质量评估")


def test_only_the_own_body_may_own_a_round(session) -> None:
    root, (county,) = stories.bureau(cases=(1,))
    manager, _ = stories.managers(root)
    for other in (county, factories.create_institution()):
        with pytest.raises(NotAllowed), transaction():
            rounds.create_round(actor=manager, spec_text=stories.spec(other.code), now=NOW)


def test_others_never_learn_of_a_round(session) -> None:
    root, (county,) = stories.bureau(cases=(1,))
    manager, _ = stories.managers(root)
    stories.draft(manager, stories.spec(root.code))
    below, _ = stories.managers(county)
    for stranger in (below, factories.create_actor(role=Role.VIEWER, institution=root)):
        with pytest.raises(NotFound):
            queries.by_code_for(stranger, "R2026")
        assert queries.list_for(stranger) == []


def test_a_code_is_used_once(session) -> None:
    root, _ = stories.bureau(cases=())
    manager, _ = stories.managers(root)
    stories.draft(manager, stories.spec(root.code))
    with pytest.raises(InvalidInput, match="已经用过"), transaction():
        rounds.create_round(actor=manager, spec_text=stories.spec(root.code), now=NOW)


def test_a_sealed_number_is_no_stratum(session) -> None:
    root, _ = stories.bureau(cases=())
    manager, _ = stories.managers(root)
    text = stories.spec(root.code).replace("[institution]", "[recipient_phone]")
    with pytest.raises(InvalidInput, match="加密"), transaction():
        rounds.create_round(actor=manager, spec_text=text, now=NOW)


def test_a_stale_save_changes_nothing(session) -> None:
    root, _ = stories.bureau(cases=())
    manager, _ = stories.managers(root)
    round_ = stories.draft(manager, stories.spec(root.code))
    seen = round_.version
    for title in ("甲", "乙"):
        text = stories.spec(root.code).replace("2026年度案件质量评估", title)
        if title == "甲":
            with transaction():
                rounds.update_spec(
                    actor=manager, round_=queries.by_code_for(manager, "R2026"), spec_text=text,
                    seen_version=seen, now=NOW,
                )  # fmt: skip
        else:
            with pytest.raises(Stale), transaction():
                rounds.update_spec(
                    actor=manager, round_=queries.by_code_for(manager, "R2026"), spec_text=text,
                    seen_version=seen, now=NOW,
                )  # fmt: skip
    assert queries.by_code_for(manager, "R2026").title == "甲"


def test_a_freeze_publishes_digests_and_sizes(session) -> None:
    root, (small, large) = stories.bureau(cases=(5, 13))
    manager, _ = stories.managers(root)
    round_ = stories.frozen(manager, stories.spec(root.code))
    # 27.7 % of 5 is 1.385 -> 2 (ceil, and the minimum); of 13 is 3.601 -> 4
    assert [(s.label, s.frame_size, s.sample_size) for s in queries.strata_of(round_)] == [
        (small.code, 5, 2),
        (large.code, 13, 4),
    ]
    frame = sampling.frame_file(actor=manager, round_=round_)
    lines = frame.decode().splitlines()
    assert lines[0] == "case_key,stratum"
    assert lines[1] == f"{small.code}:2026-0000,{small.code}"
    assert len(lines) == 19
    assert round_.frame_digest == content_digest(frame)
    assert round_.plan_digest == content_digest(round_.plan.encode())
    plan = json.loads(round_.plan)
    assert plan["rates"]["default"]["rate"] == "277/1000"
    assert plan["frozen_on"] == "2026-11-25"
    assert round_.secret not in round_.plan
    assert plan["secret_digest"] == content_digest(round_.secret.encode())


def test_the_secret_is_in_no_audit_event_and_no_status(session) -> None:
    root, _ = stories.bureau()
    manager, _ = stories.managers(root)
    round_ = stories.frozen(manager, stories.spec(root.code))
    shown = json.dumps(queries.status(round_)) + "".join(session.execute(select(AuditEvent.detail)).scalars())
    for secret in (round_.secret, round_.deal_secret, round_.salt):
        assert secret not in shown


def test_the_rubric_is_kept_as_it_was(session) -> None:
    root, _ = stories.bureau()
    manager, _ = stories.managers(root)
    round_ = stories.frozen(manager, stories.spec(root.code))
    kept = session.execute(select(RubricVersion)).scalar_one()
    assert (kept.code, kept.version) == ("criminal-trial", 1)
    assert json.loads(round_.plan)["rubric_digests"] == {
        "criminal-trial@1": content_digest(kept.text.encode())
    }


def test_a_case_is_in_one_live_frame_of_a_kind_and_body(session) -> None:
    root, (county,) = stories.bureau(cases=(3,))
    manager, _ = stories.managers(root)
    stories.frozen(manager, stories.spec(root.code))
    factories.create_case(institution=county, number="new")
    second = stories.frozen(manager, stories.spec(root.code, code="SECOND"))
    assert second.frame_size == 1
    assert second.left_out["held"] == 3


def test_a_withdrawn_round_frees_its_cases_and_stays_listed(session) -> None:
    root, _ = stories.bureau(cases=(3,))
    manager, _ = stories.managers(root)
    stories.frozen(manager, stories.spec(root.code))
    with transaction():
        rounds.withdraw(
            actor=manager, round_=queries.by_code_for(manager, "R2026"), reason="方案有误", now=NOW
        )
    assert stories.frozen(manager, stories.spec(root.code, code="SECOND")).frame_size == 3
    assert {row.code: row.state for row in queries.list_for(manager)} == {
        "R2026": "withdrawn",
        "SECOND": "frozen",
    }
    assert session.execute(select(func.count()).select_from(FrameCase)).scalar_one() == 6
    assert session.execute(select(func.count()).select_from(LiveFrameCase)).scalar_one() == 3


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_a_withdrawal_needs_a_reason_of_sensible_length(session, reason: str) -> None:
    root, _ = stories.bureau(cases=())
    manager, _ = stories.managers(root)
    round_ = stories.draft(manager, stories.spec(root.code))
    with pytest.raises(InvalidInput), transaction():
        rounds.withdraw(actor=manager, round_=queries.by_code_for(manager, "R2026"), reason=reason, now=NOW)
    assert queries.by_code_for(manager, round_.code).state == "draft"


def test_a_late_registration_is_carried_into_the_next_round(session) -> None:
    root, (county,) = stories.bureau(cases=(3,))
    manager, _ = stories.managers(root)
    stories.frozen(manager, stories.spec(root.code))
    factories.create_case(
        institution=county, number="late", closed_on=date(2026, 5, 1), registered_at=NOW + timedelta(days=1)
    )
    factories.create_case(institution=county, number="next", closed_on=date(2027, 5, 1))
    text = (
        stories.spec(root.code, code="NEXT")
        .replace("2026-01-01", "2027-01-01")
        .replace("2026-12-31", "2027-12-31")
    )
    round_ = stories.frozen(manager, text)
    rows = session.execute(select(FrameCase.key, FrameCase.late).where(FrameCase.round_id == round_.id)).all()
    assert dict(rows) == {f"{county.code}:late": True, f"{county.code}:next": False}
    assert round_.left_out["late"] == 1


def test_a_closing_date_entered_after_the_freeze_is_carried_too(session) -> None:
    root, (county,) = stories.bureau(cases=(3,))
    manager, _ = stories.managers(root)
    hidden = factories.create_case(institution=county, number="hidden", closed_on=None)
    stories.frozen(manager, stories.spec(root.code))
    with transaction() as inside:
        case = inside.get(Case, hidden.id)
        case.closed_on, case.updated_at = date(2026, 5, 1), NOW + timedelta(days=1)
        framed = inside.execute(select(Case).where(Case.number == "2026-0000")).scalar_one()
        framed.updated_at = NOW + timedelta(days=1)
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="case")
    factories.create_case(institution=county, number="next", closed_on=date(2027, 5, 1))
    text = stories.spec(root.code, code="NEXT").replace("2026-01-01", "2027-01-01")
    round_ = stories.frozen(manager, text.replace("2026-12-31", "2027-12-31"))
    rows = session.execute(select(FrameCase.key, FrameCase.late).where(FrameCase.round_id == round_.id)).all()
    assert dict(rows) == {f"{county.code}:hidden": True, f"{county.code}:next": False}


def test_exclusions_are_counted_with_their_reasons(session) -> None:
    root, (county,) = stories.bureau(cases=(3,))
    factories.create_case(institution=county, number="ended", status="terminated")
    manager, _ = stories.managers(root)
    exclude = "exclude: [{when: {status: terminated}, reason: 终止}, {when: {status: merged}, reason: 并案}]"
    text = stories.spec(root.code).replace("to: 2026-12-31", f"to: 2026-12-31, {exclude}")
    round_ = stories.frozen(manager, text)
    assert round_.frame_size == 3
    assert round_.left_out["exclusions"] == [{"reason": "终止", "cases": 1}, {"reason": "并案", "cases": 0}]


def test_a_sealed_case_hides_behind_its_key(session) -> None:
    root, (county,) = stories.bureau(cases=(2,))
    factories.create_case(institution=county, number="minor-1", sealed=True)
    manager, _ = stories.managers(root)
    round_ = stories.frozen(manager, stories.spec(root.code))
    frame = sampling.frame_file(actor=manager, round_=round_).decode()
    assert "minor-1" not in frame
    assert f"{county.code}:~" in frame


def test_extra_columns_make_strata(session) -> None:
    root, (county,) = stories.bureau(cases=(0,))
    for number, court in (("1", "东院"), ("2", "西院"), ("3", "")):
        factories.create_case(institution=county, number=number, extra={"court": court} if court else {})
    manager, _ = stories.managers(root)
    round_ = stories.frozen(manager, stories.spec(root.code).replace("[institution]", "[court, month]"))
    assert [s.label for s in queries.strata_of(round_)] == ["-|2026-06", "东院|2026-06", "西院|2026-06"]


def test_a_field_that_no_case_has_is_refused(session) -> None:
    root, _ = stories.bureau()
    manager, _ = stories.managers(root)
    stories.draft(manager, stories.spec(root.code).replace("[institution]", "[cuort]"))
    with pytest.raises(InvalidInput, match="cuort"):
        freeze(manager, "R2026")


def test_a_case_without_a_rubric_stops_the_freeze_with_counts(session) -> None:
    root, (county,) = stories.bureau(cases=(2,))
    factories.create_case(institution=county, number="civil", case_type="civil", aid_form="representation")
    manager, _ = stories.managers(root)
    text = stories.spec(root.code).replace(', "*/*/*": civil@1', "")
    stories.draft(manager, text)
    with pytest.raises(InvalidInput, match=r"有1件案件没有适用的评分标准（civil/representation/trial 1）"):
        freeze(manager, "R2026")
    assert queries.by_code_for(manager, "R2026").state == "draft"


def test_an_empty_frame_is_refused(session) -> None:
    root, _ = stories.bureau(cases=())
    manager, _ = stories.managers(root)
    stories.draft(manager, stories.spec(root.code))
    with pytest.raises(InvalidInput, match="一件案件也没有"):
        freeze(manager, "R2026")


def test_a_frozen_round_is_not_frozen_or_edited_again(session) -> None:
    root, _ = stories.bureau()
    manager, _ = stories.managers(root)
    round_ = stories.frozen(manager, stories.spec(root.code))
    with pytest.raises(WrongState):
        freeze(manager, "R2026")
    with pytest.raises(WrongState), transaction():
        rounds.update_spec(
            actor=manager, round_=queries.by_code_for(manager, "R2026"), spec_text=stories.spec(root.code),
            seen_version=round_.version, now=NOW,
        )  # fmt: skip


def test_the_command_line_may_what_a_manager_may(session) -> None:
    root, _ = stories.bureau()
    stories.draft(COMMAND_LINE, stories.spec(root.code))
    freeze(COMMAND_LINE, "R2026")
    assert (
        db.session.execute(select(AuditEvent.actor).order_by(AuditEvent.seq.desc())).scalars().first()
        == "command line"
    )
