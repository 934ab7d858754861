"""Specialties: words of the pool against kinds of cases, and what they do to a deal."""

import pytest

from qualityeval.core.dealing import Expert, File, deal, wishes_of
from qualityeval.core.errors import InvalidInput
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.core.specialties import asked_of, codes_of, fits
from tests.core.round_specs import published

SEED = "a" * 64


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["刑事", "民事"], {"criminal", "civil"}),
        (["Criminal"], {"criminal"}),
        (["劳动争议", "未成年人"], {"labour", "juvenile"}),
        (["行政", "其他"], {"administrative", "other"}),
        (["海事"], set()),
        ([], set()),
    ],
)
def test_words_of_the_pool(words, codes):
    assert codes_of(words) == codes


@pytest.mark.parametrize(
    ("words", "case", "expected"),
    [
        (["刑事"], ("criminal", "defence"), True),
        (["民事"], ("criminal", "defence"), False),
        (["劳动"], ("civil", "arbitration"), True),
        (["民事"], ("civil", "arbitration"), True),
        (["劳动"], ("civil", "representation"), False),
        (["其他"], ("civil", "representation"), False),
        ([], ("civil", "representation"), False),
    ],
)
def test_who_fits(words, case, expected):
    assert fits(words, asked_of(*case)) is expected


def test_a_minors_case_asks_for_juvenile_too():
    assert fits(["未成年人"], asked_of("criminal", "defence", minor=True))
    assert not fits(["未成年人"], asked_of("criminal", "defence"))


def test_preferred_experts_are_asked_first_and_others_fill_the_rest():
    file = File("k", 2, tuple(range(20)), (3, 5, 7))
    (drawn,) = wishes_of([file], deal_seed=SEED, width=12).tolist()
    assert (set(drawn[:3]), len(drawn), len(set(drawn))) == ({3, 5, 7}, 12, 12)
    wide = File("k", 2, tuple(range(40)), tuple(range(0, 40, 2)))
    (many,) = wishes_of([wide], deal_seed=SEED, width=12).tolist()
    assert len(many) == 12
    assert all(one % 2 == 0 for one in many)


def test_preference_changes_the_readers_but_never_the_loads():
    experts = [Expert(f"E{number:02d}") for number in range(10)]
    plain = [File(f"c{number}", 2, tuple(range(10))) for number in range(40)]
    halves = [
        File(one.key, 2, one.eligible, tuple(range(5)) if index % 2 else tuple(range(5, 10)))
        for index, one in enumerate(plain)
    ]
    found = deal(halves, experts, deal_seed=SEED)
    assert found.loads == (8,) * 10
    fitting = sum(
        reader in file.preferred for file, got in zip(halves, found.readers, strict=True) for reader in got
    )
    by_chance = sum(
        reader in file.preferred
        for file, got in zip(halves, deal(plain, experts, deal_seed=SEED).readers, strict=True)
        for reader in got
    )
    assert by_chance < 60 < fitting, (by_chance, fitting)


def test_the_specification_takes_the_key_and_ignores_by_default():
    assert parse_round_spec(published()).specialty == "ignore"
    assert "specialty" not in parse_round_spec(published()).as_plan()
    chosen = parse_round_spec(published(specialty="required"))
    assert (chosen.specialty, chosen.as_plan()["specialty"]) == ("required", "required")
    with pytest.raises(InvalidInput) as refused:
        parse_round_spec(published(specialty="maybe"))
    assert refused.value.where == "specialty"
