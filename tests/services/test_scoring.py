"""From sheets to results: desk and import, consensus, arbitration, release; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotAllowed, RuleViolation, Stale, WrongState
from qualityeval.core.scoring import Incomplete
from qualityeval.database import db, transaction
from qualityeval.models import ArbitrationNeed, Assignment, CaseResult, Expert, Sheet
from qualityeval.queries import assignments as queries
from qualityeval.queries import results
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, dealing, releases, scoring, sheet_import
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import chain, stories


@pytest.fixture
@kept
def world(session):
    """A dealt round of 6 + 9 drawn cases in two counties, ten experts, two managers."""
    root, counties = stories.bureau(cases=(20, 30))
    first, second = stories.managers(root)
    factories.create_experts(range(10))
    stories.drawn(first, second, stories.spec(root.code))
    with transaction():
        dealing.assign(actor=first, round_=round_queries.by_code_for(first, "R2026"), now=NOW)
    return first, second, counties


def current(actor):
    return round_queries.by_code_for(actor, "R2026")


def bring(actor, points, **more):
    with transaction():
        round_ = current(actor)
        return sheet_import.import_sheets(
            actor=actor, round_=round_, lines=list(chain.lines(round_, points, **more)), now=NOW
        )


def line_of(code: str = "") -> tuple[Assignment, object]:
    query = select(Assignment).join(Expert).order_by(Assignment.id)
    line = db.session.execute(query.where(Expert.code == code) if code else query).scalars().first()
    account = factories.create_account(role=Role.EXPERT, expert_code=line.expert.code)
    return db.session.get_one(Assignment, line.id), actor_of(account)


def test_an_expert_submits_the_own_sheet_once(world) -> None:
    line, expert = line_of()
    with transaction():
        sheet = scoring.submit_sheet(
            actor=expert, assignment=db.session.merge(line), content=chain.content(87), now=NOW
        )
        assert (sheet.total, sheet.grade, sheet.by_proxy) == (8700, "良好", False)
    with pytest.raises(WrongState, match="已经提交"), transaction():
        scoring.submit_sheet(actor=expert, assignment=line, content=chain.content(90), now=NOW)
    assert current(world[0]).state == "scoring"


def test_nobody_submits_anothers_sheet(world) -> None:
    line, _ = line_of()
    other = factories.create_actor(role=Role.EXPERT)
    for actor in (other, world[0]):
        with pytest.raises(NotAllowed), transaction():
            scoring.submit_sheet(actor=actor, assignment=line, content=chain.content(90), now=NOW)


def test_an_incomplete_sheet_names_what_is_missing_and_stores_nothing(world) -> None:
    line, expert = line_of()
    content = chain.content(90)
    dropped = next(iter(content["marks"]))
    del content["marks"][dropped]
    with pytest.raises(Incomplete) as refusal, transaction():
        scoring.submit_sheet(actor=expert, assignment=line, content=content, now=NOW)
    assert refusal.value.missing == (dropped,)
    assert db.session.execute(select(Sheet)).first() is None


def test_a_draft_is_kept_by_version(world) -> None:
    line, expert = line_of()
    versions = []
    for seen in (0, 1):
        with transaction():
            versions.append(
                scoring.save_draft(
                    actor=expert,
                    assignment=line,
                    content={"overall": f"第{seen}稿"},
                    seen_version=seen,
                    now=NOW,
                )
            )
    assert versions == [1, 2]
    with pytest.raises(Stale), transaction():
        scoring.save_draft(actor=expert, assignment=line, content={}, seen_version=1, now=NOW)


def test_what_is_saved_after_another_page_submitted_is_refused(world) -> None:
    line, expert = line_of()
    submitted = update(Assignment).where(Assignment.id == line.id).values(state="submitted")
    with pytest.raises(WrongState) as refused, transaction() as session:
        assert line.state == "dealt"  # as this page read it, before the other one's commit
        session.execute(submitted, execution_options={"synchronize_session": False})
        scoring.save_draft(actor=expert, assignment=line, content={}, seen_version=0, now=NOW)
    assert refused.value.code == "sheet.submitted"


def test_a_returned_sheet_is_submitted_anew_and_both_are_kept(world) -> None:
    line, expert = line_of()
    with transaction():
        scoring.submit_sheet(actor=expert, assignment=line, content=chain.content(90), now=NOW)
    with transaction():
        scoring.return_sheet(
            actor=world[0], assignment=db.session.get_one(Assignment, line.id), reason="漏看卷宗", now=NOW
        )
    with transaction():
        scoring.submit_sheet(
            actor=expert,
            assignment=db.session.get_one(Assignment, line.id),
            content=chain.content(80),
            now=NOW,
        )
    kept = db.session.execute(select(Sheet.revision, Sheet.total).order_by(Sheet.revision)).all()
    assert [tuple(one) for one in kept] == [(1, 9000), (2, 8000)]


def test_a_whole_file_of_sheets_settles_every_case(world) -> None:
    report = bring(world[0], {"1": 90, "2": 80})
    assert (report.created, report.rejected) == (30, ())
    found = db.session.execute(select(CaseResult)).scalars().all()
    # (90.00 + 80.00) / 2 = 85.00; 75 to 90 is 良好
    assert {(one.total, one.grade, one.step) for one in found} == {(8500, "良好", "first")}
    assert len(found) == 15


def test_one_bad_line_stores_nothing_and_is_named(world) -> None:
    round_ = current(world[0])
    lines = list(chain.lines(round_, {"1": 90, "2": 80}))
    lines[3][1]["mark"] = "zwölf"
    lines.append((999, {**lines[0][1], "expert": "nobody"}))
    with transaction():
        report = sheet_import.import_sheets(actor=world[0], round_=current(world[0]), lines=lines, now=NOW)
    assert [(one.row, one.column) for one in report.rejected if one.refusal.code != "sheet.incomplete"] == [
        (lines[3][0], "mark"), (999, "expert"),
    ]  # fmt: skip
    assert report.created == 0
    assert db.session.execute(select(Sheet)).first() is None
    assert current(world[0]).state == "assigned"


def test_a_wide_gap_draws_an_arbitrator_who_is_not_on_the_case(world) -> None:
    bring(world[0], {"1": 95, "2": 70})
    assert current(world[0]).state == "arbitration"
    needs = db.session.execute(select(ArbitrationNeed)).scalars().all()
    assert (len(needs), needs[0].reasons) == (15, ["gap"])
    lines = list(queries.rows_of(current(world[0])))
    for third in (line for line in lines if line.slot == "arbitration"):
        assert third.expert not in {
            one.expert for one in lines if one.case == third.case and one is not third
        }


def test_an_arbitration_that_found_nobody_is_dealt_once_somebody_is_there(world) -> None:
    first = world[0]
    with transaction() as session:
        session.execute(update(Expert).values(cap=3))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    bring(first, {"1": 95, "2": 70})
    assert "arbitration" not in {line.slot for line in queries.rows_of(current(first))}
    factories.create_experts(range(20, 25))
    with transaction():
        dealing.assign(actor=first, round_=current(first), now=NOW)
    third = [line for line in queries.rows_of(current(first)) if line.slot == "arbitration"]
    assert len(third) == 15
    assert {line.expert for line in third} <= {f"E{number}" for number in range(20, 25)}


def test_a_sheet_of_somebody_who_must_step_aside_by_now_is_rejected(world) -> None:
    first, _second, counties = world
    with transaction() as session:
        session.execute(update(Expert).where(Expert.code == "E0").values(institution_id=counties[0].id))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    report = bring(first, {"1": 90, "2": 80})
    pairs = {line.case for line in queries.rows_of(current(first)) if line.expert == "E0"}
    at_home = [case for case in pairs if case.startswith(f"{counties[0].code}:")]
    assert report.created == (0 if at_home else 30)
    assert {one.refusal.code for one in report.rejected} == ({"sheet.recused"} if at_home else set())


def test_an_arbitrators_sheet_settles_by_the_mean_of_three(world) -> None:
    bring(world[0], {"1": 95, "2": 70})
    bring(world[0], {"arbitration": 90}, slots=("arbitration",))
    found = db.session.execute(select(CaseResult)).scalars().all()
    # (95 + 70 + 90) / 3 = 85.00
    assert {(one.total, one.step) for one in found} == {(8500, "arbitrated")}


def test_results_wait_for_two_managers(world) -> None:
    first, second, _ = world
    bring(first, {"1": 90, "2": 80})
    with transaction():
        releases.notify(actor=first, round_=current(first), now=NOW)
    with transaction():
        assert not releases.release(actor=first, round_=current(first), now=NOW)
    assert round_queries.status(current(first))["pending"] == {"release": 1}
    with pytest.raises(WrongState, match="另一位"), transaction():
        releases.release(actor=first, round_=current(first), now=NOW)
    with pytest.raises(NotAllowed), transaction():
        releases.release(actor=COMMAND_LINE, round_=current(first), now=NOW)
    with transaction():
        assert releases.release(actor=second, round_=current(first), now=NOW)
    assert current(first).state == "released"


def test_nothing_is_notified_while_a_sheet_is_open(world) -> None:
    bring(world[0], {"1": 90}, slots=("1",))
    with pytest.raises(WrongState, match="15份评分表"), transaction():
        releases.notify(actor=world[0], round_=current(world[0]), now=NOW)


def test_the_objection_window_is_waited_for(session) -> None:
    root, _ = stories.bureau(cases=(3,))
    first, second = stories.managers(root)
    factories.create_experts(range(3))
    stories.drawn(first, second, stories.spec(root.code) + "deadlines: {objection_days: 5}\n")
    with transaction():
        dealing.assign(actor=first, round_=current(first), now=NOW)
    bring(first, {"1": 90, "2": 80})
    with transaction():
        releases.notify(actor=first, round_=current(first), now=NOW)
    # notified on Wednesday 2026-11-25; five working days later is Wednesday 2026-12-02
    with pytest.raises(WrongState, match="2026-12-02"), transaction():
        releases.release(actor=first, round_=current(first), now=NOW + timedelta(days=6))
    with transaction():
        releases.release(actor=first, round_=current(first), now=NOW + timedelta(days=7))


def test_figures_by_institution_and_over_all(world) -> None:
    first, _second, counties = world
    bring(first, {"1": 90, "2": 80})
    shown = results.results(first, current(first))
    assert shown["state"] == "preliminary"
    assert (shown["overall"]["n"], shown["overall"]["N"]) == (15, 50)
    assert shown["overall"]["grades"]["良好"] == 15
    assert shown["overall"]["good_rate"] == 1.0
    # Wilson at 15 of 15: lower limit 15 / (15 + 1.959964²) = 0.796117 (hand calculation)
    assert shown["overall"]["interval"][0] == pytest.approx(0.796117, abs=2e-6)
    assert [(one["code"], one["n"], one["N"]) for one in shown["institutions"]] == [
        (counties[0].code, 6, 20), (counties[1].code, 9, 30),
    ]  # fmt: skip
    assert shown["agreement"]["raw"] in {0.0, 1.0}
    assert (shown["pending"], shown["missing"]) == (0, 0)


def test_a_small_institution_is_suppressed(session) -> None:
    root, _ = stories.bureau(cases=(4, 40))
    first, second = stories.managers(root)
    factories.create_experts(range(6))
    stories.drawn(first, second, stories.spec(root.code))
    with transaction():
        dealing.assign(actor=first, round_=current(first), now=NOW)
    bring(first, {"1": 90, "2": 80})
    small, large = results.results(first, current(first))["institutions"]
    assert (small["n"], small["suppressed"], small["grades"], small["good_rate"]) == (2, True, None, None)
    assert (large["n"], large["suppressed"]) == (12, False)


def test_only_the_owning_body_reads_the_figures(world) -> None:
    stranger, _ = stories.managers(factories.create_institution())
    with pytest.raises(RuleViolation):
        results.results(stranger, current(world[0]))
