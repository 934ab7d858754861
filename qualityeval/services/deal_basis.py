"""What dealing and arbitration share: the round's rules of recusal and specialty, its secret seed."""

from collections.abc import Sequence

from qualityeval.core.deal_stream import deal_seed_from
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.recusal import RecusalRules
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.specialties import fits
from qualityeval.models import Expert, Round
from qualityeval.queries import rounds as queries


def rules_of(spec: RoundSpec) -> RecusalRules:
    """The specification's recusal as the core reads it."""
    return RecusalRules(region=spec.recusal.region, provider=spec.recusal.provider)


def deal_seed_of(round_: Round) -> str:
    """H(seed, "deal", deal_secret) of a drawn round."""
    seed = queries.seed_of(round_)
    if seed is None:
        raise WrongState("deal.no_seed", msg("种子还没有确定，不能派案。"), where="round")
    return deal_seed_from(seed=seed.seed, deal_secret=str(round_.deal_secret))


class Specialists:
    """Which experts know which kind of case, looked up once a kind; `mode` is the specification's."""

    def __init__(self, pool: Sequence[Expert], mode: str) -> None:
        self._pool, self.mode = pool, mode
        self._known: dict[frozenset[str], frozenset[int]] = {}

    def of(self, asked: frozenset[str], may: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """(who may read, who is asked first) of those whom recusal lets read; both in their order."""
        if self.mode == "ignore":
            return may, ()
        if asked not in self._known:
            self._known[asked] = frozenset(
                index for index, one in enumerate(self._pool) if fits(one.specialties, asked)
            )
        knowing = tuple(index for index in may if index in self._known[asked])
        return (knowing, ()) if self.mode == "required" else (may, knowing)
