"""The feedback 反馈意见 on a released round to one institution: the whole, its own cases, its items, what to do.

For the institution's own eyes: it lists cases by number. Experts and other institutions are not in it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualityeval.core.circular import most_lost
from qualityeval.core.item_losses import ItemLoss
from qualityeval.core.rubric_parts import show_points
from qualityeval.queries.feedback import FeedbackCase
from qualityeval.reports.paper import Paper, Row, Table, chinese_date, parts_of
from qualityeval.words.results import between, percent

TITLES = ("总体情况", "你单位案件的评定结果", "扣分情况", "整改要求")
ITEMS = 20


@dataclass(frozen=True)
class FeedbackFacts:
    """What the feedback rests on; `overall` is that of `round results --json`, `grades` their names in order."""

    title: str
    code: str
    body: str
    institution: str
    overall: Mapping[str, Any]
    grades: Sequence[str]
    good: frozenset[str]
    cases: Sequence[FeedbackCase]
    sheets: int
    items: Sequence[ItemLoss]
    item_titles: Mapping[str, str]
    certificate: Mapping[str, Any]
    address: str
    made_on: date


def feedback(facts: FeedbackFacts) -> Paper:
    """Compose the document; the four parts are always there."""
    bodies = (_whole(facts), _own(facts), _items(facts), _requirements(facts))
    tables = {1: _case_table(facts), 2: _item_table(facts)}
    return Paper(
        title=f"关于{facts.title}的反馈意见", number=f"{facts.code}，致{facts.institution}", institution=facts.body,
        made_on=chinese_date(facts.made_on), is_preliminary=False, parts=parts_of(TITLES, bodies, tables),
        digests=_digests(facts.certificate), address=facts.address,
    )  # fmt: skip


def _digests(certificate: Mapping[str, Any]) -> tuple[Row, ...]:
    return (("抽样框摘要", certificate["frame_digest"]), ("方案摘要", certificate["plan_digest"]))


def _whole(facts: FeedbackFacts) -> tuple[str, ...]:
    overall = facts.overall
    said = [
        f"{facts.institution}：{facts.title}（批次{facts.code}）的结果已经发布，现将涉及你单位的情况反馈如下。"
    ]
    if overall["good_rate"] is not None:
        said.append(
            f"本批次共评定{overall['n']}件，加权优良率{percent(overall['good_rate'])}，"
            f"95%区间{between(overall['interval'], 'zh')}%。"
        )
    return tuple(said)


def _own(facts: FeedbackFacts) -> tuple[str, ...]:
    if not facts.cases:
        return ("你单位抽中的案件都没有评定结果。",)
    counts = Counter(one.grade for one in facts.cases)
    names = [*facts.grades, *sorted(counts.keys() - set(facts.grades))]
    listed = "，".join(f"{name}{counts[name]}件" for name in names if counts[name])
    good = sum(counts[name] for name in facts.good)
    said = [f"你单位抽中并评定{len(facts.cases)}件：{listed}。其中优良{good}件。各案见下表。"]
    if len(facts.cases) < 30:
        said.append("件数少，优良率的偶然波动大，不宜据此与其他机构比较名次。")
    return tuple(said)


def _items(facts: FeedbackFacts) -> tuple[str, ...]:
    lost = most_lost(facts.items)
    if not lost:
        return ("你单位案件的首轮评分表中没有扣分。",)
    names = "、".join(f"“{facts.item_titles.get(one.item, one.item)}”" for one in lost)
    return (
        f"你单位案件的{facts.sheets}份首轮评分表中，扣分最集中的评分项是{names}，合计占扣分次数的{percent(lost[-1].running)}。",
        "各案的扣分和理由见该案的评估意见书。",
    )


def _requirements(facts: FeedbackFacts) -> tuple[str, ...]:
    said = [
        "对照扣分项逐件整改，能补正的材料按期补正并附证明，在系统的整改单中回复；有新的证明材料的，可以一并提交。"
    ]
    lost = most_lost(facts.items)
    if lost:
        said.append(f"把“{facts.item_titles.get(lost[0].item, lost[0].item)}”列入承办人培训内容。")
    return tuple(said)


def _case_table(facts: FeedbackFacts) -> tuple[Table, ...]:
    rows = tuple(
        (one.number, one.cause, one.provider or "—", "—" if one.total is None else show_points(one.total),
         f"{one.grade}（否决项）" if one.is_vetoed else one.grade)
        for one in facts.cases
    )  # fmt: skip
    return (Table("你单位的案件", ("案号", "案由", "承办单位", "得分", "等次"), rows),) if rows else ()


def _item_table(facts: FeedbackFacts) -> tuple[Table, ...]:
    rows = tuple(
        (facts.item_titles.get(one.item, one.item), str(one.read), str(one.cut), percent(one.share))
        for one in facts.items[:ITEMS]
    )
    return (Table("扣分的评分项", ("评分项", "评分表份数", "扣分份数", "占扣分次数"), rows),) if rows else ()
