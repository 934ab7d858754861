"""The plan of a draw on paper before any seed exists: what a witness takes home and holds against the certificate."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from qualityeval.adapters.qr_codes import qr_svg
from qualityeval.adapters.typesetting import pdf
from qualityeval.core.digests import content_digest
from qualityeval.reports import certificate as shared
from qualityeval.words.figures import digest_groups, share_text

TEMPLATE = Path(__file__).with_suffix(".typ")


@dataclass(frozen=True)
class PlanOnPaper:
    """What the paper says beside the plan itself; `plan` is the exact string."""

    title: str
    institution: str
    plan: str
    frozen_at: datetime
    address: str
    places: Mapping[str, str] = field(default_factory=dict)


def announcement_pdf(paper: PlanOnPaper) -> bytes:
    """The PDF; the same plan gives the same bytes, before the draw and after it."""
    return pdf(TEMPLATE, values(paper), made_at=paper.frozen_at)


def values(paper: PlanOnPaper) -> dict[str, Any]:
    """Everything the template prints, as text; nothing sealed is among it."""
    plan, digest = json.loads(paper.plan), content_digest(paper.plan.encode())
    size, drawn = (sum(stratum[key] for stratum in plan["strata"]) for key in ("N", "n"))
    return {
        "title": paper.title,
        "code": plan["code"],
        "institution": paper.institution,
        "plan_digest_short": " ".join(digest_groups(digest)[:2]),
        "frame_size": f"{size:,}",
        "sample_size": f"{drawn:,}",
        "share": share_text(drawn, size),
        "population": shared.population(plan["population"]),
        "filter": shared.filter_text(plan["population"].get("where", {})),
        "frozen_at": shared.instant(paper.frozen_at),
        "source": shared.source(plan["seed_source"]),
        "frame_public": frame_public(plan),
        "digests": digests(plan, digest),
        "strata": [
            shared.stratum_row({**stratum, "last_ticket": None}, plan.get("strata_fields", []), paper.places)
            for stratum in plan["strata"]
        ],
        "left_out": shared.left_out(plan.get("left_out", {})),
        "address": paper.address,
        "qr": qr_svg(paper.address),
    }


def digests(plan: Mapping[str, Any], digest: str) -> list[dict[str, Any]]:
    """The four digests that the freeze publishes; the plan's covers the others and stands out."""
    listed = (
        ("抽样框", "Frame", plan["frame_digest"]),
        ("方案", "Plan", digest),
        ("密钥承诺", "Digest of the secret", plan["secret_digest"]),
        ("派案密钥承诺", "Digest of the dealing secret", plan["deal_secret_digest"]),
    )
    return [
        {"zh": zh, "en": en, "groups": shared.lines(one), "strong": en == "Plan"} for zh, en, one in listed
    ]


def frame_public(plan: Mapping[str, Any]) -> dict[str, str]:
    """From when everybody may have the frame file."""
    if plan.get("call_in") == "none":
        return {"zh": "自抽取时起", "en": "from the draw on"}
    day = plan.get("deadlines", {}).get("hand_in")
    if not day:
        return {"zh": "交卷结束、开始派案时起", "en": "from the dealing on, when all files are in"}
    return {"zh": f"{day} 交卷期限过后", "en": f"after the hand-in deadline, {day}"}
