"""Which items lose points in a round's first-round sheets, over all and by institution, as a reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.distribution import SUPPRESS_BELOW
from qualityeval.core.item_losses import ItemLoss, Tally, pareto, together
from qualityeval.core.rubric_parts import Title
from qualityeval.models import Round
from qualityeval.queries import item_counts, kept_results, results
from qualityeval.queries.result_places import view_of
from qualityeval.queries.result_rows import CITY, INSTITUTION, institution_names


@dataclass(frozen=True)
class InstitutionLosses:
    """An institution's row of the heat table: read cases, and by item the part of the points that was lost."""

    code: str
    name: str
    cases: int
    parts: dict[str, float | None]


@dataclass(frozen=True)
class ItemsFound:
    """`items` in order of the cuts, `titles` by item, institutions by code; `hidden` had too few cases to be shown.

    With fewer than five cases in all there is nothing but `cases`.
    """

    cases: int
    sheets: int
    items: tuple[ItemLoss, ...]
    titles: dict[str, Title]
    institutions: tuple[InstitutionLosses, ...]
    hidden: int


def items_for(actor: Actor, *rounds: Round, place: str = "") -> ItemsFound:
    """Items over the part of the rounds that the actor asks for and may see."""
    for round_ in rounds:
        require(actor, Permission.RESULTS_READ, round_)
    view, found = view_of(actor, rounds, place), item_counts.counts_of(rounds)
    cases = {code: count for code, count in found.cases.items() if view.codes is None or code in view.codes}
    total, sheets = sum(cases.values()), sum(found.sheets[code] for code in cases)
    hidden = _hidden(rounds)
    if codes_shown(actor, rounds, place, total) == set():
        return ItemsFound(total, sheets, (), {}, (), len(cases))
    whole = together(found.tallies, cases)
    items = tuple(pareto(whole))
    shown = sorted(
        (code for code in cases if cases[code] >= SUPPRESS_BELOW and code not in hidden), key=str.encode
    )
    names = institution_names()
    rows = tuple(
        InstitutionLosses(
            code, names.get(code, code), cases[code],
            {one.item: found.tallies.get((code, one.item), Tally()).part for one in items},
        )
        for code in shown
    )  # fmt: skip
    titles = {one.item: found.titles[one.item] for one in items}
    return ItemsFound(total, sheets, items, titles, rows, len(cases) - len(shown))


def codes_shown(actor: Actor, rounds: Sequence[Round], place: str, cases: int) -> set[str] | None:
    """The institutions whose sheets may be counted for the place together; None for all, none for too few cases."""
    view, hidden = view_of(actor, rounds, place), _hidden(rounds)
    if cases < SUPPRESS_BELOW or (view.codes is not None and view.here.code in hidden):
        return set()
    return None if view.codes is None else set(view.codes)


def _hidden(rounds: Sequence[Round]) -> set[str]:
    """Institutions and places that released results withhold: a small one could be had from their items as well."""
    if not results.all_released(rounds):
        return set()
    figures = kept_results.figures_kept(rounds)
    if figures is not None:
        return {
            line["code"] for key in ("institutions", "places") for line in figures[key] if line["suppressed"]
        }
    found = results.sample_of(rounds).withheld
    return {code for dimension in (INSTITUTION, CITY) for code in found.get(dimension, {})}
