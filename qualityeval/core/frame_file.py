"""A frame file read back: byte for byte what a freeze writes, or refused by line.

read_frame(content: bytes) -> Frame     InvalidInput names the line
"""

import re

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import HEADER, Frame, build_frame

_LINE = re.compile(r'(?:"((?:[^"]|"")*)"|([^",]*)),(?:"((?:[^"]|"")*)"|([^",]*))')


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
