"""Where a person wants to be told of things: a mail address, a mobile number."""

import re

from qualityeval.core.errors import InvalidInput, msg

LONGEST_EMAIL = 254
# one @, something before, a dotted name after, nothing that could start a second header or recipient
EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}@[^\s@,;:<>()\[\]\"\\.]+(?:\.[^\s@,;:<>()\[\]\"\\.]+)+")
MOBILE = re.compile(r"\+?\d{7,15}")


def email_address(text: str) -> str:
    """The address without blanks around, empty where none; InvalidInput `contact.email` where it isn't one."""
    address = text.strip()
    if address and (len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address)):
        raise InvalidInput("contact.email", msg("这不像邮箱地址。请写成name@example.cn这样。"), where="email")
    return address


def mobile_number(text: str) -> str:
    """Digits with an optional +, blanks and hyphens taken out; InvalidInput `contact.mobile` otherwise."""
    number = re.sub(r"[\s\-‐-―]", "", text)
    if number and not MOBILE.fullmatch(number):
        raise InvalidInput("contact.mobile", msg("手机号码只能是7到15位数字。"), where="mobile")
    return number
