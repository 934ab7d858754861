"""The sampling frame: which cases may be drawn, each in its stratum, as one file of fixed bytes.

    stratum_label(values) -> str                            fields joined by "|", empty as "-"
    build_frame(rows: Iterable[(case_key, stratum)]) -> Frame      any order in, file order kept
    frame_in_order(portions: Iterable[(keys, strata)]) -> Frame    from a source that is in file order
    FrameColumns().add(keys, numbers), .frame(labels)       the same, strata as numbers named at the end
    one_per_series(keys, series) -> list[bool]              which cases stand for their series

`Frame`: `keys`, `strata` (parallel tuples in file order), `content` (the file's bytes), `digest`,
`sizes` (label -> N, by the label's bytes), `len(frame)`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import lt
from types import MappingProxyType

import numpy as np

from qualityeval.core.digests import normal, normal_all
from qualityeval.core.errors import InvalidInput, msg

HEADER = "case_key,stratum"
EMPTY = "-"
LONGEST_LABEL = 400
PORTION = 50_000
_QUOTED = re.compile(r'[",]')


@dataclass(frozen=True, eq=False)
class Frame:
    """A frozen frame in the order of its file: by the UTF-8 bytes of the case key.

    Ten million cases are held as one block of bytes and two columns of numbers; `keys`, `strata` and
    `content` are made when they are asked for.
    """

    block: bytes = field(repr=False)  # all keys as UTF-8, one after the other
    bounds: np.ndarray = field(repr=False)  # where each key begins in it, and the end
    codes: np.ndarray = field(repr=False)  # the stratum of each case: its place in `sizes`
    sizes: MappingProxyType[str, int]

    def __len__(self) -> int:
        return len(self.codes)

    def key_bytes(self, first: int = 0, last: int | None = None) -> list[bytes]:
        """The keys from `first` to before `last` as UTF-8."""
        bounds = self.bounds[first : len(self) + 1 if last is None else last + 1].tolist()
        return [self.block[a:b] for a, b in pairwise(bounds)]

    def key(self, row: int) -> str:
        """The key of one case."""
        return self.block[self.bounds[row] : self.bounds[row + 1]].decode()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """All keys in the order of the file."""
        return tuple(map(bytes.decode, self.key_bytes()))

    @property
    def strata(self) -> tuple[str, ...]:
        """The stratum of each case, parallel to `keys`."""
        labels = tuple(self.sizes)
        return tuple(labels[code] for code in self.codes.tolist())

    @cached_property
    def content(self) -> bytes:
        """The file's bytes."""
        return b"".join(self._written())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        whole = hashlib.sha256()
        for part in self._written():
            whole.update(part)
        return whole.hexdigest()

    def _written(self) -> Iterator[bytes]:
        ends = [f",{_quoted(label)}\n".encode() for label in self.sizes]
        needs_quotes = b'"' in self.block or b"," in self.block
        yield f"{HEADER}\n".encode()
        for first in range(0, len(self), PORTION):
            keys = self.key_bytes(first, min(first + PORTION, len(self)))
            if needs_quotes:
                keys = [_quoted(key.decode()).encode() for key in keys]
            codes = self.codes[first : first + PORTION].tolist()
            yield b"".join([key + ends[code] for key, code in zip(keys, codes, strict=True)])


def stratum_label(values: Sequence[str]) -> str:
    """The stratum's fields joined by `|`, an empty one as `-`; no fields at all is `-`.

    Refuses more than 400 characters: such a text is a remark, not something to count by.
    """
    label = "|".join(_label_part(value) for value in values) or EMPTY
    if len(label) > LONGEST_LABEL:
        raise InvalidInput(
            "frame.stratum_long",
            msg("“%(value)s…”太长（层名最多 %(most)s 个字符），不能用来分层。请换一个字段。"),
            where="strata",
            value=label[:40],
            most=LONGEST_LABEL,
        )
    return label


def _label_part(value: str) -> str:
    if "|" in value:
        raise InvalidInput(
            "frame.stratum_bar",
            msg("“%(value)s”含有竖线（|），不能用来分层。请在登记表里改成别的符号。"),
            where="strata",
            value=value,
        )
    return normal(value, where="strata") or EMPTY


def build_frame(rows: Iterable[tuple[str, str]]) -> Frame:
    """The frame of (case_key, stratum) rows in any order.

    Refuses with `InvalidInput`: no row, a key twice (after NFC), an empty stratum, control characters.
    """
    columns = tuple(zip(*rows, strict=True)) or ((), ())
    keys = normal_all(columns[0])
    # code points stand in the order of their UTF-8 bytes
    ordered = sorted(zip(keys, _normal_labels(columns[1], keys), strict=True))
    return frame_in_order([tuple(zip(*ordered, strict=True)) or ((), ())])


def _normal_labels(labels: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Labels repeat: each is looked at once, and named by the first case that has it."""
    known: dict[str, str] = {}
    for label, key in zip(labels, keys, strict=True):
        if label not in known:
            known[label] = normal(label, where=key)
    return [known[label] for label in labels]


def frame_in_order(portions: Iterable[Sequence[Sequence[str]]]) -> Frame:
    """The frame of portions (keys, strata), normal already and in the order of the file over all of them.

    Refuses with `InvalidInput`: no row, a key twice or out of order, an empty key or stratum.
    """
    columns, numbers = FrameColumns(), dict[str, int]()
    for keys, labels in portions:
        columns.add(keys, [numbers.setdefault(label, len(numbers)) for label in labels])
    return columns.frame(list(numbers))


class FrameColumns:
    """A frame in the making: normal keys in the order of the file, each with a number that stands for its stratum."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._lengths: list[np.ndarray] = []
        self._numbers: list[np.ndarray] = []
        self._last = ""

    def add(self, keys: Sequence[str], numbers: Sequence[int]) -> None:
        """The next portion. Refuses a key twice or out of order, and an empty one."""
        _refuse_bad_keys(keys, self._last)
        self._last = keys[-1] if keys else self._last
        encoded = [key.encode() for key in keys]
        self._blocks.append(b"".join(encoded))
        self._lengths.append(np.fromiter(map(len, encoded), np.int64, len(keys)))
        self._numbers.append(np.array(numbers, np.int32))

    @property
    def numbers(self) -> np.ndarray:
        """The number of every case so far."""
        return np.concatenate([np.empty(0, np.int32), *self._numbers])

    def frame(self, labels: Sequence[str]) -> Frame:
        """The frame, `labels` naming the stratum of each number; several may name one, and some none of the cases.

        Refuses an empty frame and an empty label.
        """
        numbers = self.numbers
        met = np.flatnonzero(np.bincount(numbers, minlength=len(labels)))
        names = {label: at for at, label in enumerate(sorted({labels[number] for number in met.tolist()}))}
        if not names:
            raise nothing_in_frame()
        places = np.zeros(len(labels), np.int32)
        places[met] = [names[labels[number]] for number in met.tolist()]
        codes = places[numbers]
        counts = np.bincount(codes, minlength=len(names)).tolist()
        bounds = np.concatenate(([0], np.cumsum(np.concatenate(self._lengths))))
        sizes = MappingProxyType(dict(zip(names, counts, strict=True)))
        frame = Frame(b"".join(self._blocks), bounds, codes, sizes)
        if "" in names:
            raise _empty_row(frame.key(int(np.argmin(codes))))
        return frame


def nothing_in_frame() -> InvalidInput:
    """The refusal of an empty frame."""
    return InvalidInput(
        "frame.empty",
        msg("抽样框里一件案件也没有。请检查日期范围、筛选条件和排除条件。"),
        where="population",
    )


def _refuse_bad_keys(keys: Sequence[str], last: str) -> None:
    if all(map(lt, (last, *keys), keys)):
        return
    for previous, key in pairwise((last, *keys)):
        if not key:
            raise _empty_row(key)
        if key <= previous:
            raise InvalidInput(
                "frame.duplicate_key",
                msg("案件“%(key)s”在抽样框里出现了两次。请先在登记表里合并或更正案号。"),
                where=key,
                key=key,
            )


def _empty_row(key: str) -> InvalidInput:
    return InvalidInput(
        "frame.row_empty", msg("抽样框里有一行缺案件或缺层（案件“%(key)s”）。"), where=key, key=key
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def one_per_series(keys: Sequence[str], series: Sequence[str]) -> list[bool]:
    """For `series: one_per_series`: True where the case stands for its series, or has none.

    `series` is parallel to `keys`; a series belongs to one institution, so give it a name that is
    unique over institutions. The case with the smallest key bytes stands for the others.
    """
    first: dict[str, bytes] = {}
    for key, name in zip(keys, series, strict=True):
        if name:
            place = key.encode()
            if name not in first or place < first[name]:
                first[name] = place
    return [not name or first[name] == key.encode() for key, name in zip(keys, series, strict=True)]
