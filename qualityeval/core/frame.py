"""The sampling frame: which cases may be drawn, each in its stratum, as one file of fixed bytes.

    case_key(institution, number) -> str                    "3301:(2025)临援民字第1号"
    sealed_key(institution, number, salt=) -> str           "3301:~" + H(salt, case_key)
    stratum_label(values) -> str                            fields joined by "|", empty as "-"
    build_frame(rows: Iterable[(case_key, stratum)]) -> Frame      any order in, file order kept
    read_frame(content: bytes) -> Frame                     a frame file back; InvalidInput names the line
    one_per_series(keys, series) -> list[bool]              which cases stand for their series

`Frame`: `keys`, `strata` (parallel tuples in file order), `content` (the file's bytes), `digest`,
`sizes` (label -> N, by the label's bytes), `len(frame)`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from qualityeval.core.digests import HEX64, content_digest, digest, normal
from qualityeval.core.errors import InvalidInput, msg

HEADER = "case_key,stratum"
EMPTY = "-"
LONGEST_LABEL = 400
_QUOTED = re.compile(r'[",]')
_LINE = re.compile(r'(?:"((?:[^"]|"")*)"|([^",]*)),(?:"((?:[^"]|"")*)"|([^",]*))')


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A frozen frame in the order of its file: by the UTF-8 bytes of the case key."""

    keys: tuple[str, ...]
    strata: tuple[str, ...]
    content: bytes = field(repr=False)
    digest: str
    sizes: MappingProxyType[str, int]

    def __len__(self) -> int:
        return len(self.keys)


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
    normed = [(normal(key, where=key), normal(label, where=key)) for key, label in rows]
    if not normed:
        raise InvalidInput(
            "frame.empty",
            msg("抽样框里一件案件也没有。请检查日期范围、筛选条件和排除条件。"),
            where="population",
        )
    normed.sort(key=_by_bytes)
    _refuse_bad_rows(normed)
    lines = [HEADER, *(f"{_quoted(key)},{_quoted(label)}" for key, label in normed), ""]
    content = "\n".join(lines).encode()
    return _frame(normed, content)


def _by_bytes(row: tuple[str, str]) -> bytes:
    return row[0].encode()


def _refuse_bad_rows(ordered: Sequence[tuple[str, str]]) -> None:
    previous = ""
    for key, label in ordered:
        if not key or not label:
            raise InvalidInput(
                "frame.row_empty",
                msg("抽样框里有一行缺案件或缺层（案件“%(key)s”）。"),
                where=key,
                key=key,
            )
        if key == previous:
            raise InvalidInput(
                "frame.duplicate_key",
                msg("案件“%(key)s”在抽样框里出现了两次。请先在登记表里合并或更正案号。"),
                where=key,
                key=key,
            )
        previous = key


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _frame(ordered: Sequence[tuple[str, str]], content: bytes) -> Frame:
    keys, strata = zip(*ordered, strict=True)
    counts = Counter(strata)
    sizes = {label: counts[label] for label in sorted(counts, key=str.encode)}
    return Frame(keys, strata, content, content_digest(content), MappingProxyType(sizes))


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
