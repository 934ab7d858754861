"""`index show` and `index declare`: the index of five parts of a body, and its weights."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from flask_babel import gettext
from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, language, verb
from qualityeval.core.composite import PARTS, Composite
from qualityeval.core.composite_versions import Declared
from qualityeval.core.errors import InvalidInput, NotFound, msg
from qualityeval.database import db, transaction
from qualityeval.models import Institution
from qualityeval.queries import composite as queries
from qualityeval.queries.coverage import Period
from qualityeval.services import composite as services
from qualityeval.words.composite import PARTS as PART_WORDS
from qualityeval.words.results import figure

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("index")
def group() -> None:
    """The index of five parts (五位一体)."""


def print_index(content: Result) -> None:
    """One line an institution, rounded for people; `--json` has the unrounded figures."""
    locale = language()
    weights = content["weights"]
    click.echo(f"{content['code']} {content['from']} – {content['to']} {' '.join(content['rounds'])}")
    if weights is None:
        click.echo(gettext("还没有宣布过权重。"))
        return
    shares = " ".join(f"{PART_WORDS[name].text(locale)} {weights['weights'][name]}" for name in PARTS)
    click.echo(f"{weights['version']} ({weights['since']}): {shares}")
    for line in content["institutions"]:
        index, parts = line["index"], line["parts"]
        span = (
            ""
            if index["interval"] is None
            else " [{} – {}]".format(*(figure(one, 1) for one in index["interval"]))
        )
        said = " ".join(
            f"{PART_WORDS[name].text(locale)} {figure(parts[name]['score'], 1)}" for name in PARTS
        )
        click.echo(f"{line['code']} {line['name']}  {figure(index['value'], 1)}{span}  {said}")


@group.command("show")
@click.argument("code")
@click.option("--from", "first", type=DAY, required=True)
@click.option("--to", "last", type=DAY, required=True)
@verb(show=print_index)
def show(*, actor: Actor, now: datetime, code: str, first: datetime, last: datetime) -> Result:
    """The index of every institution of the body CODE in a period, under its weights and those before."""
    del now
    found = queries.index_for(actor, _body(code), Period(first.date(), last.date()))
    return {
        "code": code, "from": first.date().isoformat(), "to": last.date().isoformat(), "rounds": list(found.rounds),
        "weights": _weights(found.weights), "before": _weights(found.before),
        "institutions": [_line(row) for row in found.rows], "reason": None if found.weights else "no_weights",
    }  # fmt: skip


@group.command("declare")
@click.argument("code")
@click.argument("version")
@click.option("--since", type=DAY, required=True, help="first day of a quarter")
@click.option("--weights", required=True, help="process=20,hearing=20,satisfaction=20,archive=20,peer=20")
@click.option("--reason", required=True)
@verb()
def declare(
    *, actor: Actor, now: datetime, code: str, version: str, since: datetime, weights: str, reason: str
) -> Result:
    """Declare weights of the body CODE; they change between periods only."""
    with transaction():
        stored = services.declare_weights(
            actor=actor, body=_body(code), version=version, since=since.date(), by_part=_read(weights), reason=reason, now=now,
        )  # fmt: skip
        return {"code": code, **(_weights(stored.as_core()) or {})}


def _body(code: str) -> Institution:
    found = db.session.execute(select(Institution).where(Institution.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(where="code")
    return found


def _read(text: str) -> dict[str, int]:
    pairs = [one.partition("=") for one in text.split(",")]
    try:
        return {name.strip(): int(value) for name, _sign, value in pairs}
    except ValueError:
        raise InvalidInput(
            "composite.weights", msg("五项的权重都要写，是 0 以上的整数，合计 100。"), where="weights"
        ) from None


def _weights(declared: Declared | None) -> dict[str, Any] | None:
    if declared is None:
        return None
    weights = {name: declared.weights.by_part[name] for name in PARTS}
    return {"version": declared.weights.version, "since": declared.since.isoformat(), "weights": weights}


def _line(row: queries.IndexRow) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "index": _index(row.index), "before": _index(row.before) if row.before else None,
        "parts": {name: {**asdict(part), "n": row.counts[name]} for name, part in row.parts.items()},
        "proposal": row.proposal, "weak": list(row.weak),
    }  # fmt: skip


def _index(found: Composite) -> dict[str, Any]:
    interval = None if found.lo is None else [found.lo, found.hi]
    return {
        "value": found.value,
        "interval": interval,
        "covered": found.covered,
        "reason": found.reason or None,
    }
