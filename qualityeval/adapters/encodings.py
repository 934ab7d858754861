"""Which encoding a text file is in, found in a fixed order and never guessed from statistics.

    detect(path) -> str          utf-8, utf-16-le, utf-16-be or gb18030; InvalidInput `encoding.unknown` asks
    checked(path, encoding) -> str   the encoding said by a person, if the whole file can be read in it

Order: byte-order mark → strict UTF-8 → strict GB18030 → ask (`--encoding`). Statistical guessing took a
two-line GB18030 table for Korean; text in another encoding that happens to pass as GB18030 mostly shows
characters of the private-use area or controls there, which no register holds: then we ask too.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from qualityeval.core.errors import InvalidInput, msg

BLOCK = 1 << 18
_IMPLAUSIBLE = re.compile("[\x80-\x9f\ue000-\uf8ff]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
KNOWN = ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5")

UNKNOWN = msg(
    "认不出这个文件的文字编码。请用 --encoding 指明（utf-8、gb18030、utf-16 或 big5），或在 Excel/WPS 里另存为“CSV UTF-8”。"
)
NOT_SUPPORTED = msg("编码“%(value)s”不支持。可用：%(names)s。")
WRONG = msg(
    "这个文件不是 %(encoding)s 编码：约第 %(line)s 行读不出来。请换一种编码，或在 Excel/WPS 里另存为“CSV UTF-8”。"
)
BINARY = msg("这不是文字表格（里面有二进制内容）。请另存为 xlsx 或 CSV 再导入。")


def detect(path: Path) -> str:
    """The file's encoding by the fixed order; refuses what it can't tell."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return checked(path, name)
    if b"\0" in start:
        # UTF-16 without its mark or no text at all: neither is guessed
        raise InvalidInput("encoding.binary", BINARY, where=path.name)
    if _fault(path, "utf-8") is None:
        return "utf-8"
    if _fault(path, "gb18030") is None and not _is_implausible(path):
        return "gb18030"
    raise InvalidInput("encoding.unknown", UNKNOWN, where=path.name)


def checked(path: Path, encoding: str) -> str:
    """The named encoding in our spelling, after reading the whole file strictly in it."""
    name = encoding.strip().lower()
    name = _NAMES.get(name, name)
    if name not in KNOWN:
        raise InvalidInput(
            "encoding.not_supported", NOT_SUPPORTED, where=path.name, value=encoding, names=", ".join(KNOWN)
        )
    line = _fault(path, name)
    if line is not None:
        raise InvalidInput("encoding.wrong", WRONG, where=path.name, encoding=name, line=line)
    return name


def _texts(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


def _fault(path: Path, encoding: str) -> int | None:
    """About the line where strict reading fails, or None."""
    line = 1
    try:
        for text in _texts(path, encoding):
            line += text.count("\n")
    except UnicodeError:
        return line
    return None


def _is_implausible(path: Path) -> bool:
    """Whether the text, read as GB18030, holds characters that no register holds."""
    return any(_IMPLAUSIBLE.search(text) for text in _texts(path, "gb18030"))
