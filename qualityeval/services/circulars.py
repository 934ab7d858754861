"""Making the circular of a round: figures as they stand, recorded with the head of the log."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from qualityeval.adapters.rubric_files import shipped
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.database import instance_address, instance_folder
from qualityeval.models import Round
from qualityeval.queries import result_items, results
from qualityeval.queries import rounds as queries
from qualityeval.reports import certificate as paper
from qualityeval.reports.circular import Circular, Facts, circular
from qualityeval.reports.circular_files import KINDS, circular_file
from qualityeval.services import audit
from qualityeval.services.rounds import read_spec
from qualityeval.words.moments import OFFICE
from qualityeval.words.rounds import CASE_TYPES

SPOKEN = frozenset({"objection", "released", "closed"})
TEMPLATE = Path("templates") / "circular.docx"


def read_circular(*, actor: Actor, round_: Round, now: datetime) -> Circular:
    """The circular's text and tables as they would be written now; same refusals as `make_circular`."""
    require(actor, Permission.ROUND_RESULTS, round_)
    if round_.state not in SPOKEN:
        raise WrongState(
            "circular.early", msg("通知初评等次之后才能生成通报。"), where="round", state=round_.state
        )
    return circular(facts_of(actor=actor, round_=round_, now=now))


def make_circular(*, actor: Actor, round_: Round, kind: str, now: datetime) -> bytes:
    """The circular as `docx`, `pdf` or `xlsx`; before the release it says on its face that it is preliminary.

    Refused before the grades were notified: until then a figure may still change without anybody's objection.
    The office's own Word template is taken from `templates/circular.docx` of the instance folder where it lies.
    """
    if kind not in KINDS:
        raise InvalidInput("circular.kind", msg("格式只能是docx、pdf或xlsx。"), where="format")
    made = read_circular(actor=actor, round_=round_, now=now)
    own = instance_folder() / TEMPLATE
    content = circular_file(made, kind=kind, made_at=now, template=own if own.is_file() else None)
    audit.record(
        actor, "circular.made", now=now, object_type="round", object_id=round_.code, kind=kind,
        state=str(round_.state),
    )  # fmt: skip
    return content


def facts_of(*, actor: Actor, round_: Round, now: datetime) -> Facts:
    """Everything that the circular rests on, as the actor may see it."""
    spec, text = read_spec(round_.spec), queries.certificate_text(round_)
    certificate = json.loads(text)
    plan = json.loads(certificate["plan"])
    items = result_items.items_for(actor, round_)
    drawn = queries.draw_of(round_)
    return Facts(
        title=round_.title, code=round_.code, institution=round_.institution.name,
        results=results.results(actor, round_), certificate=certificate, plan=plan, spec=spec,
        drawn_on=drawn.drawn_at.astimezone(OFFICE).date() if drawn else now.astimezone(OFFICE).date(),
        made_on=now.astimezone(OFFICE).date(), items=items.items,
        item_titles={code: title.zh for code, title in items.titles.items()}, population=_population(plan),
        source=paper.source(plan["seed_source"])["zh"], log_head=audit.head(),
        address=f"{instance_address()}/verify/{round_.code if round_.code.isascii() else round_.public_id}",
        rubrics=_titles(spec.rubrics.values()), case_types={code: label.zh for code, label in CASE_TYPES.items()},
    )  # fmt: skip


def _population(plan: dict[str, Any]) -> str:
    whole = paper.population(plan["population"])["zh"]
    narrowed = paper.filter_text(plan["population"].get("where", {}))
    return f"{whole}（{narrowed}）" if narrowed else whole


def _titles(keys: Iterable[str]) -> tuple[str, ...]:
    """Titles of the rubrics with their versions; a code that isn't shipped stands for itself."""
    known = {
        f"{rubric.code}@{rubric.version}": f"{rubric.title.zh}（{rubric.code}@{rubric.version}）"
        for rubric in shipped()
    }
    return tuple(known.get(key, key) for key in sorted(set(keys)))
