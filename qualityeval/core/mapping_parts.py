"""The parts of a mapping file, each checked by one function; `core.mapping` puts them together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.dates import DEFAULT_FORMS, FORMS, DateReader
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.vocabulary import ENUMS, WORDS, folded

ENCODINGS = ("auto", "utf-8", "gb18030", "utf-16", "big5")
MAX_EXTRA = 60
MAX_WORDS = 5_000
LAST_HEADER_ROW = 1_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's text comes from: a column (with a default for empty cells) or one fixed value."""

    column: str | None = None
    default: str = ""
    value: str | None = None


def table(node: object, where: str) -> Mapping[str, object]:
    """The node as a mapping, or a refusal."""
    if isinstance(node, Mapping):
        return node
    text = msg("映射文件的“%(place)s”应是“名称: 内容”的列表。请对照样例改正。")
    raise InvalidInput("mapping.shape", text, where=where, place=where or "/")


def known(node: Mapping[str, object], names: Collection[str], where: str) -> None:
    """Refuse a name that means nothing here: a misspelt field must not be passed over."""
    for name in node:
        if name not in names:
            text = msg("映射文件里的“%(name)s”不认识。可用的名称：%(names)s。")
            place = f"{where}.{name}" if where else name
            raise InvalidInput(
                "mapping.unknown", text, where=place, name=name, names=", ".join(sorted(names))
            )


def plain(node: object, where: str) -> str:
    """The node as trimmed text; a list, a mapping or true/false is refused."""
    if node is None:
        return ""
    if isinstance(node, str):
        return node.strip()
    text = msg("映射文件的“%(place)s”应是一段文字。true、false 请加引号。")
    raise InvalidInput("mapping.text", text, where=where, place=where)


def source(node: object, where: str) -> Source:
    """`heading`, `{column: heading, default: text}` or `{value: text}`."""
    if not isinstance(node, Mapping):
        return Source(column=_heading(node, where))
    known(node, ("column", "default", "value"), where)
    if "value" in node and len(node) == 1:
        return Source(value=plain(node["value"], f"{where}.value"))
    if "value" in node or "column" not in node:
        text = msg(
            "“%(place)s”请写列名，或 {column: 列名, default: 空缺时的值}，或 {value: 固定值}，三者取一。"
        )
        raise InvalidInput("mapping.source", text, where=where, place=where)
    default = plain(node.get("default"), f"{where}.default")
    return Source(column=_heading(node["column"], f"{where}.column"), default=default)


def _heading(node: object, where: str) -> str:
    heading = plain(node, where)
    if not heading:
        raise InvalidInput("mapping.heading", msg("“%(place)s”没有写列名。"), where=where, place=where)
    return heading


def institution(node: object) -> tuple[Source, Source | None]:
    """Code and name of the institution: one heading for the code, or `{code: …, name: …}`."""
    where = "columns.institution"
    if node is None:
        text = msg(
            "映射里缺少“institution”（法律援助机构）。请写明机构代码在哪一列：institution: {code: 列名, name: 列名}。"
        )
        raise InvalidInput("mapping.missing", text, where=where)
    if not isinstance(node, Mapping) or set(node) & {"column", "value"}:
        return source(node, where), None
    known(node, ("code", "name"), where)
    if "code" not in node:
        text = msg(
            "机构要有代码：institution: {code: 列名, name: 列名}。没有代码列时，可把机构名称列同时用作代码。"
        )
        raise InvalidInput("mapping.missing", text, where=f"{where}.code")
    name = source(node["name"], f"{where}.name") if node.get("name") is not None else None
    return source(node["code"], f"{where}.code"), name


def code_of(field: str, word: str, words: Mapping[str, Mapping[str, str]]) -> str | None:
    """The code that a word stands for: by the mapping's own values first, then by the common words."""
    own = words.get(field, {})
    if word in own:
        return own[word]
    bare = folded(word)
    for said, code in own.items():
        if folded(said) == bare:
            return code
    return WORDS[field].get(bare)


def check_fixed(sources: Mapping[str, Source], words: Mapping[str, Mapping[str, str]]) -> None:
    """Fixed values and defaults are checked once, here, not row by row."""
    reader = DateReader()
    for name, given in sources.items():
        text = given.default if given.value is None else given.value
        if not text:
            continue
        where = f"columns.{name}.{'default' if given.value is None else 'value'}"
        if BY_NAME[name].kind is Kind.CODE and code_of(name, text, words) is None:
            problem = msg("“%(value)s”不是“%(field)s”的可用值。可用：%(codes)s。")
            codes = ", ".join(ENUMS[name])
            raise InvalidInput("mapping.code", problem, where=where, value=text, field=name, codes=codes)
        if BY_NAME[name].kind is Kind.DATE and reader.read(text).day is None:
            problem = msg("“%(value)s”不是日期。映射文件里的日期请写成 2024-03-01。")
            raise InvalidInput("mapping.date", problem, where=where, value=text)


def header_row(node: object) -> int | None:
    """A row number from 1, or None to look for it."""
    text = plain(node, "header_row")
    if not text or text == "auto":
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_HEADER_ROW:
        return int(text)
    problem = msg("header_row 应是 1 至 1000 的行号，不写就自动查找表头。")
    raise InvalidInput("mapping.header_row", problem, where="header_row")


def encoding(node: object) -> str:
    """One of the encodings that are read; `auto` finds out."""
    text = plain(node, "encoding").lower() or "auto"
    text = {"utf8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "utf16": "utf-16"}.get(text, text)
    if text in ENCODINGS:
        return text
    problem = msg("编码“%(value)s”不支持。可用：%(names)s。")
    raise InvalidInput("mapping.encoding", problem, where="encoding", value=text, names=", ".join(ENCODINGS))


def dates(node: object) -> tuple[str, ...]:
    """The forms in which dates are read, in one order."""
    if node is None:
        return DEFAULT_FORMS
    given = _list(node, "dates")
    known(dict.fromkeys(given), FORMS, "dates")
    return tuple(form for form in FORMS if form in given)


def values(node: object) -> Mapping[str, Mapping[str, str]]:
    """Word → code (or word → word, for a text field), field by field."""
    if node is None:
        return MappingProxyType({})
    fields = table(node, "values")
    known(fields, [name for name, field in BY_NAME.items() if field.kind in _TRANSLATED], "values")
    return MappingProxyType({name: _words(name, fields[name]) for name in BY_NAME if name in fields})


_TRANSLATED = (Kind.CODE, Kind.TEXT, Kind.YES_NO, Kind.TAGS)


def _words(name: str, node: object) -> Mapping[str, str]:
    where = f"values.{name}"
    words = {word.strip(): plain(code, f"{where}.{word}") for word, code in table(node, where).items()}
    if len(words) > MAX_WORDS:
        raise InvalidInput("mapping.words", msg("“%(place)s”超过 5000 个词。"), where=where, place=where)
    allowed = ENUMS.get(name) or (("yes", "no", "") if BY_NAME[name].kind is Kind.YES_NO else None)
    for word, code in words.items():
        if allowed and code not in allowed:
            text = msg("“%(value)s”不是“%(field)s”的可用值。可用：%(codes)s。")
            codes = ", ".join(allowed)
            raise InvalidInput(
                "mapping.code", text, where=f"{where}.{word}", value=code, field=name, codes=codes
            )
    return MappingProxyType(words)


def kept(node: object) -> tuple[str, ...]:
    """Headings of columns that are kept with the case as they are."""
    headings = tuple(dict.fromkeys(_list(node, "extra"))) if node is not None else ()
    clash = next((heading for heading in headings if heading in BY_NAME or heading == "institution"), None)
    if clash is not None:
        text = msg("附加列“%(name)s”与案件字段同名，分层时会混淆。请在 columns 里映射它，或改列名。")
        raise InvalidInput("mapping.extra_clash", text, where="extra", name=clash)
    if len(headings) > MAX_EXTRA:
        raise InvalidInput("mapping.extra", msg("附加列最多 60 个。"), where="extra")
    return headings


def _list(node: object, where: str) -> list[str]:
    if isinstance(node, str):
        node = [node]
    if not isinstance(node, list | tuple):
        text = msg("“%(place)s”应是列表，如 [甲, 乙]。")
        raise InvalidInput("mapping.list", text, where=where, place=where)
    return [_heading(part, where) for part in node]
