"""Words of managers that a round waits for: kept until two have said the same, discarded where they differ."""

from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.two_people import Agreement, TwoPeople, Word
from qualityeval.database import db
from qualityeval.models import Round, Saying


def say(
    *, actor: Actor, round_: Round, about: str, two: TwoPeople, now: datetime, text: str = ""
) -> Agreement:
    """Note the actor's word about an act of the round (`about`, with what both must say alike as its `text`).

    Rights and the state are the caller's, who holds the round. Refused to the command line, and twice to one account.
    """
    account = two.account(actor.account_id)
    standing = db.session.execute(
        select(Saying)
        .where(Saying.round_id == round_.id, Saying.act.startswith(about, autoescape=True))
        .order_by(Saying.id)
        .limit(1)
    ).scalar_one_or_none()
    first = Word(standing.account_id, standing.act.removeprefix(about)) if standing else None
    agreement = two.heard(first, Word(account, text))
    if agreement is Agreement.DIFFER:
        db.session.delete(standing)
    else:
        db.session.add(Saying(round_id=round_.id, act=about + text, account_id=account, said_at=now))
    db.session.flush()
    return agreement
