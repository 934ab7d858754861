"""From a mapping of texts to a checked round spec.

parse_round_spec(mapping) -> RoundSpec      numbers and dates as text; InvalidInput names the place
"""

import re
from collections.abc import Mapping

from qualityeval.core import spec_nodes as nodes
from qualityeval.core.appointments import REQUIREMENTS
from qualityeval.core.ceremony import SeedKind, SeedSource
from qualityeval.core.conditions import EVERYTHING, parse_condition
from qualityeval.core.errors import msg
from qualityeval.core.round_spec import Exclusion, Population, RoundSpec
from qualityeval.core.rubric import key_parts
from qualityeval.core.spec_parts import (
    read_consensus,
    read_deadlines,
    read_meetings,
    read_recusal,
    read_sizes,
)
from qualityeval.core.specialties import MODES
from qualityeval.core.workload import read_workload

KINDS = ("peer", "self", "recheck")
BASES = ("closed", "archived", "accepted")
SERIES = ("each", "one_per_series")
CALL_INS = ("required", "none")
MISSING_FILES = ("fail", "nonresponse")
BLINDNESS = ("metadata", "pseudonym", "full")
KEYS = (
    "code", "title", "institution", "kind", "rounds", "population", "strata", "rates", "series", "seed",
    "call_in", "missing_file", "reviewers", "recusal", "specialty", "blind", "consensus", "rubrics", "deadlines",
    "require", "meetings", "workload",
)  # fmt: skip
MOST_REVIEWERS = 9
_CODE = re.compile(r"[\w.-]{1,60}")
_RUBRIC = re.compile(r"[a-z][a-z0-9-]{0,63}@[1-9][0-9]{0,5}")


def parse_round_spec(mapping: object) -> RoundSpec:
    """A mapping whose numbers are still text into a checked spec.

    Left out: kind peer, strata none, series each, call_in required, missing_file fail, two reviewers,
    recusal by county and provider, blind metadata, consensus by mean with the usual triggers, no
    objection window, specialties ignored, nothing required before a file opens, no limit of meetings, workload in files. Whether fields, institution and rubrics exist is the caller's question.
    """
    top = nodes.mapping(mapping, "", KEYS)
    kind = nodes.choice(top, "kind", options=KINDS, default="peer")
    spec = RoundSpec(
        code=_code(top),
        title=nodes.text(top, "title"),
        institution=nodes.text(top, "institution", longest=60),
        kind=kind,
        rounds=_rounds(top, kind),
        population=_population(top),
        strata=_strata(top),
        sizes=read_sizes(top),
        series=nodes.choice(top, "series", options=SERIES, default="each"),
        source=_source(top),
        call_in=nodes.choice(top, "call_in", options=CALL_INS, default="required"),
        missing_file=nodes.choice(top, "missing_file", options=MISSING_FILES, default="fail"),
        reviewers=nodes.whole(top, "reviewers", default=2, low=1, high=MOST_REVIEWERS),
        recusal=read_recusal(top),
        blind=nodes.choice(top, "blind", options=BLINDNESS, default="metadata"),
        consensus=read_consensus(top),
        rubrics=_rubrics(top),
        deadlines=read_deadlines(top),
        specialty=nodes.choice(top, "specialty", options=MODES, default="ignore"),
        require=_required(top),
        meetings=read_meetings(top),
        workload=read_workload(top),
    )
    _refuse_loose_floors(spec)
    return spec


def _refuse_loose_floors(spec: RoundSpec) -> None:
    """Within a stratum chance decides: a floor for a field that is none could be missed by any draw."""
    for floor in spec.sizes.floors:
        if floor.field not in spec.strata_fields:
            raise nodes.refuse(
                f"rates.floors.{floor.field}",
                "floor_field",
                msg(
                    "“%(field)s”不是分层字段：层内由随机数决定，保证不了每个值至少抽几件。请把它加进 strata。"
                ),
                field=floor.field,
            )


def _code(top: nodes.Node) -> str:
    code = nodes.text(top, "code", longest=60)
    if not _CODE.fullmatch(code) or code.startswith((".", "-")):
        raise nodes.refuse(
            "code",
            "code",
            msg(
                "批次代码“%(value)s”不能用：只用文字、数字、点、下划线和连字符，最多 60 个，不以点或连字符开头。"
            ),
            value=code,
        )
    return code


def _rounds(top: nodes.Node, kind: str) -> tuple[str, ...]:
    found = tuple(nodes.text({"rounds": one}, "rounds") for one in nodes.listed(top, "rounds"))
    if bool(found) != (kind == "recheck"):
        raise nodes.refuse(
            "rounds", "rounds", msg("复查批次（kind: recheck）要用 rounds 列出被复查的批次，其他批次不写。")
        )
    return found


def _required(top: nodes.Node) -> tuple[str, ...]:
    asked = [
        nodes.choice({"require": one}, "require", options=REQUIREMENTS)
        for one in nodes.listed(top, "require")
    ]
    return tuple(one for one in REQUIREMENTS if one in asked)


def _population(top: nodes.Node) -> Population:
    where = "population"
    node = nodes.mapping(top.get(where), where, ("by", "from", "to", "where", "exclude"))
    since, until = nodes.day(node, "from", where), nodes.day(node, "to", where)
    for key, found in (("from", since), ("to", until)):
        if found is None:
            raise nodes.refuse(f"{where}.{key}", "text", msg("“%(key)s”要写明，不能空着。"), key=key)
    if since is None or until is None or since > until:
        raise nodes.refuse(f"{where}.to", "period", msg("截止日期（to）不能早于开始日期（from）。"))
    condition = node.get("where")
    return Population(
        by=nodes.choice(node, "by", where, options=BASES, default="closed"),
        since=since,
        until=until,
        where=parse_condition(condition, where=f"{where}.where") if condition else EVERYTHING,
        exclude=tuple(
            _exclusion(one, f"{where}.exclude[{index}]")
            for index, one in enumerate(nodes.listed(node, "exclude", where))
        ),
    )


def _exclusion(value: object, where: str) -> Exclusion:
    node = nodes.mapping(value, where, ("when", "reason"))
    when = parse_condition(node.get("when"), where=f"{where}.when")
    return Exclusion(when, nodes.text(node, "reason", where))


def _strata(top: nodes.Node) -> tuple[str, ...]:
    fields = tuple(nodes.text({"strata": one}, "strata") for one in nodes.listed(top, "strata"))
    if len(set(fields)) != len(fields):
        raise nodes.refuse("strata", "strata_twice", msg("同一字段只能用来分层一次。"))
    return fields


def _source(top: nodes.Node) -> SeedSource:
    node = nodes.mapping(top.get("seed"), "seed", ("source", "name", "date"))
    kind = SeedKind(nodes.choice(node, "source", "seed", options=tuple(SeedKind)))
    if kind is not SeedKind.LOTTERY:
        if "name" in node or "date" in node:
            raise nodes.refuse("seed", "seed", msg("只有彩票（lottery）才写名称（name）和日期（date）。"))
        return SeedSource(kind)
    drawn_on = nodes.day(node, "date", "seed")
    if drawn_on is None:
        raise nodes.refuse("seed.date", "text", msg("“%(key)s”要写明，不能空着。"), key="date")
    return SeedSource(kind, nodes.text(node, "name", "seed"), drawn_on)


def _rubrics(top: nodes.Node) -> Mapping[str, str]:
    node = top.get("rubrics")
    if not isinstance(node, Mapping) or not node:
        raise nodes.refuse(
            "rubrics",
            "rubrics",
            msg("要指定评分标准，例如 {criminal/defence/trial: criminal-trial@1}；* 可代替任一段。"),
        )
    found: dict[str, str] = {}
    for key, value in node.items():
        where = f"rubrics.{key}"
        canonical = "/".join(key_parts(str(key)))
        rubric = str(value).strip()
        if not _RUBRIC.fullmatch(rubric):
            raise nodes.refuse(
                where, "rubric", msg("“%(value)s”应写成 代码@版本，例如 civil@1。"), value=rubric
            )
        if canonical in found:
            raise nodes.refuse(where, "rubric_twice", msg("“%(key)s”写了两次。"), key=canonical)
        found[canonical] = rubric
    return found
