"""What one version of a rubric says otherwise than another, part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from qualityeval.core.proposal_rules import show_late
from qualityeval.core.rubric_parts import Item, Rubric, Title, show_points

What = Literal["added", "removed", "changed"]
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One part (`kind`: rubric, grade, section, item, veto, bonus) that isn't the same; `fields`: (name, was, now)."""

    kind: str
    code: str
    title: Title
    what: What
    fields: tuple[tuple[str, str, str], ...] = ()


def differences(old: Rubric, new: Rubric) -> tuple[Difference, ...]:
    """All parts that were added, removed or changed, in the order of the new version, removed ones last.

    Parts are the same part when kind and code agree (a grade: its name). Their order counts as a field.
    """
    before, after = dict(_parts(old)), dict(_parts(new))
    found = [
        Difference(kind, code, title, "changed" if (kind, code) in before else "added", _changed(before.get((kind, code)), fields))
        for (kind, code), (title, fields) in after.items()
        if (kind, code) not in before or before[kind, code][1] != fields
    ]  # fmt: skip
    gone = [
        Difference(kind, code, title, "removed")
        for (kind, code), (title, _fields) in before.items()
        if (kind, code) not in after
    ]
    return (*found, *gone)


def _changed(before: tuple[Title, Fields] | None, fields: Fields) -> tuple[tuple[str, str, str], ...]:
    was = before[1] if before else {}
    return tuple(
        (name, was.get(name, ""), fields.get(name, ""))
        for name in {**was, **fields}
        if was.get(name, "") != fields.get(name, "")
    )


def _parts(rubric: Rubric) -> Iterator[tuple[tuple[str, str], tuple[Title, Fields]]]:
    yield (
        ("rubric", ""),
        (
            rubric.title,
            {
                "title": rubric.title.zh, "title_en": rubric.title.en, "method": rubric.method,
                "bonus_cap": show_points(rubric.bonus_cap),
            },
        ),
    )  # fmt: skip
    for grade in rubric.grades:
        told = {
            "title_en": grade.name_en, "minimum": show_points(grade.minimum), "order": str(grade.order + 1),
            "good": _yes(grade.good),
        }  # fmt: skip
        yield ("grade", grade.name), (Title(grade.name, grade.name_en), told)
    for place, section in enumerate(rubric.sections, 1):
        told = {
            "title": section.title.zh, "title_en": section.title.en, "points": show_points(section.points),
            "core": _yes(section.core), "na": _yes(section.na), "role": section.role,
            "order": str(place),
        }  # fmt: skip
        yield ("section", section.code), (section.title, told)
        for number, item in enumerate(section.items, 1):
            yield ("item", item.code), (item.title, {"order": f"{place}.{number}", **_item(item)})
    for veto in rubric.vetoes:
        told = {"title": veto.title.zh, "title_en": veto.title.en, "kind": veto.kind, "grade": veto.grade}
        yield ("veto", veto.code), (veto.title, told)
    for bonus in rubric.bonus:
        told = {
            "title": bonus.title.zh,
            "title_en": bonus.title.en,
            "points": show_points(bonus.points),
        }
        yield ("bonus", bonus.code), (bonus.title, told)


def _item(item: Item) -> Fields:
    return {
        "title": item.title.zh, "title_en": item.title.en, "points": show_points(item.points), "na": _yes(item.na),
        "role": item.role, "clause": item.clause, "check": item.check, "late": show_late(item.late),
        "phrases": "；".join(f"{phrase.text} −{show_points(phrase.points)}" for phrase in item.phrases),
        **{f"anchor_{key}": text for key, text in item.anchors},
    }  # fmt: skip


def _yes(flag: bool) -> str:
    return "yes" if flag else ""
