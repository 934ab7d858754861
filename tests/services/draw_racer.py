"""One of two managers who draw at the same moment: reads `code instant` lines, answers `drawn` or the code."""

import sys
import time

from config import from_environment
from qualityeval import clock
from qualityeval.app import create_app
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.queries.accounts import actor_named
from qualityeval.queries.rounds import by_code_for
from qualityeval.services.sampling import draw_sample


def draw(code: str, name: str) -> str:
    try:
        with transaction():
            actor = actor_named(name)
            draw_sample(actor=actor, round_=by_code_for(actor, code), now=clock.now())
    except RuleViolation as refusal:
        return refusal.code
    return "drawn"


def main() -> None:
    app = create_app(from_environment().mapping())
    with app.app_context():
        print("ready", flush=True)
        for line in sys.stdin:
            code, instant = line.split()
            while time.time() < float(instant):
                pass
            print(draw(code, sys.argv[1]), flush=True)


main()
