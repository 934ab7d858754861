"""Numbers of persons: identity cards and telephones. Check digits are python-stdnum's.

    id_problem(text) -> (code, Chinese text) or None     for core.register's `id_problem`
    normal_id(text) / normal_phone(text) -> text         the form that is indexed and compared
    masked_id(text) · masked_phone(text)                 what lists and pages show: 6+4 and 3+4 digits

Only an 18-digit (or old 15-digit) mainland number has a rule to break; passports, permits and other papers
are taken as they are.
"""

import re

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from qualityeval.core.errors import msg

BAD_ID = msg("身份证号码无效（校验位或出生日期不符）。请核对。")
DESTROYED_ID = msg("身份证号码末尾是 000，可能已被 Excel 改掉。请核对，并把该列设为“文本”格式。")
_SPACES = re.compile("[\\s\u3000\u200b-\u200f\ufeff.·-]+")
_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ＋（）－", "0123456789Xx+()-")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})")
_KEPT_ID, _KEPT_PHONE = (6, 4), (3, 4)


def _digits(text: str) -> str:
    return _SPACES.sub("", text.translate(_WIDE)).upper()


def _is_card(number: str) -> bool:
    return re.fullmatch(r"[0-9]{17}[0-9X]", number) is not None


def normal_id(text: str) -> str:
    """Upper case, without spaces and hyphens; an old 15-digit number in its 18-digit form."""
    number = _digits(text)
    if re.fullmatch(r"[0-9]{15}", number):
        longer = f"{number[:6]}19{number[6:]}"
        return longer + ric.calc_check_digit(longer + "0")
    return number


def id_problem(text: str) -> tuple[str, str] | None:
    """Why an identity number can't be right, or None; papers of other kinds are never faulted."""
    number = normal_id(text)
    if not _is_card(number):
        return None
    try:
        # the place isn't checked: the library's list lacks counties that numbers of living people name
        ric.get_birth_date(number)
        is_right = ric.calc_check_digit(number) == number[-1]
    except ValidationError:
        is_right = False
    if is_right:
        return None
    return ("id.destroyed", DESTROYED_ID) if number.endswith("000") else ("id.check_digit", BAD_ID)


def normal_phone(text: str) -> str:
    """E.164 (+8613800000000, +8657187000000); what is no such number keeps its digits and extension."""
    number = _digits(text).replace("(", "").replace(")", "")
    number = re.sub(r"^(?:\+|00)86", "", number)
    if _MOBILE.fullmatch(number):
        return f"+86{number}"
    if match := _LANDLINE.fullmatch(number):
        return f"+86{match[1][1:]}{match[2]}"
    return number


def masked_id(text: str) -> str:
    """First 6 and last 4 signs; a short number shows its last 2 at most."""
    return _masked(_SPACES.sub("", text), *_KEPT_ID)


def masked_phone(text: str) -> str:
    """First 3 and last 4 digits of the number as written, without the country's."""
    bare = re.sub(r"^(?:\+|00)86", "", re.sub(r"[()]", "", _digits(text)))
    return _masked(bare, *_KEPT_PHONE)


def _masked(text: str, first: int, last: int) -> str:
    if not text:
        return ""
    if len(text) < first + last + 3:  # so little would stay hidden that nearly all is hidden instead
        shown = min(2, len(text) // 4)
        return "*" * (len(text) - shown) + text[len(text) - shown :]
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]
