"""The public pages: which rounds there are, and one round to be reckoned anew by whoever reads."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for

from qualityeval import clock
from qualityeval.core.ceremony import SeedKind, SeedSource, is_weak
from qualityeval.queries import published as queries
from qualityeval.queries.public_results import public_codes
from qualityeval.queries.published import PublishedRound
from qualityeval.web.guards import now, public
from qualityeval.web.locale import choose_locale
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.verify import bp
from qualityeval.web.verify.files import file_names
from qualityeval.web.verify.wording import sentences
from qualityeval.words import rounds as words
from qualityeval.words.verification import PAGE_CHECKS

PER_PAGE = 20
ONE_DAY = timedelta(days=1)
LARGE = 300_000  # cases: from here on nobody's phone fetches the frame without being asked


@dataclass(frozen=True)
class Line:
    """One stratum: its label in bytes and in words, N, n, and the last ticket drawn (None before the draw)."""

    key: str
    label: str
    frame_size: int
    sample_size: int
    last_ticket: str | None


@bp.get("")
@public
def index() -> str:
    """Every round whose plan was published, the latest first."""
    text = request.args.get("text", "").strip()
    total = queries.count_all(text=text)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_all(text=text, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    today = clock.office_date(now())
    return render_template(
        "verify/index.html", rows=rows, open_frames={row.code for row in rows if row.frame_access(today).is_open},
        with_results=public_codes([row.code for row in rows]), text=text, total=total, page=page, pages=pages, per_page=PER_PAGE, words=words, locale=choose_locale(),
    )  # fmt: skip


@bp.get("/<name>")
@public
def detail(name: str) -> Any:
    """One round: what was published when, and the reckoning in the reader's own browser."""
    row = queries.get(name)
    if name != row.name:
        return redirect(url_for("verify.detail", name=row.name))
    certificate = json.loads(row.certificate) if row.certificate else None
    access = row.frame_access(clock.office_date(now()))
    source = str(row.plan["seed_source"]["kind"])
    return render_template(
        "verify/detail.html",
        row=row,
        certificate=certificate,
        strata=_lines(row, certificate),
        frame_is_open=access.is_open,
        is_large=row.frame_size > LARGE,
        frame_after=access.opens_on - ONE_DAY if access.opens_on else None,
        weak=bool(certificate) and is_weak(SeedSource(SeedKind(source)), certificate["public"]),
        source=words.SEED_SOURCES[source].text(locale := choose_locale()),
        state=words.STATES[row.state].text(locale),
        files=file_names(row),
        has_results=bool(public_codes([row.code])),
        checks=[(check, label.text(locale)) for check, label in PAGE_CHECKS.items()],
        sentences=json.dumps(sentences(), ensure_ascii=False),
    )


def _lines(row: PublishedRound, certificate: dict[str, Any] | None) -> list[Line]:
    fields = row.plan.get("strata_fields", [])
    strata = certificate["strata"] if certificate else row.plan["strata"]
    locale = choose_locale()
    at = fields.index("institution") if "institution" in fields else None
    codes = set() if at is None else {part for one in strata for part in one["key"].split("|")[at : at + 1]}
    places = queries.names_of(codes)
    return [
        Line(
            key=one["key"], label=words.stratum(one["key"], fields, locale, places=places),
            frame_size=one["N"], sample_size=one["n"], last_ticket=one.get("last_ticket"),
        )
        for one in strata
    ]  # fmt: skip
