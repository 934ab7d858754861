"""What dealing and arbitration share: the round's rules of recusal and its secret seed."""

from qualityeval.core.deal_stream import deal_seed_from
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.recusal import RecusalRules
from qualityeval.core.round_spec import RoundSpec
from qualityeval.models import Round
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
