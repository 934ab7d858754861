"""What takes two people: one's word, then another's. One person twice is one; the command line is nobody.

TwoPeople(code, again, where="--as")      an act, and how it refuses whoever has had their say
.account(by) -> int                       who speaks: an account
.other(by, first) -> int                  who seconds: another account than the first
.heard(standing, word) -> Agreement       first: keep it and wait; agreed: do it; differ: discard both
"""

from dataclasses import dataclass
from enum import StrEnum

from qualityeval.core.errors import NotAllowed, WrongState, msg

NOBODY = msg("这一步要由两个账号先后办理，命令行本身不算一人。请用 --as 写明账号。")


class SamePerson(WrongState):
    """Whoever was first can't be the second too."""


class Agreement(StrEnum):
    """What a word led to."""

    FIRST = "first"
    AGREED = "agreed"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True)
class Word:
    """What one person said; `text` is what has to be the same, empty where a yes is all."""

    by: int | str
    text: str = ""


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """An act that takes two: the code and the words for whoever was first, and the field that they belong to."""

    code: str
    again: str
    where: str = "--as"

    def account(self, by: int | None) -> int:
        """The account that speaks; NotAllowed (`….account_needed`) for the command line, which counts as nobody."""
        if by is None:
            raise NotAllowed(f"{self.code.partition('.')[0]}.account_needed", NOBODY, where="--as")
        return by

    def refuse_same(self, by: int | str | None, first: int | str | None) -> None:
        """SamePerson where the two are one."""
        if by is not None and by == first:
            raise SamePerson(self.code, self.again, where=self.where)

    def other(self, by: int | None, first: int | None) -> int:
        """The account that seconds what the first one proposed; refused to that one, and to the command line."""
        account = self.account(by)
        self.refuse_same(account, first)
        return account

    def heard(self, standing: Word | None, word: Word) -> Agreement:
        """Compare a word with the one that stands; refused to whoever said that one.

        `FIRST`: keep it, another speaks next. `AGREED`: two said the same. `DIFFER`: neither counts, both speak again.
        """
        if standing is None:
            return Agreement.FIRST
        self.refuse_same(word.by, standing.by)
        return Agreement.AGREED if standing.text == word.text else Agreement.DIFFER
