"""`round …`: every verb that moves a round, and what can be read of it."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval import clock
from qualityeval.authz import Actor
from qualityeval.cli.door import Result, verb
from qualityeval.cli.files import read_text, write_whole
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.targeted import RULES, Limits
from qualityeval.database import transaction
from qualityeval.queries import planner
from qualityeval.queries import rounds as queries
from qualityeval.queries import targeted as targeted_queries
from qualityeval.services import freezing, rounds, sampling, seeds, targeted


@click.group("round")
def group() -> None:
    """Evaluation rounds."""


@group.command("create")
@click.argument("file", type=click.Path(path_type=Path))
@verb()
def create(*, actor: Actor, now: datetime, file: Path) -> Result:
    """Create a round from a specification in YAML."""
    text = read_text(file)
    with transaction():
        made = rounds.create_round(actor=actor, spec_text=text, now=now)
        return queries.status(made)


@group.command("plan")
@click.argument("code")
@click.option(
    "--minutes", type=click.IntRange(1, 600), default=30, show_default=True, help="a sheet's reading"
)
@click.option("--fee", type=click.IntRange(0), default=0, help="yuan a sheet")
@verb()
def plan(*, actor: Actor, now: datetime, code: str, minutes: int, fee: int) -> Result:
    """What a draft would draw, tell and cost on the register of this moment."""
    del now
    round_ = queries.by_code_for(actor, code)
    found = planner.plan(actor, round_, rounds.read_spec(round_.spec), minutes=minutes, fee=fee * 100)
    return {"code": code, **planner.shown(found)}


@group.command("target")
@click.argument("code")
@click.option("--rule", "rules", multiple=True, type=click.Choice(RULES), help="look for these")
@click.option("--days", type=click.IntRange(1), default=Limits().days, show_default=True)
@click.option("--mass", type=click.IntRange(2), default=Limits().mass, show_default=True)
@click.option("--case", "cases", multiple=True, metavar="KEY", help="mark these for the one --rule given")
@click.option("--note", default="", metavar="TEXT")
@verb()
def target(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    rules: list[str],
    days: int,
    mass: int,
    cases: list[str],
    note: str,
) -> Result:
    """Mark files beside the sample, by rules or by their keys; without either, list what is marked."""
    if cases and len(rules) != 1:
        raise InvalidInput("targeted.rule_needed", msg("逐件标记要写明一条规则（--rule）。"), where="--rule")
    with transaction():
        round_ = queries.by_code_for(actor, code)
        if cases:
            targeted.mark_cases(actor=actor, round_=round_, keys=cases, rule=rules[0], note=note, now=now)
        elif rules:
            targeted.mark_by_rules(
                actor=actor, round_=round_, rules=rules, limits=Limits(days, mass), now=now
            )
        rows = targeted_queries.list_for(actor, round_)
    marked = [
        {"case": f"{row.institution}:{row.number}", "rules": list(row.rules), "grade": row.grade}
        for row in rows
    ]
    return {"code": code, "marked": marked}


@group.command("freeze")
@click.argument("code")
@verb()
def freeze(*, actor: Actor, now: datetime, code: str) -> Result:
    """Fix the frame, the plan and the digests."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        freezing.freeze(actor=actor, round_=round_, now=now)
        return queries.status(round_)


@group.command("seed")
@click.argument("code")
@click.option("--public", metavar="TEXT", help="the value thrown or published; left out: the machine throws")
@verb()
def seed(*, actor: Actor, now: datetime, code: str, public: str | None) -> Result:
    """Take one account's typing of the public value."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        outcome = seeds.type_seed(
            actor=actor, round_=round_, public=public, now=now, today=clock.office_today()
        )
        result = queries.status(round_)
    if outcome.state == seeds.MISMATCH:
        raise RuleViolation(
            "seed.mismatch", msg("两次录入不一致，都已作废。请两位管理员重新录入。"), where="public"
        )
    return result


@group.command("draw")
@click.argument("code")
@verb()
def draw(*, actor: Actor, now: datetime, code: str) -> Result:
    """Draw the sample; once, by whoever comes first."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        sampling.draw_sample(actor=actor, round_=round_, now=now)
        return queries.status(round_)


@group.command("withdraw")
@click.argument("code")
@click.option("--reason", required=True, metavar="TEXT")
@verb()
def withdraw(*, actor: Actor, now: datetime, code: str, reason: str) -> Result:
    """Take a round back for good; its cases are free again and it stays listed."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        rounds.withdraw(actor=actor, round_=round_, reason=reason, now=now)
        return queries.status(round_)


@group.command("status")
@click.argument("code")
@verb()
def status(*, actor: Actor, now: datetime, code: str) -> Result:
    """State, frame, plan, sample and what is pending."""
    del now
    return queries.status(queries.by_code_for(actor, code))


@group.command("certificate")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def certificate(*, actor: Actor, now: datetime, code: str, output: Path) -> Result:
    """Write the draw's certificate, byte for byte as published."""
    del now
    content = queries.certificate_text(queries.by_code_for(actor, code)).encode()
    write_whole(output, content)
    return {"code": code, "file": str(output), "bytes": len(content)}


@group.command("frame")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def frame(*, actor: Actor, now: datetime, code: str, output: Path) -> Result:
    """Write the frame file, byte for byte as digested."""
    del now
    content = sampling.frame_file(actor=actor, round_=queries.by_code_for(actor, code))
    write_whole(output, content)
    return {"code": code, "file": str(output), "bytes": len(content)}
