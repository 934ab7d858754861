"""Expected minutes of a file, and even minutes after even files. Figures by hand."""

import random

import pytest

from qualityeval.core.deal_meetings import Meetings, is_kept
from qualityeval.core.deal_minutes import Costs, evened, minutes_of
from qualityeval.core.dealing import Expert, File, deal
from qualityeval.core.errors import InvalidInput
from qualityeval.core.judging_graph import components
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.core.workload import Spread, Workload, spread_of
from tests.core.round_specs import published

SEED = "5" * 64


@pytest.mark.parametrize(
    ("pages", "kind", "minutes"),
    [
        (0, "civil", 50),  # no paper stored: 20 + 0.5 × 60
        (None, "criminal", 60),  # 20 + 30 + 10
        (83, "criminal", 72),  # 20 + 41.5 + 10 = 71.5, half up
        (82, "administrative", 66),  # 20 + 41 + 5
        (1, "labour", 21),  # a type without a line: 20 + 0.5 = 20.5, half up
    ],
)
def test_the_minutes_of_a_file_by_hand(pages, kind, minutes):
    assert Workload(unit="minutes").minutes(pages, kind) == minutes


def test_the_spread_by_hand():
    assert spread_of([100, 130, 131]) == Spread(100, 131, 120)  # 361 / 3 = 120.33
    assert spread_of([]) is None


def test_a_spec_states_its_own_minutes():
    load = parse_round_spec(
        published(workload={"unit": "minutes", "base": "15", "per_page": "0.25", "by_type": {"civil": "7"}})
    ).workload
    assert load.minutes(40, "civil") == 15 + 10 + 7
    assert load.minutes(40, "criminal") == 15 + 10 + 10
    assert load.as_plan() == {
        "unit": "minutes", "base": 15, "per_page": "0.25", "pages": 60,
        "by_type": {"criminal": 10, "civil": 7, "administrative": 5},
    }  # fmt: skip


@pytest.mark.parametrize("given", [{}, {"workload": {"unit": "files"}}])
def test_a_plan_in_files_says_nothing_of_it(given):
    assert "workload" not in parse_round_spec(published(**given)).as_plan()


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"unit": "hours"}, "workload.unit"),
        ({"base": "20"}, "workload"),
        ({"unit": "minutes", "base": "x"}, "workload.base"),
        ({"unit": "minutes", "per_page": "61"}, "workload.per_page"),
        ({"unit": "minutes", "per_page": 0.5}, "workload.per_page"),
        ({"unit": "minutes", "by_type": {"labor": "3"}}, "workload.by_type.labor"),
        ({"unit": "minutes", "pages": "0"}, "workload.pages"),
    ],
)
def test_what_is_refused_names_its_place(given, where):
    with pytest.raises(InvalidInput) as refusal:
        parse_round_spec(published(workload=given))
    assert refusal.value.where == where


def _files(count, eligible, demand=1, preferred=()):
    return [File(f"K{number}", demand, eligible, preferred) for number in range(count)]


def test_two_experts_exchange_a_file_by_hand():
    """90 + 60 against 30 + 40: gap 80; 60 for 30 halves it to 20, nearer than 90 for 40 (50)."""
    experts = [Expert("A"), Expert("B")]
    costs = Costs([90, 60, 30, 40])
    readers = evened(_files(4, (0, 1)), experts, [(0,), (0,), (1,), (1,)], costs)
    assert sorted(minutes_of(readers, costs, 2)) == [100, 120]
    assert [sum(one in got for got in readers) for one in (0, 1)] == [2, 2]


@pytest.mark.parametrize(
    ("files", "experts", "meetings"),
    [
        ([File("a", 1, (0,)), File("b", 1, (0, 1))], [Expert("A"), Expert("B")], None),  # B may not read a
        (
            [File("a", 1, (0, 1), (0,)), File("b", 1, (0, 1))],
            [Expert("A"), Expert("B")],
            None,
        ),  # A knows a's kind
        (
            _files(2, (0, 1)),
            [Expert("A"), Expert("B")],
            Meetings({"practitioner": 1}, [(("practitioner", "p"),), ()], {(1, ("practitioner", "p")): 1}),
        ),
    ],
    ids=["recusal", "specialty", "meetings"],
)
def test_no_exchange_against_a_rule(files, experts, meetings):
    costs = Costs([90, 30], {0: 100})
    assert evened(files, experts, [(0,), (1,)], costs, meetings=meetings) == ((0,), (1,))
    free = _files(2, (0, 1))
    assert evened(free, experts, [(0,), (1,)], costs) == ((1,), (0,))


def test_no_exchange_puts_two_of_one_provider_together():
    experts = [Expert("A"), Expert("B", "firm"), Expert("C", "firm")]
    files = [File("a", 2, (0, 1, 2)), File("b", 1, (0, 1, 2))]
    # C carries 100 from before and leaves the file of A, so B of the same firm may come
    assert evened(files, experts, [(0, 2), (1,)], Costs([90, 30], {2: 100})) == ((0, 1), (2,))
    # A would leave, but C stays, and B may not sit beside C
    assert evened(files, experts, [(0, 2), (1,)], Costs([90, 30], {0: 100})) == ((0, 2), (1,))


@pytest.mark.parametrize("number", range(12))
def test_a_deal_in_minutes_keeps_what_the_deal_in_files_promises(number):
    chance = random.Random(number)
    experts = [Expert(f"E{one:02}", f"F{one % 7}") for one in range(20)]
    files = [File(f"K{one:03}", 2, tuple(sorted(chance.sample(range(20), 14)))) for one in range(75)]
    groups = [(("institution", f"I{chance.randrange(6)}"),) for _one in files]
    meetings = Meetings({"institution": 4}, groups) if number % 2 else None
    costs = Costs([chance.choice((30, 45, 50, 72, 120, 260)) for _one in files])
    plain = deal(files, experts, deal_seed=SEED, meetings=meetings)
    even = deal(files, experts, deal_seed=SEED, meetings=meetings, costs=costs)
    assert even.loads == plain.loads == tuple(sum(one in got for got in even.readers) for one in range(20))
    before, after = even.minutes
    assert list(before) == minutes_of(plain.readers, costs, 20)
    assert sum(one * one for one in after) <= sum(one * one for one in before)
    assert max(after) <= max(before)
    assert min(after) >= min(before)
    for file, got in zip(files, even.readers, strict=True):
        assert set(got) <= set(file.eligible)
        assert len({experts[one].provider for one in got}) == len(got)
    assert is_kept(even.readers, meetings)
    assert components(even.readers) <= components(plain.readers)
    assert even.readers == deal(files, experts, deal_seed=SEED, meetings=meetings, costs=costs).readers
