"""Labels and figures of rounds: every code has its words, every rounding is half up."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from qualityeval.core import spec_reading as spec
from qualityeval.core.ceremony import SeedKind
from qualityeval.core.codes import AidForm, CaseType, Stage
from qualityeval.core.consensus import RESOLVES, RULES, TRIGGERS
from qualityeval.core.rubric_parts import METHODS
from qualityeval.core.spec_parts import REGIONS
from qualityeval.core.verification import NAMES
from qualityeval.core.workflow import RoundState
from qualityeval.words import rounds as words
from qualityeval.words.figures import digest_groups, rounded, share_text, weight_text
from qualityeval.words.labels import Label
from qualityeval.words.moments import day, moment, number
from qualityeval.words.verification import CHECKS

PAIRS = {
    "states": (RoundState, words.STATES), "steps": ({*RoundState} - {"withdrawn"}, words.STEPS),
    "kinds": (spec.KINDS, words.KINDS), "bases": (spec.BASES, words.BASES), "seeds": (SeedKind, words.SEED_SOURCES),
    "series": (spec.SERIES, words.SERIES), "call-in": (spec.CALL_INS, words.CALL_INS),
    "missing": (spec.MISSING_FILES, words.MISSING_FILES), "blindness": (spec.BLINDNESS, words.BLINDNESS),
    "rules": (RULES, words.CONSENSUS_RULES), "triggers": (TRIGGERS, words.TRIGGERS),
    "resolves": (RESOLVES, words.RESOLVES), "regions": (REGIONS, words.REGIONS), "methods": (METHODS, words.METHODS),
    "case types": (CaseType, words.CASE_TYPES), "aid forms": (AidForm, words.AID_FORMS),
    "stages": (Stage, words.STAGES), "checks": (NAMES, CHECKS),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_every_code_has_its_words_and_none_is_left_over(name):
    codes, labels = PAIRS[name]
    assert {str(code) for code in codes} == set(labels)
    assert all(label.zh and label.en and label.zh != label.en for label in labels.values())


def test_a_label_in_the_reader_s_language():
    label = Label("草稿", "Draft")
    assert (label.text("zh"), label.text("en"), label.text("fr")) == ("草稿", "Draft", "草稿")


@pytest.mark.parametrize(
    ("label", "fields", "zh", "en"),
    [
        ("criminal|trial", ("case_type", "stage"), "刑事·审判", "Criminal·Trial"),
        ("trial|criminal", ("cause", "region"), "trial·criminal", "trial·criminal"),
        ("-", (), "全部案件", "All cases"),
        ("-", ("stage",), "空", "Empty"),
        ("330102|none", ("institution", "stage"), "望澜区·不分阶段", "望澜区·No stage"),
        ("330199", ("institution",), "330199", "330199"),
        ("a|b", ("stage",), "a|b", "a|b"),
    ],
)
def test_strata_in_words(label, fields, zh, en):
    places = {"330102": "望澜区"}
    assert words.stratum(label, fields, "zh", places=places) == zh
    assert words.stratum(label, fields, "en", places=places) == en


def test_shares_and_weights_are_rounded_once_half_up():
    assert share_text(1, 800) == "0.1%"  # 0.125
    assert share_text(3, 800) == "0.4%"  # 0.375
    assert share_text(1, 8) == "12.5%"
    assert share_text(2, 3) == "66.7%"
    assert share_text(0, 0) == "—"
    assert rounded(Fraction(1, 8), 2) == "0.13"  # a float's 0.125 is printed 0.12 by round()
    assert weight_text(13, 4) == "3.25"
    assert weight_text(1, 8) == "0.13"
    assert weight_text(9, 0) == "—"


def test_a_digest_in_groups_of_eight():
    assert digest_groups("0123456789abcdef01") == ["01234567", "89abcdef", "01"]


def test_days_and_instants_as_on_the_office_wall():
    evening = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert (day(evening), moment(evening)) == ("2027-01-01", "2027-01-01 00:30")
    assert day(date(2026, 3, 4)) == "2026-03-04"
    assert (day(None), moment(None), number(None)) == ("", "", "")
    assert number(24618) == "24,618"
