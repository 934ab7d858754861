"""Showing the released figures of a round to everybody, on the public page: two managers of the body say so."""

from datetime import datetime

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.two_people import Agreement, TwoPeople
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.models import Round
from qualityeval.queries import public_results
from qualityeval.services import audit, restatements
from qualityeval.services.sayings import say
from qualityeval.services.seeds import lock

BY_TWO = TwoPeople("publish.said", msg("您已同意向社会公开，请等另一位管理员。"))


def publish(*, actor: Actor, round_: Round, now: datetime) -> bool:
    """One manager's word; True once the second has said it and the public page shows every version of the figures.

    Refused before the release, twice by one account, and once it is public: what has been public can't be taken back.
    """
    require(actor, Permission.ROUND_RELEASE, round_)
    lock(round_)
    round_after(round_.state, RoundAct.PUBLISH)
    if public_results.is_public(round_):
        raise WrongState("publish.done", msg("这个批次的结果已经向社会公开。"), where="state")
    if say(actor=actor, round_=round_, about=public_results.ACT, two=BY_TWO, now=now) is Agreement.FIRST:
        audit.record(actor, "publish.said", now=now, object_type="round", object_id=round_.code)
        return False
    restatements.keep_missing(round_, now=now)
    audit.record(actor, "round.published", now=now, object_type="round", object_id=round_.code)
    return True
