"""The sampling frame: which cases may be drawn, each in its stratum, as one file of fixed bytes.

    case_key(institution, number) -> str                    "3301:(2025)临援民字第1号"
    sealed_key(institution, number, salt=) -> str           "3301:~" + H(salt, case_key)
    stratum_label(values) -> str                            fields joined by "|", empty as "-"
    build_frame(rows: Iterable[(case_key, stratum)]) -> Frame      any order in, file order kept
    frame_in_order(portions: Iterable[(keys, strata)]) -> Frame    from a source that is in file order
    read_frame(content: bytes) -> Frame                     a frame file back; InvalidInput names the line
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

from qualityeval.core.digests import HEX64, digest, normal, normal_all
from qualityeval.core.errors import InvalidInput, msg

HEADER = "case_key,stratum"
EMPTY = "-"
LONGEST_LABEL = 400
PORTION = 50_000
_QUOTED = re.compile(r'[",]')
_LINE = re.compile(r'(?:"((?:[^"]|"")*)"|([^",]*)),(?:"((?:[^"]|"")*)"|([^",]*))')


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


def case_key(institution: str, number: str) -> str:
    """Institution code `:` case number. The code holds no `:` or `|`; both are there; NFC."""
    if not institution or ":" in institution or "|" in institution:
        raise InvalidInput(
            "frame.institution_code",
            msg("机构代码“%(value)s”不能用：不得为空，不得含冒号或竖线。请在机构页改正。"),
            where="institution",
            value=institution,
        )
    if not number:
        raise InvalidInput(
            "frame.number_empty", msg("有案件没有案号，不能进入抽样框。请在登记表里补上。"), where="number"
        )
    return normal(f"{institution}:{number}", where=f"{institution}:{number}")


def sealed_key(institution: str, number: str, *, salt: str) -> str:
    """The masked key of a sealed case: institution code `:~` H(salt, case_key); `salt` is 64 hex digits."""
    if not HEX64.fullmatch(salt):
        raise InvalidInput("frame.salt", msg("盐值须是 64 位小写十六进制数。"), where="salt")
    return normal(f"{institution}:~{digest(salt, case_key(institution, number))}")


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
    blocks, sizes, codes, numbers, last = list[bytes](), [], [], dict[str, int](), ""
    for keys, labels in portions:
        _refuse_bad_rows(keys, labels, last)
        last = keys[-1] if keys else last
        encoded = [key.encode() for key in keys]
        blocks.append(b"".join(encoded))
        sizes.append(np.fromiter(map(len, encoded), np.int64, len(keys)))
        codes.append(
            np.fromiter((numbers.setdefault(one, len(numbers)) for one in labels), np.int32, len(keys))
        )
    if not numbers:
        raise InvalidInput(
            "frame.empty",
            msg("抽样框里一件案件也没有。请检查日期范围、筛选条件和排除条件。"),
            where="population",
        )
    bounds = np.concatenate(([0], np.cumsum(np.concatenate(sizes))))
    met, places = list(numbers), np.empty(len(numbers), np.int32)
    by_bytes = sorted(range(len(met)), key=met.__getitem__)
    places[by_bytes] = np.arange(len(met))
    ordered = places[np.concatenate(codes)]
    counts = np.bincount(ordered).tolist()
    named = {met[number]: count for number, count in zip(by_bytes, counts, strict=True)}
    return Frame(b"".join(blocks), bounds, ordered, MappingProxyType(named))


def _refuse_bad_rows(keys: Sequence[str], labels: Sequence[str], last: str) -> None:
    if all(map(lt, (last, *keys), keys)) and all(labels):
        return
    for previous, key, label in zip((last, *keys), keys, labels, strict=False):
        if not key or not label:
            raise InvalidInput(
                "frame.row_empty",
                msg("抽样框里有一行缺案件或缺层（案件“%(key)s”）。"),
                where=key,
                key=key,
            )
        if key <= previous:
            raise InvalidInput(
                "frame.duplicate_key",
                msg("案件“%(key)s”在抽样框里出现了两次。请先在登记表里合并或更正案号。"),
                where=key,
                key=key,
            )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def read_frame(content: bytes, *, any_order: bool = False) -> Frame:
    """A frame file back into a frame; it must be byte for byte what `build_frame` writes.

    With `any_order` the same lines in another order are read too; the frame's own `content` is in order.
    Refuses with `InvalidInput`, `where` being `line N`: not UTF-8, a wrong header, a malformed line,
    other line ends, needless quotes, a text not in NFC, a wrong order, a key twice.
    """
    lines = _lines(content)
    frame = build_frame(_row(line, number) for number, line in enumerate(lines[1:], start=2))
    written = frame.content.decode().split("\n")[:-1]
    if any_order:
        known = set(written)
        at = next((n for n, line in enumerate(lines, start=1) if line not in known), 0)
    else:
        at = next((n for n, (a, b) in enumerate(zip(lines, written, strict=True), start=1) if a != b), 0)
    if at:
        raise _bad_line(
            at, "frame.form", msg("第 %(line)s 行不是抽样框文件的写法（顺序、引号或字符写法不同）。")
        )
    return frame


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        at = content.count(b"\n", 0, error.start) + 1
        raise _bad_line(at, "frame.encoding", msg("第 %(line)s 行不是 UTF-8 编码。")) from None
    lines = text.split("\n")
    if lines[0] != HEADER:
        raise _bad_line(1, "frame.header", msg("第 %(line)s 行应是 case_key,stratum，行尾只有换行符（LF）。"))
    if lines.pop() != "":
        raise _bad_line(len(lines) + 1, "frame.cut", msg("第 %(line)s 行没有行尾：文件可能没有下载完整。"))
    return lines


def _row(line: str, number: int) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _bad_line(number, "frame.line", msg("第 %(line)s 行不是“案件,层”两栏。"))
    quoted_key, key, quoted_label, label = found.groups()
    return (
        key if quoted_key is None else quoted_key.replace('""', '"'),
        label if quoted_label is None else quoted_label.replace('""', '"'),
    )


def _bad_line(line: int, code: str, text: str) -> InvalidInput:
    return InvalidInput(code, text, where=f"line {line}", line=line)


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
