"""Terms by hand: pairs of neighbouring characters, whole words of letters and digits."""

import pytest

from qualityeval.core.search_words import Term, asked_terms, stored_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("盗窃罪", "盗窃 窃罪 罪"),
        ("王", "王"),
        ("临援民〔2026〕00123号", "临援 援民 民 2026 00123 123 号"),
        ("２０２６ＡＢ", "2026ab"),
        ("", ""),
        ("（）——", ""),
        ("330102199001011234", "330102199001011234 011234 1234"),
        ("A-1_b", "a 1 b"),
        ("0000", "0000"),
    ],
)
def test_what_is_stored(text, terms):
    assert stored_terms([text]) == terms


def test_initials_are_terms_of_their_own():
    assert stored_terms(["王小明", ""], ["wxm", ""]) == "王小 小明 明 wxm"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("盗窃", [Term("盗窃", False)]),
        ("盗窃罪", [Term("盗窃", False), Term("窃罪", False)]),
        ("明", [Term("明", True)]),
        ("WXM", [Term("wxm", True)]),
        ("123 离婚", [Term("123", True), Term("离婚", False)]),
        ("'\" & | ! ( ) *", []),
    ],
)
def test_what_is_asked(text, terms):
    assert list(asked_terms(text)) == terms


@pytest.mark.parametrize("asked", ["盗窃", "窃罪", "盗窃罪", "窃", "罪", "2026", "00123", "123", "临援民"])
def test_every_piece_that_a_person_would_type_is_among_the_stored_terms(asked):
    stored = stored_terms(["临援民〔2026〕00123号", "盗窃罪"]).split(" ")
    for term in asked_terms(asked):
        assert any(word.startswith(term.text) if term.is_prefix else word == term.text for word in stored)


def test_a_very_long_question_stays_small():
    assert len(asked_terms("一二三四五六七八九十" * 50)) <= 24
