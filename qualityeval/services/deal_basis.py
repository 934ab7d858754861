"""What dealing and arbitration share: the round's rules of recusal and specialty, its secret seed."""

from collections.abc import Sequence

from qualityeval.core.all_but import AllBut
from qualityeval.core.deal_stream import deal_seed_from
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.recusal import Judge, RecusalRules
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


def scorers(pool: Sequence[tuple[Expert, Judge]], round_: Round) -> Sequence[tuple[Expert, Judge]]:
    """Who may score at all: an institution that evaluates itself does so with experts of its own subtree."""
    if round_.kind != "self":
        return pool
    path = round_.institution.path
    return [pair for pair in pool if pair[0].institution and pair[0].institution.path.startswith(path)]


class Specialists:
    """Which experts know which kind of case, looked up once a kind; `mode` is the specification's."""

    def __init__(self, pool: Sequence[Expert], mode: str) -> None:
        self._pool, self.mode = pool, mode
        self._known: dict[frozenset[str], tuple[int, ...]] = {}
        self._knowing: dict[tuple[frozenset[str], AllBut], AllBut] = {}

    def of(self, asked: frozenset[str], may: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """(who may read, who is asked first) of those whom recusal lets read; both in their order."""
        if self.mode == "ignore":
            return may, ()
        if asked not in self._known:
            self._known[asked] = tuple(
                index for index, one in enumerate(self._pool) if fits(one.specialties, asked)
            )
        knowing = self._among(asked, may)
        return (knowing, ()) if self.mode == "required" else (may, knowing)

    def _among(self, asked: frozenset[str], may: Sequence[int]) -> Sequence[int]:
        if not isinstance(may, AllBut):
            known = frozenset(self._known[asked])
            return tuple(index for index in may if index in known)
        if (asked, may) not in self._knowing:  # many files share one answer of recusal
            self._knowing[asked, may] = AllBut(self._known[asked], may.out)
        return self._knowing[asked, may]
