"""Letters are printed in parts: so many pages as a program, a printer and a person can hold at once.

parts(ids) -> tuple[Part, …]      where each part begins and ends
chosen(ids, first) -> ids         the letters of the part that begins with this one
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from qualityeval.core.errors import InvalidInput, msg

PART = 500


@dataclass(frozen=True)
class Part:
    """Letters number `begin` to `end`, counted from 1; `first` is the id of the first."""

    first: str
    begin: int
    end: int


def parts(ids: Sequence[str]) -> tuple[Part, ...]:
    """The parts of these letters in their order.

    >>> [(one.begin, one.end) for one in parts([str(number) for number in range(1100)])]
    [(1, 500), (501, 1000), (1001, 1100)]
    """
    return tuple(
        Part(ids[start], start + 1, min(start + PART, len(ids))) for start in range(0, len(ids), PART)
    )


def chosen(ids: Sequence[str], first: str) -> list[str]:
    """A part's worth of letters from `first` on; all where they fit into one part and none is named.

    Letters that were opened since the parts were listed are gone and their places are taken by the next, so that
    some may be printed twice (they are the same) but none is missed. Refuses a first that is gone, and more than a part
    of which none is named.
    """
    if not first and len(ids) <= PART:
        return list(ids)
    if first not in ids:
        raise InvalidInput(
            "letters.part",
            msg("信函一次最多打印 %(most)s 封，请回到页面按份打印。"),
            where="from",
            most=PART,
        )
    start = ids.index(first)
    return list(islice(ids, start, start + PART))
