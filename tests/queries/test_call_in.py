"""What replaced and missing files do to results: weights by hand, n, grades, bounds."""

from fractions import Fraction

import pytest

from qualityeval.core.distribution import MISSING
from qualityeval.database import transaction
from qualityeval.queries import call_in as queries
from qualityeval.queries import drawn_files, results
from qualityeval.queries.drawn_files import FileFilter
from qualityeval.services import dealing
from qualityeval.services.file_loans import check_in, check_out
from tests.factories import NOW
from tests.services.files import IN_TIME, LATE, files_world

pytestmark = pytest.mark.usefixtures("session")


def scored(app, rule):
    """County 0: 20 cases, 6 drawn, one replaced (t = 7, e = 6), two missing, four good; county 1: 9 of 30, all good."""
    world = files_world(app, extra=f"missing_file: {rule}\n")
    gone, *others = world.keys(0)
    successor = world.replaced(gone)
    world.bring_in(*others[:3], successor, *world.keys(1))
    world.miss(*others[3:])
    with transaction():
        dealing.assign(actor=world.actor(), round_=world.round(), now=LATE)
    world.bring({"1": 90, "2": 90})
    return world, gone


@pytest.mark.parametrize(
    ("rule", "n", "final", "good_rate"),
    [
        # N̂ = 20·6/7; six respond with 20/7 each, two of them not good; county 1: 30/9 each
        ("fail", 15, Fraction(20, 7), (4 * 20 / 7 + 30) / (6 * 20 / 7 + 30)),
        # four respond with N̂/4 = 30/7 each, all good
        ("nonresponse", 13, Fraction(30, 7), 1.0),
    ],
)
def test_final_weights_reach_the_results(app, rule, n, final, good_rate):
    world, gone = scored(app, rule)
    round_ = world.round()
    weights = queries.weights_of(round_)
    replaced = weights[world.file(gone).id]
    assert (replaced.state, replaced.final) == ("replaced", None)
    by_stratum = {code: set() for code in (one.code for one in world.counties)}
    for one in queries.dispositions(round_):
        by_stratum[one.stratum].add(weights[one.sampled_id].final)
    assert list(by_stratum.values()) == [{final, None}, {Fraction(30, 9)}]
    found = results.results(world.actor(), round_)
    overall = found["overall"]
    assert (overall["n"], found["missing"], found["pending"]) == (n, 2, 0)
    assert overall["grades"].get(MISSING) == (2 if rule == "fail" else None)
    assert overall["good_rate"] == pytest.approx(good_rate)
    # all failing and all good, whatever the rule: every case in scope stands for N̂/e
    assert overall["bounds"] == pytest.approx([(4 * 20 / 7 + 30) / (6 * 20 / 7 + 30), 1.0])
    lines = list(queries.weight_lines(round_))
    assert len(lines) == 16
    assert [one[3] for one in lines].count("replaced") == 1


def test_the_list_says_who_is_late_who_is_missing_and_who_has_the_paper(app):
    world = files_world(app)
    early, late, due, out = world.keys(0)[:4]
    world.bring_in(early, out)
    world.bring_in(late, now=LATE)
    world.miss(due)
    with transaction():
        check_out(actor=world.actor(), sampled=world.file(out), taken_by="专家甲", place="阅卷室", now=NOW)

    def listed(state, who="first"):
        asked, today = FileFilter(state=state), LATE.date()
        rows = drawn_files.list_for(world.actor(who), world.round(), asked, today=today)
        assert drawn_files.count_for(world.actor(who), world.round(), asked, today=today) == len(rows)
        return {row.public_id for row in rows}

    assert listed("handed_in") == {early, late, out}
    assert listed("late", "liaison0") == {late, due, *world.keys(0)}
    assert listed("missing") == {due}
    assert (listed("out"), listed("out", "liaison1")) == ({out}, set())
    assert listed("", "liaison1") == set(world.keys(1))
    rows = drawn_files.institutions_of(world.actor(), world.round(), today=LATE.date())
    assert [(one.opened, one.due, one.handed_in, one.late, one.missing) for one in rows] == [
        (6, 2, 3, 4, 1), (9, 9, 0, 9, 0),
    ]  # fmt: skip
    with transaction():
        check_in(actor=world.actor("second"), sampled=world.file(out), now=IN_TIME)
    assert listed("out") == set()
