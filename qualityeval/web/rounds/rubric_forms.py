"""The editing forms of a rubric: posted lines into the mapping of its YAML, whatever is still wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qualityeval.core.rubric_parts import METHODS, VETO_KINDS

Node = dict[str, Any]
SPARE = 2  # blank lines to add with
MOST = 60
GROUPS: Mapping[str, tuple[str, ...]] = {
    "grades": ("name", "name_en", "minimum"),
    "sections": ("code", "title", "title_en", "points", "role"),
    "vetoes": ("code", "title", "title_en", "kind", "grade"),
    "bonus": ("code", "title", "title_en", "points"),
    "items": ("code", "title", "title_en", "points", "role", "clause", "check", "late"),
}
FLAGS: Mapping[str, tuple[str, ...]] = {
    "grades": ("good",), "sections": ("core", "na"), "vetoes": (), "bonus": (), "items": ("na",),
}  # fmt: skip
_PHRASE = re.compile(r"([0-9.]+)\s*[:：]?\s+(.+)|([0-9.]+)[:：](.+)")


def read_head(form: Mapping[str, str], mapping: Mapping[str, Any]) -> Node:
    """The whole rubric but the items, which keep to their section."""
    method = form.get("method", "")
    changed = {
        **mapping,
        **_texts(form, "", ("title", "title_en", "bonus_cap", "note")),
        "method": method if method in METHODS else mapping.get("method", ""),
        "grades": [node for node, _old in _lines(form, "grades", mapping.get("grades"))],
        "sections": [
            {**node, **{key: old[key] for key in ("items",) if key in old}}
            for node, old in _lines(form, "sections", mapping.get("sections"))
        ],
        "vetoes": [node for node, _old in _lines(form, "vetoes", mapping.get("vetoes"))],
        "bonus": [node for node, _old in _lines(form, "bonus", mapping.get("bonus"))],
    }
    if changed["method"] == "indicator":
        changed["sections"] = [_without(node, "points", "items") for node in changed["sections"]]
    else:
        changed["sections"] = [_without(node, "na", "role") for node in changed["sections"]]
    return {key: value for key, value in changed.items() if value not in ("", [])}


def read_part(form: Mapping[str, str], section: Mapping[str, Any]) -> Node:
    """One section with its items, their phrases and anchors."""
    items = []
    for node, _old in _lines(form, "items", section.get("items"), more=_ready):
        items.append(node)
    return {**section, "items": items}


def _ready(form: Mapping[str, str], prefix: str) -> Node:
    """Phrases and anchors of an item: one a line, its points or its mark in front."""
    node: Node = {}
    phrases = [_phrase(line) for line in _written(form, f"{prefix}phrases")]
    anchors = [line.partition(" ")[::2] for line in _written(form, f"{prefix}anchors")]
    if phrases:
        node["phrases"] = phrases
    if anchors:
        node["anchors"] = {mark.rstrip(":："): text.strip() for mark, text in anchors}
    return node


def _phrase(line: str) -> Node:
    found = _PHRASE.fullmatch(line)
    points, text = ("", line) if found is None else (found[1] or found[3], (found[2] or found[4]).strip())
    return {"text": text, "points": points}


def _written(form: Mapping[str, str], name: str) -> list[str]:
    return [line.strip() for line in form.get(name, "").splitlines() if line.strip()]


def _lines(
    form: Mapping[str, str], group: str, before: Any, more: Callable[[Mapping[str, str], str], Node] | None = None
) -> Iterator[tuple[Node, Mapping[str, Any]]]:  # fmt: skip
    """(line, what stood there) in the wanted order; blank lines and those to be taken away are left out."""
    old = list(before or ())
    found = []
    for number in range(min(MOST, len(old) + SPARE)):
        prefix = f"{group}-{number}-"
        node = _texts(form, prefix, GROUPS[group])
        if form.get(f"{prefix}gone") or not any(node.values()):
            continue
        node = {key: value for key, value in node.items() if value}
        node |= {flag: True for flag in FLAGS[group] if form.get(f"{prefix}{flag}")}
        if group == "grades":
            node.setdefault("good", False)
        if more is not None:
            node |= more(form, prefix)
        order = form.get(f"{prefix}order", "").strip()
        place = float(order) if re.fullmatch(r"\d{1,3}(\.\d{1,2})?", order) else number + 1.0
        found.append((place, number, node))
    for _place, number, node in sorted(found, key=lambda one: one[:2]):
        yield node, (old[number] if number < len(old) else {})


def _texts(form: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> Node:
    return {name: " ".join(form.get(f"{prefix}{name}", "").split()) for name in names}


def _without(node: Node, *keys: str) -> Node:
    return {key: value for key, value in node.items() if key not in keys}


def place_words(mapping: Mapping[str, Any], where: str) -> str:
    """The part of the rubric that a path inside it leads to, by its titles."""
    titles = []
    at: Any = mapping
    for key, number in re.findall(r"(\w+)(?:\[(\d+)\])?", where):
        try:
            at = at[key][int(number)] if number else at[key]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(at, Mapping):
            titles.append(str(at.get("title") or at.get("name") or at.get("text") or key))
    return " › ".join(titles)


__all__ = ["GROUPS", "METHODS", "SPARE", "VETO_KINDS", "place_words", "read_head", "read_part"]
