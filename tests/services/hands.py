"""Twenty hands at once on one link: what each thread got."""

from concurrent.futures import ThreadPoolExecutor

from qualityeval.database import transaction
from qualityeval.services.one_time import LinkDead

HANDS = 20


def at_once(app, work):
    """What each of twenty threads got; "dead" where the link was."""

    def hand(number):
        with app.app_context():
            try:
                with transaction():
                    return work(number)
            except LinkDead:
                return "dead"

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(hand, range(HANDS)))
