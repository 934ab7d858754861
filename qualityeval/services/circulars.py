"""Making the circular of a round or a period: figures as they stand, recorded with the head of the log."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from qualityeval.adapters.rubric_files import shipped
from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.database import instance_address, instance_folder
from qualityeval.models import Round
from qualityeval.queries import result_items, result_pages
from qualityeval.queries import rounds as queries
from qualityeval.queries.published import public_name
from qualityeval.reports import certificate as certificates
from qualityeval.reports.circular import circular, period_title
from qualityeval.reports.paper import Facts, Paper, RoundFacts
from qualityeval.reports.paper_files import KINDS, paper_file
from qualityeval.services import audit
from qualityeval.services.rounds import read_spec

SPOKEN = frozenset({"objection", "released", "closed"})
APART = "rubric_sets_differ"
TEMPLATE = Path("templates") / "circular.docx"


def read_circular(*, actor: Actor, rounds: Sequence[Round], now: datetime) -> Paper:
    """The circular's text and tables as they would be written now; same refusals as `make_circular`."""
    if not rounds:
        raise InvalidInput("circular.rounds", msg("请写明批次代码。"), where="code")
    for round_ in rounds:
        require(actor, Permission.ROUND_RESULTS, round_)
        if round_.state not in SPOKEN:
            raise WrongState(
                "circular.early", msg("通知初评等次之后才能生成通报。"), where="round", state=round_.state
            )
    return circular(facts_of(actor=actor, rounds=rounds, now=now))


def make_circular(*, actor: Actor, rounds: Sequence[Round], kind: str, now: datetime) -> bytes:
    """The circular as `docx`, `pdf` or `xlsx`; before the release it says on its face that it is preliminary.

    Several rounds make the circular of a period. Refused before the grades were notified: until then a figure may
    still change without anybody's objection. The office's own Word template is taken from `templates/circular.docx`
    of the instance folder where it lies.
    """
    if kind not in KINDS:
        raise InvalidInput("circular.kind", msg("格式只能是docx、pdf或xlsx。"), where="format")
    made = read_circular(actor=actor, rounds=rounds, now=now)
    content = paper_file(made, kind=kind, made_at=now, template=own_template())
    for round_ in rounds:
        audit.record(
            actor, "circular.made", now=now, object_type="round", object_id=round_.code, kind=kind,
            state=str(round_.state),
        )  # fmt: skip
    return content


def own_template() -> Path | None:
    """The office's own Word template of circulars and feedback, where it has one."""
    path = instance_folder() / TEMPLATE
    return path if path.is_file() else None


def facts_of(*, actor: Actor, rounds: Sequence[Round], now: datetime) -> Facts:
    """Everything that the circular rests on, as the actor may see it."""
    told = [_round_facts(actor, round_, now) for round_ in rounds]
    one = told[0] if len(told) == 1 else None
    found = one.results if one else result_pages.results_for(actor, *rounds)
    items = result_items.items_for(actor, *rounds)
    return Facts(
        title=one.title if one else period_title(told), institution=rounds[0].institution.name, results=found,
        rounds=told, made_on=office_date(now), items=items.items if found["overall"]["reason"] != APART else (),
        item_titles={code: title.zh for code, title in items.titles.items()}, log_head=audit.head(),
        address=f"{instance_address()}/verify" + (f"/{public_name(rounds[0].code, rounds[0].public_id)}" if one else ""),
    )  # fmt: skip


def _round_facts(actor: Actor, round_: Round, now: datetime) -> RoundFacts:
    spec, certificate = read_spec(round_.spec), json.loads(queries.certificate_text(round_))
    plan, drawn = json.loads(certificate["plan"]), queries.draw_of(round_)
    return RoundFacts(
        title=round_.title, code=round_.code, results=result_pages.results_for(actor, round_),
        certificate=certificate, spec=spec, drawn_on=office_date(drawn.drawn_at if drawn else now),
        population=_population(plan), source=certificates.source(plan["seed_source"])["zh"],
        rubrics=_titles(spec.rubrics.values()), items=result_items.items_for(actor, round_).items,
    )  # fmt: skip


def _population(plan: dict[str, Any]) -> str:
    whole = certificates.population(plan["population"])["zh"]
    narrowed = certificates.filter_text(plan["population"].get("where", {}))
    return f"{whole}（{narrowed}）" if narrowed else whole


def _titles(keys: Iterable[str]) -> tuple[str, ...]:
    """Titles of the rubrics with their versions; a code that isn't shipped stands for itself."""
    known = {
        f"{rubric.code}@{rubric.version}": f"{rubric.title.zh}（{rubric.code}@{rubric.version}）"
        for rubric in shipped()
    }
    return tuple(known.get(key, key) for key in sorted(set(keys)))
