"""Initials: readings after 现代汉语词典; surnames as surnames are read."""

import pytest

from qualityeval.adapters.pinyin import person_initials, phrase_initials


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("王小明", "wxm"), ("单田芳", "stf"), ("解晓东", "xxd"), ("仇英", "qy"), ("万俟雅言", "mqyy"), ("张伟", "zw"),
        ("Rossi, Pat O.", ""), ("", ""), ("秦○○", "q"),
    ],
)  # fmt: skip
def test_persons(name, initials):
    assert person_initials(name) == initials


@pytest.mark.parametrize(
    ("text", "initials"), [("重庆某某律师事务所", "cqmmlssws"), ("盗窃罪", "dqz"), ("theft", "")]
)
def test_phrases(text, initials):
    assert phrase_initials(text) == initials
