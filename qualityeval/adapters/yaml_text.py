"""YAML in which every number, date and code stays the text that was written.

A rate of 27.7 %, a code with a leading zero and the date 2016-01-01 must not become a float, an
octal number or a date on the way in; only true, false and null are more than text.
"""

import re
from collections.abc import Hashable
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from qualityeval.core.errors import InvalidInput, msg

LIMIT = 1_000_000
DEPTH = 20

_BOOL = {"true": True, "false": False}


class _Strict(Composer, SafeConstructor, Resolver):
    """The safe loader without its guesses: no aliases, no duplicate keys, no merge keys, limited depth."""

    def __init__(self) -> None:
        for part in (Composer, SafeConstructor, Resolver):
            part.__init__(self)
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refuse(
                "yaml.alias",
                msg("第 %(line)s 行第 %(column)s 列：不能使用锚点（&）和引用（*），请把内容写全。"),
                event.start_mark,
            )
        if getattr(event, "tag", None):
            raise _refuse(
                "yaml.tag", msg("第 %(line)s 行第 %(column)s 列：不能使用类型标记（!）。"), event.start_mark
            )
        self.depth += 1
        if self.depth > DEPTH:
            raise _refuse("yaml.depth", msg("第 %(line)s 行第 %(column)s 列：嵌套太深。"), event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: ARG002 - the base class decides
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refuse(
                    "yaml.key", msg("第 %(line)s 行第 %(column)s 列：名称应是一段文字。"), key.start_mark
                )
            if key.value in seen:
                raise _refuse(
                    "yaml.duplicate",
                    msg("第 %(line)s 行第 %(column)s 列：“%(key)s”重复了。"),
                    key.start_mark,
                    key=key.value,
                )
            seen.add(key.value)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def _bool(_loader: yaml.SafeLoader, node: yaml.ScalarNode) -> bool:
    return _BOOL[node.value.lower()]


_Strict.yaml_implicit_resolvers = {}
_Strict.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Strict.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)
_Strict.add_constructor("tag:yaml.org,2002:bool", _bool)


class _Loader(_Strict, yaml.SafeLoader):
    """Written in Python; it says where a fault is."""

    def __init__(self, text: str) -> None:
        yaml.SafeLoader.__init__(self, text)
        self.depth = 0


_Quick: Any = _Loader
if yaml.__with_libyaml__:
    from yaml.cyaml import CParser

    class _Quick(_Strict, CParser):  # type: ignore[no-redef, misc]
        """Reads in C, several times as fast, what has no fault: our rubrics are long, and every start reads them."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            _Strict.__init__(self)


def _refuse(code: str, text: str, mark: yaml.Mark | None, **params: object) -> InvalidInput:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return InvalidInput(code, text, where=f"{line}:{column}", line=line, column=column, **params)


def load_text(content: bytes | str) -> Any:
    """One YAML document whose scalars are text, except true/false and null.

    Refuses with `InvalidInput` (`where` is `line:column`): over 1 MB, not UTF-8, broken YAML, a
    duplicate key, anchors, aliases, merge keys and tags, nesting beyond 20, several documents, nothing.
    """
    size = len(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    if size > LIMIT:
        raise InvalidInput("yaml.too_large", msg("文件超过 1 MB，不像是配置文件。请检查是否选错了文件。"))
    text = _decoded(content)
    try:
        value = yaml.load(text, Loader=_Quick)  # noqa: S506 - a SafeLoader with less
    except (InvalidInput, yaml.YAMLError, UnicodeError):
        value = _named(text)
    if value is None:
        raise InvalidInput("yaml.empty", msg("文件是空的。"))
    return value


def _named(text: str) -> Any:
    """The same once more, for the place and the name of its fault."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with less
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        raise InvalidInput(
            "yaml.character",
            msg("第 %(line)s 行第 %(column)s 列：有不可用的控制字符。"),
            where=f"{line}:{column}",
            line=line,
            column=column,
        ) from None
    except yaml.composer.ComposerError as error:
        raise _refuse(
            "yaml.documents",
            msg("第 %(line)s 行第 %(column)s 列：一个文件只能有一份内容，请去掉多余的 ---。"),
            error.problem_mark,
        ) from None
    except yaml.MarkedYAMLError as error:
        raise _refuse(
            "yaml.syntax",
            msg("第 %(line)s 行第 %(column)s 列：格式有误，请检查缩进、冒号和引号。"),
            error.problem_mark or error.context_mark,
        ) from None


def _decoded(content: bytes | str) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidInput(
            "yaml.encoding",
            msg("第 %(line)s 行不是 UTF-8 编码：请另存为 UTF-8 后再试。"),
            where=str(line),
            line=line,
        ) from None
