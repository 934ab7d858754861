"""The bytes on which every program must agree: NFC text, U+001F between fields, SHA-256 in hex.

normal(text, where=) -> str          NFC; InvalidInput on control characters
normal_all(texts) -> Sequence[str]   the same for many, `where` being each text
digest(*fields) -> str               H of DESIGN.md
content_digest(content) -> str       SHA-256 of a file's bytes
canonical_json(value) -> str         sorted keys, no spaces, no floats
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

from qualityeval.core.errors import InvalidInput, msg

SEPARATOR = "\x1f"
HEX64 = re.compile(r"[0-9a-f]{64}")
# C0, DEL and C1 would break the file's lines or the fields of a hash; half a surrogate has no UTF-8.
_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def normal(text: str, *, where: str = "") -> str:
    """The text in NFC. Control characters and broken characters are `InvalidInput`."""
    if _REFUSED.search(text):
        raise InvalidInput(
            "text.control",
            msg("“%(value)s”里有控制字符（如换行、制表符）或残缺字符。请在登记表里删去后再试。"),
            where=where,
            value=_REFUSED.sub("?", text),
        )
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def normal_all(texts: Sequence[str]) -> Sequence[str]:
    """`normal` of each text, the text itself being its `where`; many good ones are seen at one glance."""
    block = " ".join(texts)  # a space joins with no neighbour, so the block is NFC exactly where each text is
    if _REFUSED.search(block) is None and unicodedata.is_normalized("NFC", block):
        return texts
    return [normal(text, where=text) for text in texts]


def digest(*fields: str) -> str:
    """SHA-256 over the fields in NFC joined by U+001F, as 64 lower-case hex digits."""
    return hashlib.sha256(SEPARATOR.join(normal(field) for field in fields).encode()).hexdigest()


def content_digest(content: bytes) -> str:
    """SHA-256 of a file's bytes as they are."""
    return hashlib.sha256(content).hexdigest()


def canonical_json(value: object) -> str:
    """One text per value: sorted keys, no spaces, NFC, not escaped. A float is `TypeError`: a bug of ours."""
    return json.dumps(
        _checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _checked(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _checked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_checked(inner) for inner in value]
    raise TypeError(f"{type(value).__name__} has no canonical JSON")
