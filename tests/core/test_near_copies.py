"""Near copies: containment by hand, passages of both, no hint where texts are short or differ."""

from qualityeval.core.near_copies import NEAR, RUN, likeness

LETTERS = "".join(chr(0x4E00 + number) for number in range(600))


def test_a_text_copied_whole_into_a_longer_one_is_contained():
    found = likeness(LETTERS[:200], LETTERS[300:400] + LETTERS[:200])
    assert found.share == 1
    assert found.is_near
    assert found.passages[0].words == LETTERS[:200]


def test_containment_is_what_a_hand_counts():
    """200 letters each, 150 in common as one stretch: (150 - 8 + 1) of (200 - 8 + 1) runs."""
    found = likeness(LETTERS[:200], LETTERS[50:200] + LETTERS[300:350])
    assert found.share == (150 - RUN + 1) / (200 - RUN + 1)
    assert found.share >= NEAR


def test_blanks_and_punctuation_hide_no_copy_and_each_passage_stands_as_written():
    spaced = "，".join(LETTERS[at : at + 5] for at in range(0, 150, 5))
    found = likeness(LETTERS[:150], spaced)
    assert found.share == 1
    assert found.passages[0].first == LETTERS[:150]
    assert "，" in found.passages[0].second


def test_texts_that_share_little_get_no_hint():
    found = likeness(LETTERS[:200], LETTERS[180:400])
    assert found.share is not None
    assert not found.is_near
    assert found.passages == ()
    assert likeness(LETTERS[:100], LETTERS[:100]).share is None
