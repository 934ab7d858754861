"""One manager of two who agree to a replacement at the same moment: reads `public_id instant` lines."""

import sys
import time

from config import from_environment
from qualityeval import clock
from qualityeval.app import create_app
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.queries.accounts import actor_named
from qualityeval.queries.drawn_files import get_for
from qualityeval.services.replacement import replace


def agree(public_id: str, name: str) -> str:
    try:
        with transaction():
            actor = actor_named(name)
            _round, sampled = get_for(actor, public_id)
            return replace(actor=actor, sampled=sampled, reason="duplicate", now=clock.now()).state
    except RuleViolation as refusal:
        return refusal.code


def main() -> None:
    app = create_app(from_environment().mapping())
    with app.app_context():
        print("ready", flush=True)
        for line in sys.stdin:
            public_id, instant = line.split()
            while time.time() < float(instant):
                pass
            print(agree(public_id, sys.argv[1]), flush=True)


main()
