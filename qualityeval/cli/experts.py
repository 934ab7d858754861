"""`expert …`: terms, leave, likely doubles; `watch …`: proposals to admit, warn or withdraw."""

from dataclasses import asdict
from datetime import date, datetime

import click

from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Result, verb
from qualityeval.core.appointments import KINDS
from qualityeval.database import transaction
from qualityeval.queries import experts as queries
from qualityeval.queries import people, terms
from qualityeval.services import appointments, identities, watch

Day = click.DateTime(formats=["%Y-%m-%d"])


@click.group("expert")
def group() -> None:
    """The pool of experts."""


@group.command("terms")
@click.argument("code")
@click.option("--kind", type=click.Choice(KINDS))
@click.option("--since", type=Day)
@click.option("--until", type=Day)
@click.option("--station", metavar="CODE", help="the institution where they sit")
@click.option("--head-of", metavar="CODE", help="the institution that they lead")
@click.option("--languages", metavar="LIST", help="separated by semicolons")
@click.option("--contract", metavar="TEXT")
@click.option("--only-round", metavar="CODE")
@verb()
def set_terms(*, actor: Actor, now: datetime, code: str, **given: str | datetime | None) -> Result:
    """Show an expert's appointment; with options change these parts of it ("" empties one)."""
    with transaction():
        require(actor, Permission.EXPERTS_MANAGE)
        expert = queries.by_code_for(actor, code)
        said = {name: value for name, value in given.items() if value is not None}
        if said:
            whole = {**asdict(terms.of_expert(expert)), **said}
            for name in ("since", "until"):
                whole[name] = _day(whole[name])
            if "languages" in said:
                whole["languages"] = appointments.listed(str(said["languages"]))
            places = {name: whole.pop(name) for name in ("station", "head_of", "only_round")}
            whole["languages"] = list(whole["languages"])
            appointments.change_terms(actor=actor, expert=expert, values=whole, now=now, **places)
        return _terms(code, terms.of_expert(expert), terms.leaves_of(expert))


def _day(value: datetime | date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _terms(code: str, shown: terms.Shown, leaves: list[tuple[date, date, str]]) -> Result:
    away = [{"since": str(since), "until": str(until), "reason": reason} for since, until, reason in leaves]
    return {"expert": code, **asdict(shown), "languages": list(shown.languages), "leave": away}


@group.command("leave")
@click.argument("code")
@click.argument("since", type=Day)
@click.argument("until", type=Day)
@click.option("--reason", default="", metavar="TEXT")
@verb()
def leave(*, actor: Actor, now: datetime, code: str, since: datetime, until: datetime, reason: str) -> Result:
    """Days, both included, on which nothing is dealt to an expert."""
    with transaction():
        require(actor, Permission.EXPERTS_MANAGE)
        expert = queries.by_code_for(actor, code)
        appointments.add_leave(
            actor=actor, expert=expert, since=since.date(), until=until.date(), reason=reason, now=now
        )
        return _terms(code, terms.of_expert(expert), terms.leaves_of(expert))


@group.command("doubles")
@click.option("--look", is_flag=True, help="Look for further pairs first.")
@verb()
def doubles(*, actor: Actor, now: datetime, look: bool) -> Result:
    """Pairs of entries that may be one person; nothing is dealt to either side of an open one."""
    require(actor, Permission.EXPERTS_MANAGE)
    found = 0
    if look:
        with transaction():
            found = identities.propose(actor=actor, now=now)
    pairs = [
        {
            "id": one.public_id, "first": one.first.code, "second": one.second.code, "ground": one.ground,
            "state": one.state, "reason": one.reason, "by": one.decided_by,
        }
        for one in people.pairs(actor)
    ]  # fmt: skip
    return {"found": found, "open": sum(one["state"] == "open" for one in pairs), "pairs": pairs}


@group.command("decide")
@click.argument("pair")
@click.argument("decision", type=click.Choice([identities.SAME, identities.DIFFERENT]))
@click.option("--reason", required=True, metavar="TEXT")
@verb()
def decide(*, actor: Actor, now: datetime, pair: str, decision: str, reason: str) -> Result:
    """Say of a PAIR of `expert doubles` whether it is the same person."""
    with transaction():
        proposal = people.pair_for(actor, pair)
        kept = identities.decide(actor=actor, proposal=proposal, decision=decision, reason=reason, now=now)
        return {"id": pair, "decision": decision, "kept": kept.code if kept else None}


@click.group("watch")
def watching() -> None:
    """Watch lists: one manager proposes, another decides."""


@watching.command("list")
@verb()
def listed(*, actor: Actor, now: datetime) -> Result:
    """Every proposal about the own experts and practitioners."""
    del now
    require(actor, Permission.EXPERTS_MANAGE)
    lines = [
        {
            "id": one.public_id, "about": "expert" if one.is_expert else "practitioner", "whom": one.code,
            "act": one.act, "state": one.state, "reason": one.reason, "by": one.proposed_by,
            "decision": one.decision,
        }
        for one in people.watched(actor)
    ]  # fmt: skip
    return {"open": sum(one["state"] == "open" for one in lines), "proposals": lines}


@watching.command("propose")
@click.argument("act", type=click.Choice(watch.ACTS))
@click.option("--expert", metavar="CODE")
@click.option("--practitioner", metavar="LICENCE")
@click.option("--reason", required=True, metavar="TEXT")
@verb()
def propose(
    *, actor: Actor, now: datetime, act: str, expert: str | None, practitioner: str | None, reason: str
) -> Result:
    """Put an expert, or a practitioner, forward."""
    if (expert is None) == (practitioner is None):
        raise click.UsageError("one of --expert and --practitioner")
    about, whom = (watch.EXPERT, expert) if expert is not None else (watch.PRACTITIONER, practitioner)
    with transaction():
        made = watch.propose(actor=actor, about=about, whom=whom or "", act=act, reason=reason, now=now)
        return {"id": made.public_id, "act": act, "state": made.state}


@watching.command("decide")
@click.argument("proposal")
@click.argument("word", type=click.Choice(["agree", "refuse"]))
@click.option("--reason", required=True, metavar="TEXT")
@verb()
def settle(*, actor: Actor, now: datetime, proposal: str, word: str, reason: str) -> Result:
    """Agree to or refuse somebody else's PROPOSAL."""
    with transaction():
        found = watch.get_for(actor, proposal)
        watch.decide(actor=actor, proposal=found, agreed=word == "agree", reason=reason, now=now)
        return {"id": proposal, "act": found.act, "state": found.state}
