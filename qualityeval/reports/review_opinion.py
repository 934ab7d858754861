"""The 评估意见书 of one case, in six parts: the case, the work done, findings, agreeing, grade and basis, the rest.

Every figure is the stored one. The office's copy names experts by their codes, an institution's copy by nothing;
no copy holds a name of theirs, and the recipient stays in the file. The document is Chinese, as the file it goes into.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qualityeval.core.review_findings import Finding, SectionFindings, findings
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.core.scoring import FIVE, half_up
from qualityeval.core.sheet import Content
from qualityeval.reports import review_opinion_grades as grades
from qualityeval.reports.paper import NUMBERS, Part, Table, chinese_date
from qualityeval.words import objections as objection_words
from qualityeval.words import rounds as words

TITLES = ("案件基本情况", "评估工作情况", "发现的问题", "合议、复评和异议情况", "评定等次及依据", "其他事项")
SLOTS = {"arbitration": "复评专家", "objection": "异议复核专家", "review": "复查专家"}


@dataclass(frozen=True)
class SheetFacts:
    """A submitted sheet: its slot, the expert's code, what it says, its stored figures."""

    slot: str
    expert: str
    content: Content
    total: int | None
    grade: str
    submitted_on: date


@dataclass(frozen=True)
class Facts:
    """What an opinion rests on. `case` are (label, text) lines; `results` (step, total, grade, vetoes, by) rows.

    `agreed` are the last result's grades by indicator; None under a rubric that adds points.
    """

    round_title: str
    round_code: str
    owner: str
    key: str
    made_on: date
    is_released: bool
    for_institution: bool
    case: Sequence[tuple[str, str]]
    spec: RoundSpec
    rubric: Rubric
    stratum: str
    place: int
    handed_in_on: date | None
    pages: int | None
    sheets: Sequence[SheetFacts]
    results: Sequence[tuple[str, int | None, str, Sequence[str], str]]
    reasons: Sequence[str]
    objection: tuple[str, str, str] | None
    agreed: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ReviewOpinion:
    """The document; `signers` are the lines to sign, none in an institution's copy."""

    title: str
    institution: str
    number: str
    case: str
    made_on: str
    is_preliminary: bool
    parts: tuple[Part, ...]
    signers: tuple[str, ...]


def review_opinion(facts: Facts) -> ReviewOpinion:
    """Compose it; the six parts are always there, in this order, and none is empty."""
    contents = [one.content for one in facts.sheets]
    held = findings(facts.rubric, contents)
    bodies = (
        _case(facts), _work(facts), _found(facts, held), _agreed(facts), _grade(facts), _other(facts),
    )  # fmt: skip
    losses = (
        grades.tables(facts.rubric, contents, readers(facts), facts.agreed)
        if _by_grades(facts)
        else _losses_table(facts, held)
    )
    tables: Mapping[int, tuple[Table, ...]] = {1: (_sheets_table(facts),), 2: losses}
    parts = (Part(f"{NUMBERS[at]}、{TITLES[at]}", body, tables.get(at, ())) for at, body in enumerate(bodies))
    return ReviewOpinion(
        title="法律援助案件质量评估意见书", institution=facts.owner, number=facts.round_code, case=facts.key,
        made_on=chinese_date(facts.made_on), is_preliminary=not facts.is_released, parts=tuple(parts),
        signers=() if facts.for_institution else ("评估专家（签名）", "质量管理员（签名）", "评估单位（盖章）"),
    )  # fmt: skip


def reader(facts: Facts, number: int) -> str:
    """How the copy calls the expert of the sheet that stands `number`-th (from 0)."""
    sheet = facts.sheets[number]
    if facts.for_institution:
        return SLOTS.get(sheet.slot, f"评分表{number + 1}").replace("专家", "评分表")
    return f"{SLOTS.get(sheet.slot, '专家')}{sheet.expert}"


def readers(facts: Facts) -> list[str]:
    """How the copy calls the expert of every sheet."""
    return [reader(facts, at) for at in range(len(facts.sheets))]


def _by_grades(facts: Facts) -> bool:
    return facts.rubric.method == "indicator"


def _points(total: int | None) -> str:
    return "" if total is None else f"{show_points(total)}分，"


def _case(facts: Facts) -> tuple[str, ...]:
    return ("；".join(f"{label}：{text}" for label, text in facts.case if text) + "。",)


def _work(facts: Facts) -> tuple[str, ...]:
    came = (
        f"案卷于{chinese_date(facts.handed_in_on)}收到"
        if facts.handed_in_on
        else "案卷在评估前已在系统内或现场调阅"
    )
    pages = f"，共{facts.pages}页" if facts.pages else ""
    return (
        f"本案由{facts.round_title}（批次{facts.round_code}）随机抽取，层为{facts.stratum}，抽签序号{facts.place}。{came}{pages}。",
        (
            f"由{facts.spec.reviewers}名专家独立评分，互不知情；盲评程度：{words.BLINDNESS[facts.spec.blind].zh}。"
            f"评分标准：{facts.rubric.title.zh}（{facts.rubric.key}）。各份评分表如下。"
        ),
    )  # fmt: skip


def _sheets_table(facts: Facts) -> Table:
    rows = tuple(
        (
            reader(facts, at), "—" if one.total is None else show_points(one.total), one.grade,
            "、".join(_vetoes(facts, one.content.vetoes)) or "无", chinese_date(one.submitted_on),
        )
        for at, one in enumerate(facts.sheets)
    )  # fmt: skip
    return Table("评分表", ("评分", "得分", "等次", "一票否决", "提交日期"), rows)


def _found(facts: Facts, held: Sequence[SectionFindings]) -> tuple[str, ...]:
    said = [
        f"“{one.section.title.zh}”：{f'{_items(one)}项有扣分，见下表。' if one.found else '未发现问题。'}"
        for one in held
    ]
    if _by_grades(facts):
        said = grades.found(facts.rubric, [one.content for one in facts.sheets])
    for at, sheet in enumerate(facts.sheets):
        for code, why in sheet.content.vetoes.items():
            said.append(f"一票否决“{_vetoes(facts, [code])[0]}”（{reader(facts, at)}）：{why}")
    return tuple(said)


def _items(one: SectionFindings) -> int:
    return len({finding.item.code for finding in one.found})


def _losses_table(facts: Facts, held: Sequence[SectionFindings]) -> tuple[Table, ...]:
    rows = tuple(_loss(facts, finding) for one in held for finding in one.found)
    if not rows:
        return ()
    return (Table("扣分情况", ("评分项", "应得", "评分", "扣分", "理由", "案卷页码"), rows),)


def _loss(facts: Facts, one: Finding) -> tuple[str, ...]:
    mark = facts.sheets[one.sheet].content.marks[one.item.code]
    is_five = facts.rubric.method == "five_mark"
    taken = f"评{mark.earned}（满{FIVE}）" if is_five else show_points(half_up(one.lost))
    return (
        one.item.title.zh, show_points(one.item.points), reader(facts, one.sheet), taken,
        "；".join(one.reasons) or "未写明", "、".join(one.pages),
    )  # fmt: skip


def _agreed(facts: Facts) -> tuple[str, ...]:
    said = [f"合议规则：{words.CONSENSUS_RULES[facts.spec.consensus.rule].zh}。"]
    if facts.reasons:
        why = "；".join(words.NEEDS[one].zh for one in facts.reasons)
        said.append(
            f"因下列情形另行随机派定专家复评：{why}。复评后：{words.RESOLVES[facts.spec.consensus.resolve].zh}。"
        )
    else:
        said.append("没有需要复评的情形。")
    if facts.objection is None:
        said.append("没有提出异议。")
    else:
        state, reason, answer = facts.objection
        answered = f"答复：{answer}" if answer else ""
        said.append(f"异议：{reason}（{objection_words.STATES[state].zh}）。{answered}")
    for step, total, grade, _vetoed, _by in facts.results:
        said.append(f"{objection_words.RESULT_STEPS[step].zh}：{_points(total)}{grade}。")
    return tuple(said)


def _grade(facts: Facts) -> tuple[str, ...]:
    _step, total, grade, vetoed, by = facts.results[-1]
    rule = words.CONSENSUS_RULES.get(by) or words.RESOLVES.get(by) or words.NEEDS.get(by)
    how = f"按“{rule.zh}”" if rule else ""
    scored = "" if total is None else f"得分{show_points(total)}分，"
    veto = "一票否决优先。" if facts.rubric.vetoes else ""
    said = [
        f"{how}{scored}{'评定' if facts.is_released else '拟评定'}等次为“{grade}”。",
        grades.basis() + veto if _by_grades(facts) else f"分数线：{_cut_offs(facts.rubric)}。{veto}",
    ]
    if vetoed:
        said.append(f"成立的一票否决：{'、'.join(_vetoes(facts, vetoed))}。")
    return tuple(said)


def _cut_offs(rubric: Rubric) -> str:
    ordered = sorted(rubric.grades, key=lambda one: one.order)
    said = [f"{one.name}{show_points(one.minimum)}分以上" for one in ordered[:-1]]
    return "，".join([*said, f"其余为{ordered[-1].name}"])


def _other(facts: Facts) -> tuple[str, ...]:
    said = grades.own_grades([one.content for one in facts.sheets], readers(facts))
    items, extras = facts.rubric.by_item, {one.code: one.title.zh for one in facts.rubric.bonus}
    for at, sheet in enumerate(facts.sheets):
        who, content = reader(facts, at), sheet.content
        if content.overall:
            said.append(f"{who}的总体意见：{content.overall}")
        for code, points in content.bonus.items():
            if points:
                said.append(f"{who}加分“{extras.get(code, code)}”{show_points(points)}分。")
        for code, mark in content.marks.items():
            if mark.na and code in items:
                said.append(f"{who}认为“{items[code].title.zh}”不适用：{mark.reason}")
    return tuple(said) or ("没有其他需要说明的事项。",)


def _vetoes(facts: Facts, codes: Sequence[str] | Mapping[str, str]) -> list[str]:
    titles = {one.code: one.title.zh for one in facts.rubric.vetoes}
    return [titles.get(code, code) for code in codes]
