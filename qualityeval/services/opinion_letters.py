"""Asking the organs of a whole round: a request for each drawn case, and the letters that carry the links."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from qualityeval.adapters.form_files import OPINION
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.opinion import Via
from qualityeval.models import OrganOpinion, Round
from qualityeval.queries import opinion_letters as queries
from qualityeval.services import audit
from qualityeval.services.one_time import Batch, check_days, digest_of, send_each
from qualityeval.services.opinions import PURPOSE, token_of


def ask_round(*, actor: Actor, round_: Round, days: int, now: datetime) -> Batch:
    """A request with a one-time link for each drawn case of the round; the links go out by letter.

    Left out: sealed cases (one by one, if at all), cases without an organ, cases asked already whose link lives or whose
    answer is there. Refuses a life beyond 60 days and a round in which nobody is left to ask.
    """
    require(actor, Permission.ROUND_READ, round_)
    require(actor, Permission.OPINION_ASK)
    check_days(days)
    made = send_each(
        OrganOpinion, queries.drawn_in(actor, round_, now=now), purpose=PURPOSE,
        written=lambda one: {
            "case_id": one.case_id, "form": OPINION, "organ": one.organ, "officer": one.officer, "via": Via.LINK,
            "asked_by": actor.name, "asked_at": now, "expires_at": now + timedelta(days=days), "answers": {},
        },
        nobody=InvalidInput(
            "opinion.nobody", msg("这个批次里没有可以征询的案件：没有办案机关、封存，或者已经征询过。"), where="round"
        ),
    )  # fmt: skip
    audit.record(
        actor, "opinions.asked", now=now, object_type="round", object_id=round_.code, asked=made.made, days=days,
        left_out=made.left_out,
    )  # fmt: skip
    return made


def links_of(rows: Sequence[OrganOpinion]) -> list[tuple[OrganOpinion, str]]:
    """Each request that can still be opened by a letter, with its token made anew."""
    made = ((row, token_of(row.public_id)) for row in rows)
    return [(row, token) for row, token in made if row.token_hash == digest_of(token)]
