"""The draw itself: once, from the frozen frame and the fixed seed, with its certificate."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import repeat
from operator import attrgetter
from typing import Any, cast

import numpy as np
from sqlalchemy import Table

from qualityeval.adapters.bulk_rows import add_rows
from qualityeval.adapters.ticket_children import hashed_by_all
from qualityeval.authz import Actor, Permission, require
from qualityeval.core import sampling as core
from qualityeval.core.certificate import certificate_text, issue
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.frame import Frame, build_frame, frame_in_order
from qualityeval.core.plan import read_plan
from qualityeval.core.record import check_record
from qualityeval.core.verification import Verification, verify
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import db, new_public_ids
from qualityeval.models import Draw, Round, SampledCase
from qualityeval.queries import frames, published, stored_draw
from qualityeval.queries import rounds as queries
from qualityeval.services import audit
from qualityeval.services.collection import collection_paused
from qualityeval.services.seeds import lock

CHUNK = 20_000
SAMPLED = cast("Table", SampledCase.__table__)  # no object a row


@collection_paused()
def draw_sample(*, actor: Actor, round_: Round, now: datetime) -> Draw:
    """Draw the sample of a frozen round whose seed is fixed, and write its certificate.

    Exactly one draw a round, whoever asks how often: the round's row is locked, the table holds one row
    a round, and a second asking is WrongState. With `call_in: none` the round is called in at once.
    """
    require(actor, Permission.ROUND_DRAW, round_)
    lock(round_)
    if queries.draw_of(round_) is not None:
        raise WrongState("draw.done", msg("这个批次已经抽取过，只能抽取一次。"), where="round")
    state = round_after(round_.state, RoundAct.DRAW)
    seed = queries.seed_of(round_)
    if seed is None:
        raise WrongState(
            "draw.no_seed", msg("种子还没有确定，不能抽取。请先录入公开的数值。"), where="public"
        )
    plan = read_plan(str(round_.plan))
    frame, ids = _read(round_)
    certificate, drawn = issue(
        plan=plan, frame=frame, secret=str(round_.secret), public=seed.public,
        earlier=frames.earlier_rounds(round_), hashed=hashed_by_all,
    )  # fmt: skip
    row = Draw(
        round_id=round_.id, certificate=certificate_text(certificate), size=drawn.n,
        account_id=actor.account_id, drawn_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _store(round_, drawn, ids)
    at_once = plan.content.get("call_in") == "none"
    round_.state = round_after(state, RoundAct.CALL_IN) if at_once else state
    audit.record(
        actor, "draw.made", now=now, object_type="round", object_id=round_.code, n=drawn.n, seed=seed.seed
    )
    return row


def stored_frame(round_: Round) -> Frame:
    """The frozen frame as its file; what is stored must still have the published digest."""
    return _read(round_)[0]


def _read(round_: Round) -> tuple[Frame, np.ndarray]:
    """The stored frame and the id of each of its rows, in one reading."""
    if round_.frame_digest is None:
        raise WrongState("frame.none", msg("抽样框还没有冻结。"), where="round")
    ids = [np.empty(0, np.int64)]

    def portions() -> Iterator[Sequence[Sequence[str]]]:
        for of_rows, keys, strata in frames.frame_portions(round_):
            ids.append(np.array(of_rows, np.int64))
            yield keys, strata

    frame = frame_in_order(portions())
    if frame.digest != round_.frame_digest:
        raise WrongState(
            "frame.changed", msg("库里的抽样框与冻结时公布的摘要不符，请停下来核查审计日志。"), where="frame"
        )
    return frame, np.concatenate(ids)


def frame_file(*, actor: Actor, round_: Round) -> bytes:
    """The frame file, byte for byte as digested."""
    require(actor, Permission.ROUND_READ, round_)
    return stored_frame(round_).content


def published_frame(*, round_: Round, today: date) -> bytes:
    """The frame file for everybody, byte for byte as digested; WrongState before its day."""
    access = published.get(round_.public_id).frame_access(today)
    if not access.is_open:
        raise WrongState("frame.not_public", msg("抽样框文件还没有公开。"), where="frame")
    return stored_frame(round_).content


def check_again(*, actor: Actor, round_: Round) -> Verification:
    """Repeat the draw from certificate and frame file, as an outsider would; then hold the stored rows against it."""
    require(actor, Permission.ROUND_READ, round_)
    certificate = queries.certificate_text(round_).encode()
    frame = build_frame(queries.frame_of(round_)).content
    return check_record(stored_draw.record_of(round_), certificate, verify(certificate, frame))


def _store(round_: Round, drawn: core.Draw, ids: np.ndarray) -> None:
    """The drawn cases, some thousands at a time; each stratum in the order of its tickets."""
    waiting: list[core.DrawnStratum] = []
    for stratum in drawn.strata:
        waiting.append(stratum)
        if sum(one.n for one in waiting) >= CHUNK:
            _store_strata(round_, waiting, ids)
            waiting = []
    _store_strata(round_, waiting, ids)


def _store_strata(round_: Round, strata: Sequence[core.DrawnStratum], ids: np.ndarray) -> None:
    count = sum(one.n for one in strata)

    def of_each(value: Callable[[core.DrawnStratum], Any]) -> list[Any]:
        return [found for one in strata for found in repeat(value(one), one.n)]

    columns = {
        "public_id": new_public_ids(count),
        "frame_case_id": [id_ for one in strata for id_ in ids[one.first].tolist()],
        "stratum": of_each(attrgetter("label")),
        "place": [place for one in strata for place in range(1, one.n + 1)],
        "ticket": [ticket for one in strata for ticket in one.tickets.texts(one.first)],
        "weight_numerator": of_each(attrgetter("N")),
        "weight_denominator": of_each(attrgetter("n")),
    }
    add_rows(db.session.connection(), SAMPLED, columns, same={"round_id": round_.id})
