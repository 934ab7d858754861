"""The tables of a circular: draws and results by round, results by kind of case and institution, items."""

from collections.abc import Mapping
from typing import Any

from qualityeval.reports.paper import BarRow, Bars, Facts, RoundFacts, Row, Table, chinese_date
from qualityeval.words.result_lines import counted, group_name, result_line
from qualityeval.words.results import between, percent

ITEMS = 20
WHOLE = "全部"


def draws(facts: Facts) -> Table:
    """What was drawn in each round, when and by which seed."""
    columns = ("批次", "评估范围", "总体", "层", "抽取", "抽取日期", "种子来源")
    return Table(
        "各批次抽取情况",
        columns,
        tuple(
            (one.code, one.population, str(one.frame_size), str(len(one.certificate["strata"])), str(one.sampled),
             chinese_date(one.drawn_on), one.source)
            for one in facts.rounds
        ),
    )  # fmt: skip


def by_round(facts: Facts) -> Table:
    """Each round's own figures, side by side; a change from one to the next is nobody's claim here."""
    return Table(
        "各批次结果",
        ("批次", "总体", "评定", "等次分布", "优良率", "95%区间"),
        tuple(_round_line(one) for one in facts.rounds),
    )


def _round_line(one: RoundFacts) -> Row:
    overall = one.results["overall"]
    size, judged = str(overall["N"]), str(overall["n"])
    if overall["grades"] is None:
        return (one.code, size, judged, "不列", "—", "")
    grades = "，".join(f"{name}{count}" for name, count in overall["grades"].items() if count)
    return (one.code, size, judged, grades, percent(overall["good_rate"]), between(overall["interval"], "zh"))


def results(facts: Facts) -> tuple[Table, ...]:
    """By kind of case and by institution; none where the rounds aren't put together."""
    if not facts.is_comparable:
        return ()
    return (
        Table("按案件类型", _columns(facts, "案件类型"), tuple(_line(facts, *one) for one in _kinds(facts))),
        Table(
            "按机构（按机构代码排列，不作名次）",
            _columns(facts, "机构"),
            tuple(_line(facts, one["name"], one) for one in facts.results["institutions"]),
        ),
    )


def bars(facts: Facts) -> tuple[Bars, ...]:
    """Grades of the whole and of each kind of case as bars; none where no distribution is shown."""
    grades = tuple(counted(facts.results["overall"]))
    if not grades or not facts.is_comparable:
        return ()
    rows = tuple(
        BarRow(name, tuple(one["grades"].get(grade, 0) for grade in grades))
        for name, one in _kinds(facts)
        if one["grades"]
    )
    return (Bars("等次分布（件）", grades, rows),)


def _kinds(facts: Facts) -> list[tuple[str, Mapping[str, Any]]]:
    """The whole and each kind of case, by name."""
    kinds = [(group_name("case_type", one, "zh"), one) for one in facts.results["case_types"]]
    return [(WHOLE, facts.results["overall"]), *kinds]


def _columns(facts: Facts, first: str) -> Row:
    return (first, "总体", "样本", *counted(facts.results["overall"]), "优良率", "95%区间")


def _line(facts: Facts, name: str, one: Mapping[str, Any]) -> Row:
    line = result_line(one, counted(facts.results["overall"]), "zh", name=name)
    rate = "不列" if one["grades"] is None else line.rate
    return (line.name, str(line.size), str(line.judged), *line.counts, rate, line.interval)


def items(facts: Facts) -> tuple[Table, ...]:
    """The items most often cut, where there are any."""
    rows = tuple(
        (facts.item_titles.get(one.item, one.item), str(one.read), str(one.cut), percent(one.share))
        for one in facts.items[:ITEMS]
        if one.cut
    )
    return (
        (Table("扣分最多的评分项", ("评分项", "评分表份数", "扣分份数", "占扣分次数"), rows),) if rows else ()
    )
