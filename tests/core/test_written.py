"""What is written into a field: trimmed, asked for, and refused rather than cut short."""

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.written import written

ASK = "请写明更正的理由，最多%(most)s个字。"


def reason(text, **more):
    return written(text, "reason", code="restatement.reason", longest=5, ask=ASK, **more)


def test_blanks_around_go_and_lines_stay():
    assert reason(" 一\r\n二 ") == "一\n二"
    assert reason("一二三四五") == "一二三四五"
    assert reason("  ", needed=False) == ""


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "restatement.reason", "请写明更正的理由，最多5个字。"),
        (" \r\n", "restatement.reason", "请写明更正的理由，最多5个字。"),
        ("一二三四五六", "restatement.long", "最多写5个字。"),
    ],
)
def test_nothing_and_too_much_are_refused_at_the_field(text, code, message):
    with pytest.raises(InvalidInput) as refusal:
        reason(text)
    assert (refusal.value.code, refusal.value.where, refusal.value.message) == (code, "reason", message)
