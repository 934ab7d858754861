"""How the text of one cell becomes a value: plain text, money in cents, yes or no, tags.

Each reader gives the value or raises `Unreadable(code, text, **params)`, which `core.register` turns into a
problem of the row. Empty text is "no value" everywhere: "" for texts, None for the rest.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from qualityeval.core.errors import msg
from qualityeval.core.vocabulary import NO, YES, folded

MAX_CENTS = 10**15  # ten thousand milliards of yuan: more is a slip of the keyboard
MAX_NUMBER, MAX_TEXT = 120, 200
LENGTHS: Mapping[str, int] = {
    "number": MAX_NUMBER, "status": 40, "source": 80, "notice_number": MAX_NUMBER, "series": MAX_NUMBER,
    "recipient_sex": 20, "recipient_tags": 400, "cause": 400, "position": 80, "court_number": MAX_NUMBER,
    "risk": 40, "practitioner": 100, "practitioner_licence": 40, "second_practitioner": 100,
    "second_licence": 40, "assigned_by": 80, "closing_method": 80,
    "opinion_adopted": 80, "recipient_id_number": 60, "recipient_phone": 60,
}  # fmt: skip

TOO_LONG = msg("“%(value)s…”超过 %(limit)s 个字。请缩短。")
NOT_MONEY = msg("“%(value)s”不是金额。请写成 1234.56 这样的数字（元，最多两位小数），也可写“1.2万元”。")
NOT_YES_NO = msg("“%(value)s”看不出是“是”还是“否”。请写“是”或“否”，或在映射文件的 values 里写明。")
CONTROL = msg("“%(value)s”里有换行、制表符或其他控制字符。请在原表里删去。")
SCIENTIFIC = msg(
    "“%(value)s”已被 Excel 改成科学记数法，原来的数字找不回来了。请把该列设为“文本”格式后重新录入。"
)
BAD_CODE = msg("机构代码“%(value)s”里不能有冒号（:）和竖线（|）。请改用别的列或改正代码。")

_WIDE = str.maketrans(
    {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+[0-9]{2,3}")
_MONEY = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(\.[0-9]*)?(万|亿)?")
_MONEY_SIGNS = str.maketrans("０１２３４５６７８９．，￥", "0123456789.,¥", " \u3000\u00a0")
_UNITS = {None: 1, "万": 10_000, "亿": 100_000_000}
_TAGS = re.compile(r"[;；、,，/|\n]+")
_NOTHING = frozenset({"-", "--", "—", "——", "/"})


class Unreadable(Exception):
    """A cell that can't be read; `text` is a Chinese sentence with places for `params`."""

    def __init__(self, code: str, text: str, **params: object) -> None:
        self.code, self.text, self.params = code, text, params
        super().__init__(code)


def plain(text: str) -> str:
    """Text as stored: NFC, trimmed, without invisible signs; line breaks and controls become spaces."""
    text = text.strip()
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()
    return text if text.isprintable() else _CONTROL.sub(" ", text.replace("\r\n", " ")).strip()


def limited(name: str, text: str) -> str:
    """`plain`, refused when longer than the field holds or when Excel has turned it into 3.3E+17."""
    text = plain(text)
    limit = LENGTHS.get(name, MAX_TEXT)
    if len(text) > limit:
        raise Unreadable("text.too_long", TOO_LONG, value=text[:20], limit=limit)
    if "+" in text and _SCIENTIFIC.fullmatch(text):
        raise Unreadable("cell.scientific", SCIENTIFIC, value=text)
    return text


def identity(name: str, text: str) -> str:
    """A case number or a code: `limited`, full-width digits and letters made plain, controls refused."""
    text = text.strip()
    if not text.isprintable():
        text = _INVISIBLE.sub("", text).strip()
        if _CONTROL.search(text):
            raise Unreadable("text.control", CONTROL, value=_CONTROL.sub("␣", text)[:60])
    return limited(name, text if text.isascii() else text.translate(_WIDE))


def institution_code(text: str) -> str:
    """An institution's code; it stands before the colon of a case key and inside stratum labels."""
    code = identity("number", text)
    if ":" in code or "|" in code:
        raise Unreadable("institution.code", BAD_CODE, value=code)
    return code


def money(text: str, *, is_number: bool = False) -> int | None:
    """Yuan as written → whole cents. `is_number`: a workbook's number, whose float dust is taken off."""
    bare = text.translate(_MONEY_SIGNS).removeprefix("¥").removesuffix("元").removesuffix("圆")
    if not bare or bare in _NOTHING:
        return None
    match = _MONEY.fullmatch(bare)
    if match is None or not (match[1] or (match[2] or "").strip(".")):
        raise Unreadable("money.unreadable", NOT_MONEY, value=text[:40])
    amount = (
        Decimal((match[1].replace(",", "") or "0") + (match[2] or "").rstrip(".")) * _UNITS[match[3]] * 100
    )
    cents = int(amount.to_integral_value())
    dust = Decimal("0.0001") if is_number else Decimal(0)
    if abs(amount - cents) > dust or cents > MAX_CENTS:
        raise Unreadable("money.unreadable", NOT_MONEY, value=text[:40])
    return cents


def yes_no(text: str) -> bool | None:
    """True, False or None for an empty cell."""
    bare = folded(text)
    if not bare or text.strip() in _NOTHING:
        return None
    if bare in YES:
        return True
    if bare in NO:
        return False
    raise Unreadable("yes_no.unreadable", NOT_YES_NO, value=text[:40])


def tags(name: str, text: str) -> str:
    """Several words → joined by ; in the order written, each once."""
    return limited(name, ";".join(dict.fromkeys(filter(None, (plain(tag) for tag in _TAGS.split(text))))))
