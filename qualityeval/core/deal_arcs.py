"""The arcs of a deal's network as columns: which expert each file may have, through which provider node.

A file's experts of one provider stand behind a node of their own, so that at most one of them reads it;
an expert without a provider, or alone of it on the file, is joined to the file directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE, SINK, POOL, FIRST = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """Columns with one row for each (file, expert) that may come true, files together and in order."""

    file: np.ndarray
    expert: np.ndarray
    starts: np.ndarray  # where each file's rows begin, and the end

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Wishes:
        """From the experts of each file."""
        sizes = np.fromiter(map(len, rows), np.int64, len(rows))
        expert = np.fromiter((one for row in rows for one in row), np.int64, sizes.sum())
        return cls(np.repeat(np.arange(len(rows)), sizes), expert, np.concatenate(([0], np.cumsum(sizes))))

    @classmethod
    def of_table(cls, table: np.ndarray) -> Wishes:
        """From a row a file, filled up with -1."""
        is_there = table >= 0
        sizes = is_there.sum(axis=1)
        file = np.repeat(np.arange(len(table)), sizes)
        return cls(file, table[is_there], np.concatenate(([0], np.cumsum(sizes))))

    def of_file(self, index: int) -> list[int]:
        """The experts of one file in the order in which they were wished."""
        found: list[int] = self.expert[self.starts[index] : self.starts[index + 1]].tolist()
        return found


@dataclass(frozen=True, slots=True)
class Nodes:
    """For each row of the wishes the node before its expert; and the file that owns each provider node."""

    before: np.ndarray
    owners: np.ndarray


def provider_nodes(wishes: Wishes, used: np.ndarray, providers: np.ndarray, *, first: int) -> Nodes:
    """Number the provider nodes from `first`: by file, within a file by who of the provider comes first."""
    before = FIRST + wishes.file
    shared = np.flatnonzero(_is_shared(wishes, providers))
    if not shared.size:
        return Nodes(before, np.empty(0, np.int64))
    # a group is a (file, provider) with two experts or more
    span = int(providers.max()) + 1
    groups, group = np.unique(
        wishes.file[shared] * span + providers[wishes.expert[shared]], return_inverse=True
    )
    owners = groups // span
    rank = _ranks(wishes, used, providers, groups, span)
    before[shared] = first + rank[group]
    return Nodes(before, owners)


def _is_shared(wishes: Wishes, providers: np.ndarray) -> np.ndarray:
    """Whether another expert on the same file has the same provider."""
    provider = providers[wishes.expert]
    has = np.flatnonzero(provider)
    span = int(providers.max(initial=0)) + 1
    key = wishes.file[has] * span + provider[has]
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    shared = np.zeros(len(provider), bool)
    shared[has[order[1:][same]]] = True
    shared[has[order[:-1][same]]] = True
    return shared


def _ranks(
    wishes: Wishes, used: np.ndarray, providers: np.ndarray, groups: np.ndarray, span: int
) -> np.ndarray:
    """The place of each group among the nodes; `groups` are in order of file and provider."""
    rank, owners = list(range(len(groups))), groups // span
    firm_of_group = (groups - owners * span).tolist()
    many = np.unique(owners[1:][owners[1:] == owners[:-1]])  # files with more than one
    expert, is_used, firm_of = wishes.expert.tolist(), used.tolist(), providers.tolist()
    spans = (
        np.searchsorted(owners, many), np.searchsorted(owners, many, "right"),
        wishes.starts[many], wishes.starts[many + 1],
    )  # fmt: skip
    for first, last, start, end in zip(*(one.tolist() for one in spans), strict=True):
        wished = expert[start:end]
        got = {one for one, is_reader in zip(wished, is_used[start:end], strict=True) if is_reader}
        place: dict[int, int] = {}
        for one in {*wished, *got}:  # the order of a set of small numbers: pinned by a test
            place.setdefault(firm_of[one], len(place))
        by_meeting = sorted((place[firm_of_group[group]], group) for group in range(first, last))
        for node, (_place, group) in enumerate(by_meeting, start=first):
            rank[group] = node
    return np.array(rank)
