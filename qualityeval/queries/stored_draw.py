"""A drawn round's stored rows, read for one purpose: to be held against its certificate."""

from sqlalchemy import select

from qualityeval.core.record import Record, StoredTicket
from qualityeval.database import db
from qualityeval.models import FrameCase, Round, SampledCase
from qualityeval.queries import rounds


def record_of(round_: Round) -> Record:
    """What is stored of a drawn round, for the check against its certificate. Opens the secret: never to be shown."""
    drawn, seed = rounds.draw_of(round_), rounds.seed_of(round_)
    facts = {
        "plan": round_.plan, "plan_digest": round_.plan_digest, "frame_digest": round_.frame_digest,
        "secret": round_.secret, "public": seed.public if seed else "", "seed": seed.seed if seed else "",
    }  # fmt: skip
    rows = db.session.execute(
        select(
            SampledCase.stratum, SampledCase.place, FrameCase.key, SampledCase.ticket,
            SampledCase.weight_numerator, SampledCase.weight_denominator,
        )
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
    )  # fmt: skip
    return Record(
        facts={name: str(value) for name, value in facts.items()},
        frame_size=round_.frame_size or 0,
        size=drawn.size if drawn else 0,
        strata={row.label: (row.frame_size, row.sample_size) for row in rounds.strata_of(round_)},
        sample=[StoredTicket(*row) for row in rows],
    )
