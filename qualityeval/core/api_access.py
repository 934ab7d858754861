"""What a program that calls may do, and for how long its token lives."""

from collections.abc import Iterable
from enum import StrEnum

from qualityeval.core.errors import InvalidInput, msg

MOST_DAYS = 366
LONGEST_TITLE = 80


class ApiScope(StrEnum):
    """One door of the programs' interface; a token opens those it was made for and no other."""

    REGISTERS = "registers"  # bring a register in
    RESULTS = "results"  # read what the account may read of results


def token_wish(title: str, scopes: Iterable[str], days: int) -> tuple[str, tuple[ApiScope, ...]]:
    """The title and the scopes of a wished token, each once and in their order; InvalidInput names the field."""
    named = title.strip()
    if not 0 < len(named) <= LONGEST_TITLE:
        raise InvalidInput("token.title", msg("请写明这个令牌给哪个系统用，最多 80 字。"), where="title")
    wanted = set(scopes)
    chosen = tuple(scope for scope in ApiScope if scope.value in wanted)
    if not chosen or len(chosen) != len(wanted):
        raise InvalidInput("token.scopes", msg("请选择令牌可以做什么。"), where="scopes")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput("token.days", msg("有效天数应为 1 至 366 天。"), where="days")
    return named, chosen
