"""What a case is called everywhere outside.

case_key(institution, number) -> str                    "3301:(2025)临援民字第1号"
case_keys(institutions, numbers) -> Sequence[str]       the same for many
sealed_key(institution, number, salt=) -> str           "3301:~" + H(salt, case_key)
"""

from collections.abc import Sequence

from qualityeval.core.digests import HEX64, digest, normal, normal_all
from qualityeval.core.errors import InvalidInput, msg


def case_key(institution: str, number: str) -> str:
    """Institution code `:` case number. The code holds no `:` or `|`; both are there; NFC."""
    return case_keys([institution], [number])[0]


def case_keys(institutions: Sequence[str], numbers: Sequence[str]) -> Sequence[str]:
    """`case_key` of many cases, each institution's code looked at once."""
    for code in set(institutions):
        if not code or ":" in code or "|" in code:
            raise InvalidInput(
                "frame.institution_code",
                msg("机构代码“%(value)s”不能用：不得为空，不得含冒号或竖线。请在机构页改正。"),
                where="institution",
                value=code,
            )
    if not all(numbers):
        raise InvalidInput(
            "frame.number_empty", msg("有案件没有案号，不能进入抽样框。请在登记表里补上。"), where="number"
        )
    return normal_all(list(map("{}:{}".format, institutions, numbers)))


def sealed_key(institution: str, number: str, *, salt: str) -> str:
    """The masked key of a sealed case: institution code `:~` H(salt, case_key); `salt` is 64 hex digits."""
    if not HEX64.fullmatch(salt):
        raise InvalidInput("frame.salt", msg("盐值须是 64 位小写十六进制数。"), where="salt")
    return normal(f"{institution}:~{digest(salt, case_key(institution, number))}")
