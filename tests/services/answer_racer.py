"""An expert who gives files up, or a manager who deals what is open, at the same moment: `act key instant` lines."""

import sys
import time

from sqlalchemy import select

from config import from_environment
from qualityeval import clock
from qualityeval.app import create_app
from qualityeval.core.errors import RuleViolation
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, SampledCase
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_named
from qualityeval.services import answers, dealing


def act(public_id: str, name: str) -> str:
    """Give up the first reader's file of a drawn case; every tenth time deal what is open."""
    try:
        with transaction():
            actor = actor_named(name)
            if public_id.startswith("deal"):
                dealing.assign(actor=actor, round_=round_queries.by_code_for(actor, "R2026"), now=clock.now())
                return "dealt"
            line = db.session.execute(
                select(Assignment)
                .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
                .where(SampledCase.public_id == public_id, Assignment.slot == "1")
            ).scalar_one_or_none()
            if line is None:
                return "open"
            answers.move(actor=actor, assignment=line, reason="出差", now=clock.now())
            return "moved"
    except RuleViolation as refusal:
        return refusal.code


def main() -> None:
    app = create_app(from_environment().mapping())
    with app.app_context():
        print("ready", flush=True)
        for line in sys.stdin:
            key, instant = line.split()
            while time.time() < float(instant):
                pass
            print(act(key, sys.argv[1]), flush=True)


main()
