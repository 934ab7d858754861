"""The certificate of a draw on paper: Chinese with English beside it, A4, to be signed and sealed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from qualityeval.adapters.qr_codes import qr_svg
from qualityeval.adapters.typesetting import pdf
from qualityeval.core.ceremony import is_weak
from qualityeval.core.plan import read_plan
from qualityeval.words import rounds as words
from qualityeval.words.figures import digest_groups, share_text

TEMPLATE = Path(__file__).with_suffix(".typ")
OFFICE = timezone(timedelta(hours=8))
LAST_TICKET_SHOWN = 16
COMMAND_LINE = "命令行 (command line)"

Pair = dict[str, str]


@dataclass(frozen=True)
class DrawOnPaper:
    """What the paper says beside the certificate itself."""

    title: str
    institution: str
    certificate: str
    frozen_at: datetime
    drawn_at: datetime
    drawn_by: str
    typed_by: Sequence[str]
    address: str
    frame_file: str
    certificate_file: str
    places: Mapping[str, str] = field(default_factory=dict)


def certificate_pdf(paper: DrawOnPaper) -> bytes:
    """The PDF; the same draw gives the same bytes."""
    return pdf(TEMPLATE, values(paper), made_at=paper.drawn_at)


def values(paper: DrawOnPaper) -> dict[str, Any]:
    """Everything the template prints, as text."""
    certificate = json.loads(paper.certificate)
    plan = json.loads(certificate["plan"])
    file_digest = file_sha256(paper.certificate)
    size = sum(stratum["N"] for stratum in certificate["strata"])
    drawn = sum(stratum["n"] for stratum in certificate["strata"])
    return {
        "title": paper.title,
        "code": plan["code"],
        "number": f"{plan['code']}-D1",
        "institution": paper.institution,
        "plan_digest_short": " ".join(digest_groups(certificate["plan_digest"])[:2]),
        "frame_size": f"{size:,}",
        "sample_size": f"{drawn:,}",
        "share": share_text(drawn, size),
        "population": population(plan["population"]),
        "filter": filter_text(plan["population"].get("where", {})),
        "frozen_at": instant(paper.frozen_at),
        "drawn_at": instant(paper.drawn_at),
        "source": source(plan["seed_source"]),
        "public": certificate["public"],
        "weak": is_weak(read_plan(certificate["plan"]).source, certificate["public"]),
        "typed_by": "、".join(paper.typed_by),
        "drawn_by": paper.drawn_by or COMMAND_LINE,
        "digests": digests(certificate, plan),
        "strata": [
            stratum_row(stratum, plan.get("strata_fields", []), paper.places)
            for stratum in certificate["strata"]
        ],
        "left_out": left_out(plan.get("left_out", {})),
        "earlier": [earlier_row(one) for one in certificate["earlier_rounds"]],
        "file_digest": lines(file_digest),
        "files": {"certificate": paper.certificate_file, "frame": paper.frame_file},
        "address": paper.address,
        "qr": qr_svg(f"{paper.address}#sha256={file_digest}"),
    }


def file_sha256(certificate: str) -> str:
    """The digest of the certificate's file."""
    return hashlib.sha256(certificate.encode()).hexdigest()


def lines(digest: str) -> list[str]:
    """A digest in groups of eight, four a line."""
    groups = digest_groups(digest)
    return [" ".join(groups[:4]), " ".join(groups[4:])]


def digests(certificate: Mapping[str, Any], plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The digests in the order in which they came to be; the seed stands out."""
    listed = (
        ("抽样框", "Frame", certificate["frame_digest"]),
        ("方案", "Plan", certificate["plan_digest"]),
        ("密钥承诺", "Digest of the secret", plan["secret_digest"]),
        ("密钥", "Secret, opened", certificate["secret"]),
        ("种子", "Seed", certificate["seed"]),
    )
    return [
        {"zh": zh, "en": en, "groups": lines(digest), "strong": en == "Seed"} for zh, en, digest in listed
    ]


def stratum_row(stratum: Mapping[str, Any], fields: Sequence[str], places: Mapping[str, str]) -> Pair:
    """One line of the table of strata; beside its words the key that the files use, where they differ."""
    last, label = stratum["last_ticket"], words.stratum(stratum["key"], fields, "zh", places=places)
    return {
        "label": label,
        "key": stratum["key"] if label != stratum["key"] else "",
        "N": f"{stratum['N']:,}",
        "n": f"{stratum['n']:,}",
        "share": share_text(stratum["n"], stratum["N"]),
        "last": " ".join(digest_groups(last[:LAST_TICKET_SHOWN])) if last else "—",
    }


def earlier_row(one: Mapping[str, Any]) -> dict[str, Any]:
    """One line of the table of earlier draws."""
    return {
        "code": one["code"],
        "state": {"zh": words.STATES[one["state"]].zh, "en": words.STATES[one["state"]].en},
        "shared": f"{one['shared']:,}",
        "of": f"{one['of']:,}",
        "plan": " ".join(digest_groups(one["plan_digest"][:LAST_TICKET_SHOWN])),
    }


def left_out(counts: Mapping[str, Any]) -> list[dict[str, str]]:
    """Cases outside the frame, by reason; a count of none is left unsaid."""
    listed = [
        ("已在其他有效批次中", "Held by another live round", counts.get("held", 0)),
        ("同系列其他案件", "Others of a series", counts.get("series", 0)),
        *((one["reason"], one["reason"], one["cases"]) for one in counts.get("exclusions", [])),
    ]
    return [{"zh": zh, "en": en, "cases": f"{count:,}"} for zh, en, count in listed if count]


def population(asked: Mapping[str, Any]) -> Pair:
    """Which date, from when to when."""
    by = words.BASES[asked["by"]]
    since, until = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    return {
        "zh": f"{by.zh} {day_zh(since)}—{day_zh(until)}",
        "en": f"{by.en} {since.isoformat()} to {until.isoformat()}",
    }


def filter_text(where: Mapping[str, Any]) -> str:
    """The population's condition as the plan holds it, one field after the other."""
    return "; ".join(f"{name}: {_condition_text(test)}" for name, test in where.items())


def _condition_text(test: Any) -> str:
    if isinstance(test, list):
        return ", ".join(str(value) or "-" for value in test)
    if "not" in test:
        return f"≠ {_condition_text(test['not'])}"
    return f"{test.get('from', '')} … {test.get('to', '')}"


def source(node: Mapping[str, str]) -> Pair:
    """Where the seed came from, as the plan said."""
    kind = words.SEED_SOURCES[node["kind"]]
    if node["kind"] != "lottery":
        return {"zh": kind.zh, "en": kind.en}
    return {
        "zh": f"{kind.zh}：{node['name']}，{day_zh(date.fromisoformat(node['date']))}",
        "en": f"{kind.en}: {node['name']}, {node['date']}",
    }


def day_zh(day: date) -> str:
    """A date as official papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def instant(moment: datetime) -> Pair:
    """An instant as on the office wall, in both languages."""
    here = moment.astimezone(OFFICE)
    return {
        "zh": f"{day_zh(here.date())} {here:%H:%M}",
        "en": f"{here:%Y-%m-%d %H:%M} (UTC+8; {moment.astimezone(UTC):%H:%M} UTC)",
    }
