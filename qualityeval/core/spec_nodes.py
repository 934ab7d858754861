"""Reading the nodes of a round's spec: each refusal names the place, the fault and the remedy.

Values are text (a YAML loader that guesses nothing); whole numbers, dates and true/false are taken
as they are, a float never.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from qualityeval.core.digests import normal
from qualityeval.core.errors import InvalidInput, msg

Node = Mapping[str, object]
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def refuse(where: str, code: str, text: str, **params: object) -> InvalidInput:
    """The refusal of a spec: `where` is the path inside it, as `rates.override[0].when`."""
    return InvalidInput(f"spec.{code}", text, where=where, **params)


def at(where: str, key: str) -> str:
    """The path of a key under a place."""
    return f"{where}.{key}" if where else key


def mapping(value: object, where: str, allowed: Sequence[str]) -> Node:
    """A mapping with none but the allowed keys; an unknown one is refused with the nearest."""
    if not isinstance(value, Mapping):
        raise refuse(where or "/", "shape", msg("“%(place)s”应是一组“名称: 内容”。"), place=where or "/")
    for key in value:
        if key not in allowed:
            near = get_close_matches(str(key), allowed, n=1)
            raise refuse(
                at(where, str(key)),
                "unknown_key",
                msg("不认识“%(key)s”。这里可以写：%(options)s。"),
                key=key,
                options="、".join(near or allowed),
            )
    return value


def optional_mapping(node: Node, key: str, where: str, allowed: Sequence[str]) -> Node:
    """The mapping under a key, empty where the key is left out."""
    value = node.get(key)
    return {} if value is None else mapping(value, at(where, key), allowed)


def listed(node: Node, key: str, where: str = "") -> Sequence[object]:
    """The list under a key, empty where the key is left out."""
    value = node.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise refuse(at(where, key), "list", msg("“%(key)s”应是一个列表。"), key=key)
    return value


def text(node: Node, key: str, where: str = "", *, longest: int = 200) -> str:
    """A text in NFC, trimmed; it must be there."""
    value = node.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise refuse(at(where, key), "text", msg("“%(key)s”要写明，不能空着。"), key=key)
    if len(value) > longest:
        raise refuse(
            at(where, key), "too_long", msg("“%(key)s”最多 %(most)s 个字符。"), key=key, most=longest
        )
    return normal(value.strip(), where=at(where, key))


def choice(
    node: Node, key: str, where: str = "", *, options: Sequence[str], default: str | None = None
) -> str:
    """One of the options; without a default it must be there."""
    value = node.get(key)
    if value is None:
        value = default
    if value not in options:
        raise refuse(
            at(where, key),
            "choice",
            msg("“%(key)s”只能是：%(options)s。"),
            key=key,
            options="、".join(options),
        )
    return str(value)


def whole(
    node: Node,
    key: str,
    where: str = "",
    *,
    default: int | None = None,
    low: int = 0,
    high: int = 999_999_999,
) -> int:
    """A whole number within bounds; without a default it must be there."""
    value = node.get(key)
    if value is None and default is not None:
        return default
    shown = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _WHOLE.fullmatch(shown.strip()) or not low <= int(shown) <= high:
        raise refuse(
            at(where, key),
            "whole",
            msg("“%(key)s”应是 %(low)s 到 %(high)s 之间的整数。"),
            key=key, low=low, high=high,
        )  # fmt: skip
    return int(shown)


def flag(node: Node, key: str, where: str = "", *, default: bool) -> bool:
    """True or false."""
    value = node.get(key)
    if value is None:
        return default
    found = value if isinstance(value, bool) else _FLAGS.get(str(value).strip().lower())
    if found is None:
        raise refuse(at(where, key), "flag", msg("“%(key)s”只能是 true 或 false。"), key=key)
    return found


def day(node: Node, key: str, where: str = "") -> date | None:
    """A date as 2016-01-31; None where it is left out."""
    value = node.get(key)
    if value is None:
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    shown = str(value).strip()
    try:
        if not _DATE.fullmatch(shown):
            raise ValueError(shown)
        return date.fromisoformat(shown)
    except ValueError:
        raise refuse(
            at(where, key),
            "date",
            msg("“%(value)s”不是日期：请写成 2016-01-31 的样子。"),
            key=key,
            value=shown,
        ) from None
