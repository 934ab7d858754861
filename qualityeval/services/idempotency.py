"""The same press twice does the thing once: the key of a form and the page it led to."""

from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState, msg
from qualityeval.database import db
from qualityeval.models import IdempotencyKey

LONGEST = 64


def answer(*, actor: Actor, key: str, request_hash: str) -> str | None:
    """Where this very request led before; None for a key not seen yet.

    Refused when the key came with other content, or from another account.
    """
    if not key or len(key) > LONGEST:
        raise InvalidInput("form.key", msg("表单缺少编号，请刷新页面后再填。"))
    found = db.session.execute(
        select(IdempotencyKey).where(IdempotencyKey.key == key).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        return None
    if found.account_id != actor.account_id or found.request_hash != request_hash:
        raise WrongState(
            "form.key_used", msg("这张表单已经提交过，内容和现在的不同。请重新打开页面，核对后再提交。")
        )
    return found.location


def remember(*, actor: Actor, key: str, request_hash: str, location: str, now: datetime) -> None:
    """Keep the answer, in the transaction of the work. A second one at the same time meets the key.

    That meeting is an IntegrityError of the flush here: all of the second's work is rolled back.
    """
    if actor.account_id is None:
        raise NotAllowed
    db.session.add(
        IdempotencyKey(
            key=key,
            account_id=actor.account_id,
            request_hash=request_hash,
            location=location[:400],
            created_at=now,
        )
    )
    db.session.flush()
