"""Numbers of persons in notes (threat list PR10): at least 990 of 1,000 planted ones found, none where there is none."""

import random

import pytest
from stdnum.cn import ric

from qualityeval.core.free_text import numbers_in, without_numbers

SENTENCES = (
    "对方说{}可以再打",
    "家属留了{}",
    "{}",
    "请改拨 {} ，下午在",
    "受援人{}，已转告",
    "说号码是：{}。",
    "({})备用",
    "记下{}了",
)
CLEAN = (
    "（2026）浙0102刑初123号", "2026年11月25日 14:30 改约", "案号 2026-00418，卷3第17页", "收过3000元，没有收条", "见过2次，每次40分钟",
    "330102:2026-00001", "法条第264条第2款", "响铃40秒，无人", "庭审9:05开始，11:30结束", "判了3年6个月",
)  # fmt: skip


def card(dice):
    body = f"{dice.choice(['330102', '110101', '440305'])}{dice.randint(1940, 2015)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{dice.randint(0, 999):03d}"
    return body + ric.calc_check_digit(body + "0")


def shapes(dice):
    mobile = f"1{dice.randint(3, 9)}{dice.randint(0, 10**9 - 1):09d}"
    number = card(dice)
    yield from (
        number,
        f"{number[:6]} {number[6:14]} {number[14:]}",
        number.lower(),
        number[:6] + number[8:17],
    )
    yield number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    yield from (
        mobile,
        f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
        f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
        f"+86 {mobile}",
    )
    yield f"0571-{dice.randint(20_000_000, 89_999_999)}"


def test_nearly_all_of_a_thousand_planted_numbers_are_found_whole():
    dice, found, planted = random.Random(10), 0, 0
    while planted < 1000:
        for number in shapes(dice):
            text = dice.choice(SENTENCES).format(number)
            masked = without_numbers(text)
            planted += 1
            found += bool(numbers_in(text)) and not any(sign.isdigit() for sign in masked)
    assert planted == 1000
    assert found >= 990, found


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_no_number_of_a_person_is_left_alone(text):
    assert numbers_in(text) == ()
    assert without_numbers(text) == text


def test_each_sort_is_named_once():
    assert numbers_in("13800138000或13900139000，证号330102199001011234") == ("电话", "证件号码")
    assert without_numbers("a@example.cn、13800138000") == "［邮箱］、［电话］"
