"""Two people: who may be the second, and when two words are one."""

import pytest

from qualityeval.core.errors import NotAllowed
from qualityeval.core.two_people import Agreement, SamePerson, TwoPeople, Word

RELEASE = TwoPeople("release.said", "您已同意发布，请等另一位管理员。")
WANG, LI = 7, 8


def test_an_account_speaks_and_another_seconds():
    assert RELEASE.account(WANG) == WANG
    assert RELEASE.other(LI, WANG) == LI
    assert RELEASE.other(LI, None) == LI, "what nobody in particular proposed is anybody's to second"


def test_one_person_twice_is_one():
    for refused in (lambda: RELEASE.other(WANG, WANG), lambda: RELEASE.heard(Word(WANG), Word(WANG))):
        with pytest.raises(SamePerson) as refusal:
            refused()
        assert (refusal.value.code, refusal.value.where) == ("release.said", "--as")
        assert refusal.value.message == "您已同意发布，请等另一位管理员。"
    with pytest.raises(SamePerson, match=r"seed\.same"):  # whatever is said the second time
        TwoPeople("seed.same", "您已录入。", where="public").heard(Word("wang", "3 1"), Word("wang", "3 2"))


def test_the_command_line_is_nobody():
    for refused in (lambda: RELEASE.account(None), lambda: RELEASE.other(None, None)):
        with pytest.raises(NotAllowed) as refusal:
            refused()
        assert (refusal.value.code, refusal.value.where) == ("release.account_needed", "--as")
        assert "--as" in refusal.value.message, "the remedy"
    RELEASE.refuse_same(None, None)  # nobody is never the same as nobody


def test_a_word_waits_agrees_or_discards_both():
    assert RELEASE.heard(None, Word(WANG)) is Agreement.FIRST
    assert RELEASE.heard(Word(WANG), Word(LI)) is Agreement.AGREED
    assert RELEASE.heard(Word(WANG, "duplicate"), Word(LI, "duplicate")) is Agreement.AGREED
    assert RELEASE.heard(Word(WANG, "duplicate"), Word(LI, "sealed")) is Agreement.DIFFER
