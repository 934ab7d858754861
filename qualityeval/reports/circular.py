"""The circular 通报 of a round: basis, draw, method, results, good points, problems, requirements.

Every figure is taken from the results as `round results` prints them; nothing is counted here. A part without
anything to say says so in a sentence, so that no heading stands empty. The document is Chinese, as the law asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualityeval.core.circular import best_kept, good_places, most_lost
from qualityeval.core.item_losses import ItemLoss
from qualityeval.core.round_spec import RoundSpec
from qualityeval.reports.circular_method import method
from qualityeval.words.results import between, percent

NUMBERS = "一二三四五六七"
ITEMS = 20
TITLES = ("评估依据", "抽取情况", "评估方法", "评估结果", "主要成绩", "存在问题", "工作要求")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Heading, column names, rows; all text."""

    title: str
    columns: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Part:
    """One of the seven parts."""

    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What a circular rests on; `results` is the object that `round results --json` prints."""

    title: str
    code: str
    institution: str
    results: Mapping[str, Any]
    certificate: Mapping[str, Any]
    plan: Mapping[str, Any]
    spec: RoundSpec
    drawn_on: date
    made_on: date
    items: Sequence[ItemLoss]
    item_titles: Mapping[str, str]
    population: str
    source: str
    log_head: str
    address: str
    case_types: Mapping[str, str]
    rubrics: Sequence[str]


@dataclass(frozen=True)
class Circular:
    """The document: title, addressee line, parts, the digests that let anyone recompute the draw."""

    title: str
    number: str
    institution: str
    made_on: str
    is_preliminary: bool
    parts: tuple[Part, ...]
    digests: tuple[Row, ...]
    address: str


def circular(facts: Facts) -> Circular:
    """Compose the circular; the seven parts are always there, in this order."""
    bodies = (_basis(facts), _draw(facts), method(facts.spec, facts.rubrics), _results(facts), _good(facts), _problems(facts),
              _requirements(facts))  # fmt: skip
    tables: dict[int, tuple[Table, ...]] = {
        3: (_overall_table(facts), _institutions_table(facts)),
        5: (_items_table(facts),) if facts.items else (),
    }
    parts = tuple(
        Part(f"{NUMBERS[at]}、{TITLES[at]}", body, tables.get(at, ())) for at, body in enumerate(bodies)
    )
    return Circular(
        title=f"关于{facts.title}的通报", number=facts.code, institution=facts.institution,
        made_on=chinese_date(facts.made_on), is_preliminary=facts.results["state"] != "released", parts=parts,
        digests=_digests(facts), address=facts.address,
    )  # fmt: skip


def chinese_date(day: date) -> str:
    """As official papers write it: 2026年11月29日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _basis(facts: Facts) -> tuple[str, ...]:
    return (
        (
            "根据《中华人民共和国法律援助法》第五十七条、第五十八条、第五十九条关于制定服务质量标准、定期进行质量考核、"
            "定期公布法律援助情况、综合运用庭审旁听、案卷检查等措施的规定，"
            f"{facts.institution}组织了{facts.title}（批次{facts.code}）。现将情况通报如下。"
        ),
    )


def _draw(facts: Facts) -> tuple[str, ...]:
    overall, strata = facts.results["overall"], facts.certificate["strata"]
    sampled = sum(one["n"] for one in strata)
    return (
        f"评估范围：{facts.population}。抽样框共{overall['N']}件，分{len(strata)}层，抽取{sampled}件。",
        (
            f"抽样框和抽取方案先行冻结并公布摘要，随后产生种子（{facts.source}），"
            f"于{chinese_date(facts.drawn_on)}抽取。任何人凭公开的抽样框文件和证书都可以重新计算抽取结果，核验地址见文末。"
        ),
    )


def _results(facts: Facts) -> tuple[str, ...]:
    overall = facts.results["overall"]
    grades = "，".join(
        f"{name}{count}件（加权占{percent((overall['weighted'] or {}).get(name))}）"
        for name, count in (overall["grades"] or {}).items()
        if count or name != "未提交案卷"
    )
    if not grades:
        return ("评定的案件不足5件，或者评分标准不同，不公布等次分布。",)
    said = [f"共评定{overall['n']}件：{grades}。各比例四舍五入，合计可能不等于100%。"]
    if overall["good_rate"] is not None:
        said.append(
            f"加权优良率{percent(overall['good_rate'])}，95%区间{between(overall['interval'], 'zh')}%"
            f"（有效样本量{overall['n_eff']:.1f}，含专家之间的差异）。"
        )
    said.append(_steps(facts.results["steps"]))
    if overall["missing"]:
        said.append(f"未按期提交案卷{overall['missing']}件，单列为“未提交案卷”，与评定为不合格的案件分开。")
    return tuple(one for one in said if one)


def _steps(steps: Sequence[Mapping[str, Any]]) -> str:
    changed = {one["step"]: one["changed"] for one in steps}
    if not changed:
        return ""
    return (
        f"复评后改变等次{changed.get('arbitrated', 0)}件，异议处理后改变等次{changed.get('objected', 0)}件。"
    )


def _good(facts: Facts) -> tuple[str, ...]:
    said = []
    kept = best_kept(facts.items)
    if kept:
        said.append("扣分最少的评分项：" + "；".join(_kept(one, facts) for one in kept) + "。")
    places = good_places(facts.results["institutions"])
    if places:
        names = "、".join(f"{one['name']}（{one['good']}/{one['n']}）" for one in places)
        said.append(f"样本足以判定优良率居前三分之一的机构：{names}。")
    return tuple(said) or ("本批次样本不足以判定哪些机构或做法明显更好。",)


def _kept(one: ItemLoss, facts: Facts) -> str:
    return f"{facts.item_titles.get(one.item, one.item)}（{one.read}份评分表中{one.cut}份扣分）"


def _problems(facts: Facts) -> tuple[str, ...]:
    lost = most_lost(facts.items)
    if not lost:
        return ("评分表中没有扣分，或者评定的案件不足5件，不公布扣分情况。",)
    names = "、".join(f"“{facts.item_titles.get(one.item, one.item)}”" for one in lost)
    return (
        f"扣分最集中的评分项是{names}，合计占全部扣分次数的{percent(lost[-1].running)}。各项情况如下表。",
    )


def _requirements(facts: Facts) -> tuple[str, ...]:
    said = [
        "各法律援助机构要对照本次评估反馈的扣分项逐件整改，能补正的材料限期补正并附证明，整改情况存入案卷。"
    ]
    lost = most_lost(facts.items)
    if lost:
        first = facts.item_titles.get(lost[0].item, lost[0].item)
        said.append(f"要把“{first}”等突出问题列入承办人培训内容，下一批次评估时比较改进情况。")
    if facts.results["overall"]["missing"]:
        said.append("未按期提交案卷的机构要书面说明原因。")
    said.append("对评定结果的更正另行公布，与原数字并列，不改动本通报。")
    return tuple(said)


def _overall_table(facts: Facts) -> Table:
    lines = [facts.results["overall"] | {"name": "全部"}, *facts.results["case_types"]]
    named = [{**one, "name": facts.case_types.get(str(one.get("code", "")), one["name"])} for one in lines]
    return Table("按案件类型", _columns(facts, "案件类型"), tuple(_line(one, facts) for one in named))


def _institutions_table(facts: Facts) -> Table:
    return Table(
        "按机构（按机构代码排列，不作名次）", _columns(facts, "机构"),
        tuple(_line(one, facts) for one in facts.results["institutions"]),
    )  # fmt: skip


def _grades(facts: Facts) -> list[str]:
    grades = facts.results["overall"]["grades"] or {}
    return [name for name, count in grades.items() if count or name != "未提交案卷"]


def _columns(facts: Facts, first: str) -> Row:
    return (first, "总体", "样本", *_grades(facts), "优良率", "95%区间")


def _line(one: Mapping[str, Any], facts: Facts) -> Row:
    grades = _grades(facts)
    if one["grades"] is None:
        return (one["name"], str(one["N"]), str(one["n"]), *("—" for _ in grades), "不列", "")
    counts = (str(one["grades"].get(name, 0)) for name in grades)
    return (
        one["name"],
        str(one["N"]),
        str(one["n"]),
        *counts,
        percent(one["good_rate"]),
        between(one["interval"], "zh"),
    )


def _items_table(facts: Facts) -> Table:
    rows = tuple(
        (facts.item_titles.get(one.item, one.item), str(one.read), str(one.cut), percent(one.share))
        for one in facts.items[:ITEMS]
        if one.cut
    )
    return Table("扣分最多的评分项", ("评分项", "评分表份数", "扣分份数", "占扣分次数"), rows)


def _digests(facts: Facts) -> tuple[Row, ...]:
    certificate = facts.certificate
    return (
        ("抽样框摘要", certificate["frame_digest"]), ("方案摘要", certificate["plan_digest"]),
        ("公开数值", certificate["public"]), ("种子", certificate["seed"]), ("审计日志末端", facts.log_head),
    )  # fmt: skip
