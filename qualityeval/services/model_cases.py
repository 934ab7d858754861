"""Model cases: nominated from a released round by one manager, listed or turned down by another, told without names."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.model_case import LONGEST, LONGEST_DECISION, LONGEST_TITLE, names_in
from qualityeval.core.two_people import TwoPeople
from qualityeval.core.workflow import PUBLISHED
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import ModelCase, Round, SampledCase
from qualityeval.queries import model_cases as queries
from qualityeval.services import audit
from qualityeval.services.interests import refuse_conflicted

BY_TWO = TwoPeople("model_case.own", msg("由您推荐的，请另一位管理员决定。"))


def nominate(
    *, actor: Actor, sampled: SampledCase, title: str, story: str, merits: str, now: datetime
) -> ModelCase:
    """Put a case of a released round forward, in words that name nobody.

    Refused before the release, for a case whose grade isn't a good one, a second time, without text, and where a
    name of the case (recipient, practitioner, provider, numbers) stands in the text; and to the command line, which is
    neither of the two people that a model case takes.
    """
    round_ = db.session.get_one(Round, sampled.round_id)
    require(actor, Permission.ROUND_RELEASE, round_)
    account = BY_TWO.account(actor.account_id)
    refuse_conflicted(actor, sampled.id)
    if round_.state not in PUBLISHED:
        raise WrongState("model_case.early", msg("发布之后才能推荐典型案例。"), where="state")
    if not queries.is_good(sampled):
        raise WrongState("model_case.grade", msg("只能推荐良好以上等次的案件。"), where="case")
    if db.session.execute(select(ModelCase.id).where(ModelCase.sampled_case_id == sampled.id)).first():
        raise WrongState("exists", msg("这件案件已经推荐过。"), where="case")
    words = {"title": title.strip(), "story": story.strip(), "merits": merits.strip()}
    _refuse_text(words, sampled)
    row = ModelCase(
        round_id=round_.id, sampled_case_id=sampled.id, nominated_by_id=account, nominated_at=now, **words
    )  # fmt: skip
    db.session.add(row)
    _log(actor, "model_case.nominated", row, now, round=round_.code)
    return row


def decide(*, actor: Actor, row: ModelCase, agrees: bool, decision: str, now: datetime) -> None:
    """List a nominated case, or turn it down with a reason. By another account than the one that nominated it."""
    require(actor, Permission.ROUND_RELEASE, row.round)
    if row.state != "nominated":
        raise WrongState("model_case.decided", msg("这件推荐已经作出决定。"), where="state")
    account = BY_TWO.other(actor.account_id, row.nominated_by_id)
    kept = written(
        decision, "decision", code="model_case.reason", longest=LONGEST_DECISION, ask=msg("请写明不收录的理由。"),
        needed=not agrees,
    )  # fmt: skip
    row.state, row.decision = "listed" if agrees else "refused", kept
    row.decided_by_id, row.decided_at = account, now
    _log(actor, "model_case.decided", row, now, state=row.state)


def withdraw(*, actor: Actor, row: ModelCase, reason: str, now: datetime) -> None:
    """Take a listed case off the list, with a reason; its row stays."""
    require(actor, Permission.ROUND_RELEASE, row.round)
    if row.state != "listed":
        raise WrongState("model_case.not_listed", msg("只有已收录的才能撤下。"), where="state")
    ask = msg("请写明撤下的理由。")
    kept = written(reason, "decision", code="model_case.reason", longest=LONGEST_DECISION, ask=ask)
    row.state, row.decision = "withdrawn", kept
    _log(actor, "model_case.withdrawn", row, now, reason=kept)


def _refuse_text(words: Mapping[str, str], sampled: SampledCase) -> None:
    names = queries.names_of(sampled)
    for field, text in words.items():
        longest = LONGEST_TITLE if field == "title" else LONGEST
        written(text, field, code="model_case.empty", longest=longest)
        if found := names_in(text, names):
            raise InvalidInput(
                "model_case.names", msg("文字里有能认出人的内容：%(names)s。请改成“受援人”“承办律师”等。"), where=field,
                names="、".join(found),
            )  # fmt: skip


def _log(actor: Actor, action: str, row: ModelCase, now: datetime, **detail: object) -> None:
    db.session.flush()
    audit.record(actor, action, now=now, object_type="model_case", object_id=row.public_id, **detail)
