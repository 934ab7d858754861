"""What the 评估意见书 says of a case whose rubric grades indicators: no points, every indicator's grade instead."""

from collections.abc import Mapping, Sequence

from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import Content
from qualityeval.reports.paper import Table

NOT_APPLICABLE, NOT_AGREED = "不适用", "未取得一致"


def found(rubric: Rubric, contents: Sequence[Content]) -> list[str]:
    """A sentence an indicator: the grades the sheets gave it, or that all gave the best."""
    best = rubric.grades[0].name
    said = []
    for section in rubric.sections:
        given = list(dict.fromkeys(_grade(one, section.code) for one in contents))
        below = [grade for grade in given if grade not in (best, NOT_APPLICABLE)]
        text = f"评为{'、'.join(below)}，见下表。" if below else "未发现问题。"
        said.append(f"“{section.title.zh}”：{text}")
    return said


def tables(
    rubric: Rubric, contents: Sequence[Content], readers: Sequence[str], agreed: Mapping[str, str] | None
) -> tuple[Table, ...]:
    """Every indicator with each sheet's grade and the agreed one; then the reasons and pages that were written."""
    columns = ("指标", *readers, "合议")
    rows = tuple(
        (
            section.title.zh, *(_grade(one, section.code) for one in contents),
            _said((agreed or {}).get(section.code, "")) if agreed is not None else "",
        )
        for section in rubric.sections
    )  # fmt: skip
    why = tuple(
        (section.title.zh, reader, _grade(one, section.code), mark.reason, one.pages.get(section.code, ""))
        for section in rubric.sections
        for one, reader in zip(contents, readers, strict=True)
        if (mark := one.marks.get(section.code))
        and (mark.reason or one.pages.get(section.code))
        and not mark.na
    )
    reasons = (Table("评定理由", ("指标", "评分", "等次", "理由", "案卷页码"), why),) if why else ()
    return Table("各项指标的等次", columns, rows), *reasons


def own_grades(contents: Sequence[Content], readers: Sequence[str]) -> list[str]:
    """What experts gave the whole in place of the combined grade, with their reasons."""
    return [
        f"{reader}给出总的等次“{one.own.grade}”：{one.own.reason}"
        for one, reader in zip(contents, readers, strict=True)
        if one.own and one.own.grade and one.own.reason
    ]


def basis() -> str:
    """How indicators make the grade of the whole, as the rule is."""
    return (
        "总的等次由各项指标合成：核心指标全部为最高等次且其余不低于第二等次的，为最高等次；核心指标都不低于第二等次且没有"
        "最低等次的，为第二等次；核心指标没有最低等次、其余最多一项最低等次的，为第三等次；其余为最低等次。不适用的指标不计。"
    )


def _grade(content: Content, code: str) -> str:
    mark = content.marks.get(code)
    return "" if mark is None else NOT_APPLICABLE if mark.na else mark.grade


def _said(mark: str) -> str:
    return {"na": NOT_APPLICABLE, "": NOT_AGREED}.get(mark, mark)
