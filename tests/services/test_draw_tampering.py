"""TE1: one field of a drawn round changed in the database itself, its guards lifted; then nothing changed at all.

What reaches the public files is told by the stand-alone verifier, the rest by the office's own check.
"""

from random import Random

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from qualityeval.core.frame import build_frame
from qualityeval.database import db
from qualityeval.models import Draw as DrawRow
from qualityeval.models import FrameCase, Round, RoundSeed, RoundStratum, SampledCase
from qualityeval.queries import rounds as queries
from qualityeval.services import sampling
from tests.changes import changed, changed_leaf
from tests.conftest import scale
from tests.evidence import unguard
from tests.services import stories
from tests.verifier.test_verify_draw import failed

PUBLIC_FIELDS = {  # of these the public files are made
    FrameCase: ("key", "stratum"),
    DrawRow: ("certificate",),
}
INNER_FIELDS = {
    Round: ("plan", "plan_digest", "frame_digest", "frame_size", "secret"),
    RoundStratum: ("label", "frame_size", "sample_size"),
    RoundSeed: ("public", "seed"),
    DrawRow: ("size",),
    SampledCase: (
        "frame_case_id", "stratum", "place", "ticket", "weight_numerator", "weight_denominator",
    ),
}  # fmt: skip
ENGINES = ["sqlite", "postgresql"] if scale() >= 1 else ["sqlite"]
pytestmark = [pytest.mark.arranging, pytest.mark.parametrize("engine_name", ENGINES, indirect=True)]


@pytest.fixture
def drawn(session):
    root, _ = stories.bureau(cases=(4, 7))
    first, second = stories.managers(root)
    stories.drawn(first, second, stories.spec(root.code, code="OLD"))
    made = queries.by_code_for(first, "OLD")
    for table in ("round", "frame_case", "round_stratum", "round_seed", "draw", "sampled_case"):
        unguard(session, table)
    return first, made


def one_change(session, dice, fields):
    """(what, statement run): one field of one row of the round."""
    model = dice.choice([*fields])
    name = dice.choice(fields[model])
    table, key = model.__table__, next(iter(model.__table__.primary_key))
    rows = session.execute(select(key, table.c[name])).all()
    row, old = dice.choice(rows)
    if name in {"plan", "certificate"}:
        new = changed_leaf(old, dice)
    elif name == "frame_case_id":
        new = dice.choice([one for one in session.execute(select(FrameCase.id)).scalars() if one != old])
    else:
        new = changed(old, dice)
    session.execute(
        table.update()
        .where(key == bindparam("row"))
        .values({name: bindparam("new", type_=table.c[name].type)}),
        {"row": row, "new": new},
    )
    return f"{table.name}.{name}: {old!r} → {new!r}"


@pytest.mark.parametrize(("public", "share"), [(True, 3_000), (False, 2_000)])
@pytest.mark.proof("draw-tampering")
def test_every_single_change_is_detected(session, drawn, proof_count, public, share):
    actor, made = drawn
    dice = Random(f"change {public}")
    missed = []
    for _ in range(proof_count(share)):
        with session.begin_nested() as savepoint:
            said = tampered(session, dice, PUBLIC_FIELDS if public else INNER_FIELDS)
            db.session.expire_all()
            if not seen(actor, made.code, public=public):
                missed.append(said)
            savepoint.rollback()
    assert missed == []


def tampered(session, dice, fields):
    """What was changed: one field, in a way that the tables' own constraints let through."""
    for _ in range(50):
        try:
            with session.begin_nested():
                return one_change(session, dice, fields)
        except IntegrityError:
            continue
    raise AssertionError("no change gets past the constraints")


def files(made):
    """Certificate and frame file as the store would give them out now."""
    return queries.certificate_text(made).encode(), build_frame(queries.frame_of(made)).content


def seen(actor, code, *, public):
    made = queries.by_code_for(actor, code)
    if public:
        return bool(failed(*files(made)))
    return not sampling.check_again(actor=actor, round_=made).ok


@pytest.mark.proof("draw-tampering")
def test_nothing_changed_is_no_alarm(session, drawn, proof_count):
    actor, made = drawn
    for _ in range(proof_count(500)):
        db.session.expire_all()
        assert failed(*files(queries.by_code_for(actor, made.code))) == []
        assert sampling.check_again(actor=actor, round_=queries.by_code_for(actor, made.code)).ok
