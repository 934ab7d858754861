"""`calibration show`, `set`, `reference` and `repeat`: anchors of a round, their answers, hidden repeats."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, verb
from qualityeval.cli.files import lines_of
from qualityeval.core.calibration import Leaning, WithinExpert
from qualityeval.core.rubric_parts import show_points
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import calibration as queries
from qualityeval.queries import calibration_figures as figures
from qualityeval.queries import rounds
from qualityeval.services import calibration as services
from qualityeval.services.scoring import frozen_rubric
from qualityeval.services.sheet_import import Gathered, take


@click.group("calibration")
def group() -> None:
    """Anchor files that every expert scores, and files that come back to their reader."""


@group.command("show")
@click.argument("code")
@verb()
def show(*, actor: Actor, now: datetime, code: str) -> Result:
    """Anchors, rate of repeats, and what both show; points as numbers."""
    del now
    return _shown(actor, rounds.by_code_for(actor, code))


@group.command("set")
@click.argument("code")
@click.option("--anchor", "anchors", multiple=True, help="Make this case (institution:number) an anchor.")
@click.option("--drop", "dropped", multiple=True, help="Take this anchor back, before anybody opens it.")
@click.option("--repeats", help="Share of an expert's files that comes back, as 2%; 0 for none.")
@click.option(
    "--days", type=int, default=services.DAYS, show_default=True, help="Days before a file comes back."
)
@verb()
def change(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    anchors: tuple[str, ...],
    dropped: tuple[str, ...],
    repeats: str | None,
    days: int,
) -> Result:
    """Choose anchors and the rate of hidden repeats."""
    with transaction():
        round_ = rounds.by_code_for(actor, code)
        for key in dropped:
            services.drop(actor=actor, round_=round_, anchor=figures.by_key(round_, key), now=now)
        for key in anchors:
            services.choose(actor=actor, round_=round_, key=key, now=now)
        if repeats is not None:
            services.set_repeats(actor=actor, round_=round_, rate=repeats, days=days, now=now)
        return _shown(actor, round_)


@group.command("reference")
@click.argument("code")
@click.argument("key", metavar="CASE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", type=click.Choice(services.SOURCES), default="manager", show_default=True)
@click.option("--reason", required=True, help="On what the answer rests.")
@verb()
def reference(
    *, actor: Actor, now: datetime, code: str, key: str, file: Path, source: str, reason: str
) -> Result:
    """Set the reference answer of the anchor CASE from a table: item, mark, deduct, na, reason, page."""
    sheet = Gathered(1)
    with lines_of(file, ("item",)) as lines, transaction():
        for _row, line in lines:
            take(sheet, line)
        round_ = rounds.by_code_for(actor, code)
        anchor = figures.by_key(round_, key)
        rubric = frozen_rubric(anchor.rubric)
        services.set_reference(
            actor=actor, round_=round_, anchor=anchor, content=sheet.under(rubric), source=source, reason=reason,
            rubric=rubric, now=now,
        )  # fmt: skip
        return _shown(actor, round_)


@group.command("repeat")
@click.argument("code")
@verb()
def repeat(*, actor: Actor, now: datetime, code: str) -> Result:
    """Deal the files that are due to their readers again."""
    with transaction():
        round_ = rounds.by_code_for(actor, code)
        dealt = services.deal_repeats(actor=actor, round_=round_, now=now)
        return {**_shown(actor, round_), "dealt": dealt}


def _shown(actor: Actor, round_: Round) -> dict[str, Any]:
    found, setting = figures.figures_of(actor, round_), figures.settings_of(round_)
    submitted = figures.submitted_of(round_.id)
    return {
        "code": round_.code, "required": queries.asks(round_),
        "anchors": [
            {
                "case": queries.key_of(one), "rubric": one.rubric, "submitted": submitted.get(one.id, 0),
                "reference": show_points(one.reference["total"]) if one.reference else None,
                "source": one.source or None, "reason": one.reason or None,
            }
            for one in queries.anchors_of(round_.id)
        ],
        "repeats": {"rate": setting.rate if setting else "0", "days": setting.days if setting else None,
                    "open": found.open, **_within(found.within)},
        "experts": [
            {"expert": one.code, "submitted": one.submitted, **_leaning(one.leaning), **_within(one.within)}
            for one in found.experts
        ],
    }  # fmt: skip


def _leaning(found: Leaning | None) -> dict[str, Any]:
    """Points; null where nothing can be said."""
    if found is None:
        return {"mean": None, "absolute": None, "leaning": None}
    return {
        "mean": float(found.mean) / 100,
        "absolute": float(found.absolute) / 100,
        "leaning": found.word,
    }


def _within(found: WithinExpert | None) -> dict[str, Any]:
    if found is None:
        return {"n": 0, "error": None, "repeatability": None, "shift": None}
    return {
        "n": found.n, "error": found.error / 100, "repeatability": found.repeatability / 100, "shift": found.shift / 100,
    }  # fmt: skip
