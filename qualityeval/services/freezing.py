"""The freeze: from a specification and the register to a frame, a plan and their digests, for good."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import cast

import numpy as np
from sqlalchemy import Table, insert, literal, select

from qualityeval.adapters.bulk_rows import add_rows
from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.ceremony import check_source
from qualityeval.core.frame import PORTION
from qualityeval.core.plan import build_plan
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import db
from qualityeval.models import FrameCase, Institution, LiveFrameCase, Round, RoundStratum
from qualityeval.services import audit
from qualityeval.services.collection import collection_paused
from qualityeval.services.framing import Planned, plan_round
from qualityeval.services.register_lock import wait_for_imports
from qualityeval.services.rubric_versions import store_rubrics
from qualityeval.services.seeds import lock

FRAME_CASES = cast("Table", FrameCase.__table__)  # no object a row


def new_secret() -> str:
    """64 hex characters that nobody can foresee."""
    return secrets.token_hex(32)


@collection_paused()
def freeze(*, actor: Actor, round_: Round, now: datetime, new_secret: Callable[[], str] = new_secret) -> None:
    """Make frame, plan, secrets and rubrics of a draft immutable and publish their digests.

    `new_secret` gives the salt and both secrets; only the demonstration, which hides nothing, names another.
    The owning body is locked, so that two rounds can't take the same case at once; and no import is
    half done meanwhile, so that each case is either in the frame or registered after the freeze.
    """
    require(actor, Permission.ROUND_PLAN, round_)
    wait_for_imports()
    db.session.execute(
        select(Institution.id).where(Institution.id == round_.institution_id).with_for_update()
    )
    lock(round_)
    state = round_after(round_.state, RoundAct.FREEZE)
    salt, secret, deal_secret = (new_secret() for _ in range(3))
    planned = plan_round(actor=actor, round_=round_, salt=salt)
    check_source(planned.spec.source, frozen_on=office_date(now))
    rubrics = store_rubrics(planned.rubrics, institution=round_.institution, now=now)
    plan = build_plan(
        code=round_.code, frame=planned.frame, sizes=planned.sizes, secret=secret, deal_secret=deal_secret,
        source=planned.spec.source,
        more={
            **planned.spec.as_plan(), "title": round_.title, "rubric_digests": rubrics,
            "left_out": planned.left_out.as_plan(), "frozen_on": office_date(now).isoformat(),
        },
    )  # fmt: skip
    round_.state, round_.frozen_at = state, now
    round_.plan, round_.plan_digest, round_.frame_digest = plan.text, plan.digest, planned.frame.digest
    round_.frame_size, round_.left_out = len(planned.frame), planned.left_out.as_plan()
    round_.salt, round_.secret, round_.deal_secret = salt, secret, deal_secret
    db.session.flush()
    _store_frame(round_, planned)
    audit.record(
        actor, "round.frozen", now=now, object_type="round", object_id=round_.code, plan_digest=plan.digest,
        frame_digest=planned.frame.digest, N=plan.N, n=plan.n,
    )  # fmt: skip


def _store_frame(round_: Round, planned: Planned) -> None:
    db.session.execute(
        insert(RoundStratum),
        [
            {"round_id": round_.id, "label": one.label, "frame_size": one.N, "sample_size": one.n}
            for one in planned.sizes
        ],
    )
    connection, frame, of = db.session.connection(), planned.frame, planned.of
    labels, rubrics, late = (
        np.array(column, object)
        for column in (
            list(frame.sizes),
            [one.rubric for one in planned.kinds],
            [one.late for one in planned.kinds],
        )
    )
    for first in range(0, len(frame), PORTION):
        part = slice(first, min(first + PORTION, len(frame)))
        columns = {
            "case_id": planned.cases[part].tolist(), "key": list(map(bytes.decode, frame.key_bytes(part.start, part.stop))),
            "stratum": labels[frame.codes[part]].tolist(), "rubric": rubrics[of[part]].tolist(),
            "late": late[of[part]].tolist(),
        }  # fmt: skip
        add_rows(connection, FRAME_CASES, columns, same={"round_id": round_.id})
    mine = select(
        FrameCase.round_id, literal(round_.institution_id), literal(round_.kind), FrameCase.case_id
    ).where(FrameCase.round_id == round_.id)
    names = ("round_id", "institution_id", "kind", "case_id")
    db.session.execute(insert(LiveFrameCase).from_select(names, mine.order_by(FrameCase.case_id)))
