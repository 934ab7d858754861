"""The training list of a released round: items most often cut, before and after, from released rounds alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.item_losses import Tally, together
from qualityeval.core.rubric_parts import Title
from qualityeval.core.training import TrainingLine, training
from qualityeval.models import Round
from qualityeval.queries import item_counts, results
from qualityeval.queries.result_items import codes_shown


@dataclass(frozen=True)
class TrainingList:
    """Lines in the order of the earlier round's cuts, titles by item, cases of the later round."""

    lines: tuple[TrainingLine, ...]
    titles: dict[str, Title]
    cases: int


def training_for(
    actor: Actor, round_: Round, earlier: Sequence[Round] = (), *, place: str = ""
) -> TrainingList:
    """The list of the part of the round that the actor asks for and may see; nothing where it is withheld.

    Refused before the release, and for rounds of different rubric sets: their items aren't the same.
    """
    for one in (round_, *earlier):
        require(actor, Permission.RESULTS_READ, one)
        if one.state not in results.RELEASED:
            raise WrongState("training.early", msg("培训清单只用已发布的批次。"), where="round")
    if round_.code in {one.code for one in earlier}:
        raise InvalidInput(
            "results.same_round", msg("批次“%(round)s”不能与自己比较。"), where="against", round=round_.code
        )
    if earlier and not results.are_comparable([round_, *earlier]):
        raise InvalidInput(
            "training.rubrics", msg("两个批次的评分标准不同，评分项不能前后比较。"), where="against"
        )
    new, old = _part(actor, [round_], place), _part(actor, earlier, place) if earlier else None
    lines = training(
        new.tallies, old.tallies if old else None, sizes=(new.cases, new.sheets),
        earlier_sizes=(old.cases, old.sheets) if old else (0, 0),
    )  # fmt: skip
    titles = {**(old.titles if old else {}), **new.titles}
    return TrainingList(tuple(lines), {one.item: titles[one.item] for one in lines}, new.cases)


@dataclass(frozen=True)
class _Part:
    tallies: dict[str, Tally]
    titles: dict[str, Title]
    cases: int
    sheets: int


def _part(actor: Actor, rounds: Sequence[Round], place: str) -> _Part:
    found = item_counts.counts_of(rounds)
    inside = codes_shown(actor, rounds, place, sum(found.cases.values()))
    codes = set(found.cases) if inside is None else {code for code in found.cases if code in inside}
    cases = sum(found.cases[code] for code in codes)
    if inside is not None and codes_shown(actor, rounds, place, cases) == set():
        codes, cases = set(), 0
    sheets = sum(found.sheets[code] for code in codes)
    return _Part(together(found.tallies, codes), dict(found.titles), cases, sheets)
