"""The draw: a ticket for each case, the n smallest of a stratum drawn, the next in order its reserve.

    seed_from(plan_digest=, secret=, public=) -> str        H(plan_digest, secret, public)
    ticket(seed, case_key) -> str                           H(seed, "draw", case_key)
    draw(frame, sizes: Mapping[label, n], seed=) -> Draw    .strata, .stratum(label), .drawn(), .n
    DrawnStratum: label, N, n, order; .drawn, .reserve, .last_ticket, .weight (Fraction N/n)
    Ticket: place (from 1), key, ticket
    first_tickets(keys, n, seed=) -> tuple[Ticket, ...]     the tickets 1 ... n of one stratum's keys
    final_weight(N, opened=, eligible=, respondents=) -> Fraction | None

No library generator: row order, database and platform change nothing, and `printf | sha256sum`
checks one case.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from qualityeval.core.ceremony import public_value
from qualityeval.core.digests import HEX64, SEPARATOR, digest
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import Frame
from qualityeval.core.tickets import Hashed, Tickets, by_stratum, digests_of
from qualityeval.core.tickets import Ticket as Ticket  # noqa: PLC0414 -- callers know it by this module

PURPOSE = "draw"


@dataclass(frozen=True, eq=False)
class DrawnStratum:
    """A stratum with its N cases, of which the n with the smallest tickets are drawn.

    `first`: the rows of the drawn ones in the frame, in ticket order; `rows`: all of the stratum's, in no order.
    """

    label: str
    n: int
    first: np.ndarray = field(repr=False)
    rows: np.ndarray = field(repr=False)
    tickets: Tickets = field(repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DrawnStratum):
            return NotImplemented
        return (self.label, self.n, self.order) == (other.label, other.n, other.order)

    def __hash__(self) -> int:
        return hash((self.label, self.n))

    @property
    def N(self) -> int:  # noqa: N802 -- the trade's symbol, and the certificate's key
        """Cases of the frame in this stratum."""
        return len(self.rows)

    @cached_property
    def order(self) -> tuple[Ticket, ...]:
        """All N cases in ticket order."""
        return self.drawn + self.reserve

    @cached_property
    def drawn(self) -> tuple[Ticket, ...]:
        """The n drawn, in ticket order."""
        return self.tickets.listed(self.first, 1)

    @cached_property
    def reserve(self) -> tuple[Ticket, ...]:
        """The rest, in the order in which they would replace."""
        rest = np.setdiff1d(self.rows, self.first, assume_unique=True)
        return self.tickets.listed(self.tickets.smallest(rest, len(rest)), self.n + 1)

    @property
    def last_ticket(self) -> str | None:
        """The largest ticket drawn; None where n is 0."""
        return self.tickets.text(int(self.first[-1])) if self.n else None

    @property
    def weight(self) -> Fraction | None:
        """The design weight N/n, exact; None where n is 0."""
        return Fraction(self.N, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class Draw:
    """Strata by the bytes of their label."""

    seed: str
    strata: tuple[DrawnStratum, ...]

    @property
    def n(self) -> int:
        """Cases drawn over all strata."""
        return sum(stratum.n for stratum in self.strata)

    def stratum(self, label: str) -> DrawnStratum:
        """The stratum of this label; `InvalidInput` where there is none."""
        for stratum in self.strata:
            if stratum.label == label:
                return stratum
        raise _no_stratum(label)

    def drawn(self) -> Iterator[tuple[DrawnStratum, Ticket]]:
        """Every drawn case with its stratum."""
        for stratum in self.strata:
            for place in stratum.drawn:
                yield stratum, place


def _no_stratum(label: str) -> InvalidInput:
    return InvalidInput("draw.no_stratum", msg("抽样框里没有“%(label)s”这一层。"), where=label, label=label)


def seed_from(*, plan_digest: str, secret: str, public: str) -> str:
    """H(plan_digest, secret, public): the seed of the draw; `public` is taken in NFC and trimmed."""
    return digest(plan_digest, secret, public_value(public))


def ticket(seed: str, key: str) -> str:
    """H(seed, "draw", case_key). Tickets compare as text."""
    return digest(seed, PURPOSE, key)


def ticket_prefix(seed: str) -> bytes:
    """What is hashed before the key of each case."""
    return f"{seed}{SEPARATOR}{PURPOSE}{SEPARATOR}".encode()


def draw(
    frame: Frame,
    sizes: Mapping[str, int],
    *,
    seed: str,
    hashed: Hashed = digests_of,
) -> Draw:
    """The draw of `sizes[label]` cases from each stratum of the frame.

    `hashed` gives the SHA-256 of prefix and key for every case, for callers with more processors.
    Refuses with `InvalidInput`: a seed that isn't 64 hex digits, a stratum without a size or a size
    without a stratum, a size below 0 or above N.
    """
    if not HEX64.fullmatch(seed):
        raise InvalidInput("draw.seed_form", msg("种子须是 64 位小写十六进制数。"), where="seed")
    for label in sizes.keys() ^ frame.sizes.keys():
        raise _no_stratum(label)
    for label, size in frame.sizes.items():
        if not 0 <= sizes[label] <= size:
            raise InvalidInput(
                "draw.size_range",
                msg("“%(label)s”层有 %(size)s 件，不能抽 %(n)s 件。"),
                where=label, label=label, size=size, n=sizes[label],
            )  # fmt: skip
    tickets = Tickets(frame, hashed(frame, ticket_prefix(seed)))
    rows = by_stratum(frame)
    return Draw(
        seed,
        tuple(
            DrawnStratum(label, sizes[label], tickets.smallest(part, sizes[label]), part, tickets)
            for label, part in zip(frame.sizes, rows, strict=True)
        ),
    )


def first_tickets(keys: Iterable[str], n: int, *, seed: str) -> tuple[Ticket, ...]:
    """The n smallest tickets of one stratum, from its keys alone: what a replacement or supplement opens."""
    smallest = heapq.nsmallest(n, ((ticket(seed, key), key.encode(), key) for key in keys))
    return tuple(Ticket(place, key, text) for place, (text, _, key) in enumerate(smallest, start=1))


def final_weight(size: int, *, opened: int, eligible: int, respondents: int) -> Fraction | None:
    """The final weight of a stratum: N̂/respondents with N̂ = N·eligible/opened; reserve units share it.

    `size` is N, `opened` the tickets looked at (drawn and replacements), `eligible` those in scope,
    `respondents` those with a result. None where nobody responds: there is nothing to weight.
    """
    if not 0 <= respondents <= eligible <= opened <= size:
        raise InvalidInput(
            "draw.disposition_counts",
            msg("件数不合：有结果的 ≤ 在范围内的 ≤ 已开的签 ≤ 该层总数。"),
            where="dispositions",
        )
    return Fraction(size * eligible, opened * respondents) if respondents else None
