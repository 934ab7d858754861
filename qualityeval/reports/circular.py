"""The circular 通报 of a round or a period: basis, draw, method, results, good points, problems, requirements.

Every figure is taken from the results as `round results` prints them; nothing is counted here. A part without
anything to say says so in a sentence, so that no heading stands empty. The document is Chinese, as the law asks.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from qualityeval.core.circular import best_kept, good_places, most_lost
from qualityeval.core.item_losses import ItemLoss
from qualityeval.core.periods import smallest_period
from qualityeval.reports import circular_tables as tables
from qualityeval.reports.circular_method import method
from qualityeval.reports.paper import Facts, Paper, RoundFacts, Row, chinese_date, parts_of
from qualityeval.words.result_lines import counted
from qualityeval.words.results import between, percent

TITLES = ("评估依据", "抽取情况", "评估方法", "评估结果", "主要成绩", "存在问题", "工作要求")
FROZEN = "抽样框和抽取方案先行冻结并公布摘要，随后产生种子"
ANYONE = "任何人凭公开的抽样框文件和证书都可以重新计算抽取结果，核验地址见文末。"


def circular(facts: Facts) -> Paper:
    """Compose the circular; the seven parts are always there, in this order."""
    bodies = (_basis(facts), _draw(facts), _method(facts), _results(facts), _good(facts), _problems(facts),
              _requirements(facts))  # fmt: skip
    several = len(facts.rounds) > 1
    beside = {
        1: (tables.draws(facts),) if several else (),
        3: ((tables.by_round(facts),) if several else ()) + tables.results(facts),
        5: tables.items(facts),
    }
    return Paper(
        title=f"关于{facts.title}的通报", number=_codes(facts), institution=facts.institution,
        made_on=chinese_date(facts.made_on), is_preliminary=facts.results["state"] != "released",
        parts=parts_of(TITLES, bodies, beside, {3: tables.bars(facts)}), digests=_digests(facts), address=facts.address,
    )  # fmt: skip


def period_title(rounds: Sequence[RoundFacts]) -> str:
    """By the smallest period around all populations, else by the rounds' own codes."""
    people = [one.spec.population for one in rounds]
    period = smallest_period(min(one.since for one in people), max(one.until for one in people))
    name = period.name if period else "、".join(one.code for one in rounds)
    return f"{name}法律援助案件质量评估"


def _codes(facts: Facts) -> str:
    return "、".join(one.code for one in facts.rounds)


def _basis(facts: Facts) -> tuple[str, ...]:
    count = f"包括{len(facts.rounds)}个批次：" if len(facts.rounds) > 1 else "批次"
    return (
        (
            "根据《中华人民共和国法律援助法》第五十七条、第五十八条、第五十九条关于制定服务质量标准、定期进行质量考核、"
            "定期公布法律援助情况、综合运用庭审旁听、案卷检查等措施的规定，"
            f"{facts.institution}组织了{facts.title}（{count}{_codes(facts)}）。现将情况通报如下。"
        ),
    )


def _draw(facts: Facts) -> tuple[str, ...]:
    if len(facts.rounds) > 1:
        frame, sampled = (
            sum(sizes) for sizes in zip(*((one.frame_size, one.sampled) for one in facts.rounds), strict=True)
        )
        return (
            f"各批次抽样框合计{frame}件，抽取{sampled}件，评估范围和抽取日期见下表。",
            f"每个批次的{FROZEN}，再行抽取。{ANYONE}",
        )
    (one,) = facts.rounds
    return (
        f"评估范围：{one.population}。抽样框共{one.frame_size}件，分{len(one.certificate['strata'])}层，抽取{one.sampled}件。",
        f"{FROZEN}（{one.source}），于{chinese_date(one.drawn_on)}抽取。{ANYONE}",
    )


def _method(facts: Facts) -> tuple[str, ...]:
    """Rounds that were judged alike are spoken of together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in facts.rounds:
        alike.setdefault(method(one.spec, one.rubrics), []).append(one.code)
    if len(alike) == 1:
        return next(iter(alike))
    return tuple(
        f"批次{'、'.join(codes)}：{paragraph}" if at == 0 else paragraph
        for paragraphs, codes in alike.items()
        for at, paragraph in enumerate(paragraphs)
    )


def _results(facts: Facts) -> tuple[str, ...]:
    if not facts.is_comparable:
        return ("各批次的评分标准不同，结果分列在下表，不合并、不相减、不排名。",)
    overall = facts.results["overall"]
    counts, weighted = overall["grades"] or {}, overall["weighted"] or {}
    grades = "，".join(
        f"{name}{counts[name]}件（加权占{percent(weighted.get(name))}）" for name in counted(overall)
    )
    if not grades:
        return ("评定的案件不足5件，不公布等次分布。",)
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
    return tuple(said) or ("本次评估的样本不足以判定哪些机构或做法明显更好。",)


def _kept(one: ItemLoss, facts: Facts) -> str:
    return f"{facts.item_titles.get(one.item, one.item)}（{one.read}份评分表中{one.cut}份扣分）"


def _problems(facts: Facts) -> tuple[str, ...]:
    if not facts.is_comparable:
        said = tuple(
            f"批次{one.code}：{_lost(facts, one.items)}" for one in facts.rounds if most_lost(one.items)
        )
    else:
        said = (f"{_lost(facts, facts.items)}各项情况如下表。",) if most_lost(facts.items) else ()
    return said or ("评分表中没有扣分，或者评定的案件不足5件，不公布扣分情况。",)


def _lost(facts: Facts, items: Sequence[ItemLoss]) -> str:
    lost = most_lost(items)
    return f"扣分最集中的评分项是{facts.named(lost)}，合计占全部扣分次数的{percent(lost[-1].running)}。"


def _requirements(facts: Facts) -> tuple[str, ...]:
    said = [
        "各法律援助机构要对照本次评估反馈的扣分项逐件整改，能补正的材料限期补正并附证明，整改情况存入案卷。"
    ]
    first = [
        lost[0]
        for one in ([facts] if facts.is_comparable else facts.rounds)
        if (lost := most_lost(one.items))
    ]
    if first:
        said.append(
            f"要把{facts.named(list(dict.fromkeys(first)))}等突出问题列入承办人培训内容，下一次评估时比较改进情况。"
        )
    if any(one.results["overall"]["missing"] for one in facts.rounds):
        said.append("未按期提交案卷的机构要书面说明原因。")
    said.append("对评定结果的更正另行公布，与原数字并列，不改动本通报。")
    return tuple(said)


def _digests(facts: Facts) -> tuple[Row, ...]:
    several = len(facts.rounds) > 1
    found = [line for one in facts.rounds for line in _digests_of(one, f"{one.code} " if several else "")]
    return (*found, ("审计日志末端", facts.log_head))


def _digests_of(one: RoundFacts, name: str) -> tuple[Row, ...]:
    certificate = one.certificate
    return (
        (f"{name}抽样框摘要", certificate["frame_digest"]), (f"{name}方案摘要", certificate["plan_digest"]),
        (f"{name}公开数值", certificate["public"]), (f"{name}种子", certificate["seed"]),
    )  # fmt: skip
