"""What stands between a round and its release, and whose word is there already."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.database import db
from qualityeval.models import Account, Round, Saying


@dataclass(frozen=True)
class Word:
    """One account's word for an act that needs two."""

    name: str
    who: str
    said_at: datetime


def words_for(actor: Actor, round_: Round, act: str = "release") -> list[Word]:
    """Who has said it, in the order said."""
    require(actor, Permission.ROUND_RELEASE, round_)
    rows = db.session.execute(
        select(Account.name, Account.display_name, Saying.said_at)
        .join(Saying, Saying.account_id == Account.id)
        .where(Saying.round_id == round_.id, Saying.act == act)
        .order_by(Saying.id)
    )
    return [Word(name, who, said_at) for name, who, said_at in rows]
