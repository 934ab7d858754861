"""Pseudonyms: one name one token; numbers by their form; recall on planted papers. Goals of security.md BL5."""

from itertools import pairwise

import pytest

from qualityeval.core.learned_names import learned
from qualityeval.core.masking_recall import recall
from qualityeval.core.pseudonyms import find, numbered, replaced

KNOWN = [("recipient", "李雷"), ("practitioner", "王小明"), ("provider", "浙江天平律师事务所")]


def test_the_same_name_has_the_same_token_in_every_paper_of_the_case():
    papers = [
        "会见人：王小明\n被会见人：李雷",
        "辩护词\n辩护人：王小明\n证人：钱多多",
        "证人钱多多称，李雷不在场",
    ]
    names = learned(papers, KNOWN)
    assert [replaced(text, names) for text in papers] == [
        "会见人：承办人甲\n被会见人：受援人甲",
        "辩护词\n辩护人：承办人甲\n证人：人员甲",
        "证人人员甲称，受援人甲不在场",
    ]


def test_a_paper_added_last_changes_no_earlier_token():
    before = learned(["审判长：欧阳锋", "书记员：钱多多"], KNOWN)
    after = learned(["审判长：欧阳锋", "书记员：钱多多", "证人：孙尚香"], KNOWN)
    assert after[: len(before)] == before
    assert [name.token for name in after[-3:]] == ["人员甲", "人员乙", "人员丙"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("李 雷", "受援人甲"),
        ("天平律师事务所的王律师", "承办单位甲的承办人甲"),
        ("王\n小明", "承办人甲"),
        ("身份证330102199001011234。", "身份证［证件号码］。"),
        ("3301 0219 9001 0112 34", "［证件号码］"),
        ("３３０１０２１９９００１０１１２３４", "［证件号码］"),
        ("执业证13301201510123456", "执业证［执业证号］"),
        ("电话１３８００１３８０００或138-0013-8000", "电话［电话］或［电话］"),
        ("0571-88886666、a.b@c.com", "［电话］、［邮箱］"),
        ("案由盗窃，2026年3月1日，金额12000元", "案由盗窃，2026年3月1日，金额12000元"),
        ("由杭州大成律师事务所代理", "由［单位］代理"),
    ],
)
def test_names_and_numbers_are_found_as_they_are_written(text, shown):
    assert replaced(text, numbered(KNOWN)) == shown


def test_organs_are_masked_at_the_full_level_only():
    names = numbered([*KNOWN, ("organ", "杭州市上城区人民法院")])
    text = "杭州市上城区人民法院通知李雷"
    assert replaced(text, names) == "杭州市上城区人民法院通知受援人甲"
    assert replaced(text, names, full=True) == "机关甲通知受援人甲"


def test_a_name_that_was_found_to_be_none_stays():
    names = learned(["证人：高明"], [*KNOWN, ("kept", "高明")])
    assert replaced("高明的做法", names) == "高明的做法"


def test_of_two_readings_of_a_name_the_one_that_stands_more_often_counts():
    assert learned(["证人黄霞陈述。", "你认识黄霞吗", "黄霞在场"], [])[0].text == "黄霞"


def test_spans_never_overlap():
    spans = find("王小明律师13301201510123456138001380001", numbered(KNOWN))
    assert all(one.end <= two.start for one, two in pairwise(spans))


def test_an_empty_text_holds_nothing():
    assert find("", ()) == []
    assert replaced("", numbered(KNOWN)) == ""


def test_recall_on_planted_papers_reaches_its_goals(proof_count):
    """At least 99 % of numbers and 95 % of names in all; a person whom no label names is what rules can't know."""
    found = {one.sort: one for one in recall(max(proof_count(500), 40))}
    for sort in ("ids", "phones", "licences", "firms", "known"):
        assert found[sort].share >= 0.99, found[sort]
    names = [found["known"], found["learned"]]
    assert sum(one.found for one in names) >= 0.95 * sum(one.planted for one in names)
    print({sort: f"{one.found}/{one.planted}" for sort, one in found.items()})
