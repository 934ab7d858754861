"""What changed from an earlier period to a later one, group by group, only inside one rubric set."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from qualityeval.authz import Actor, scope
from qualityeval.core.change import Period, change
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.database import db
from qualityeval.models import Round
from qualityeval.queries import result_pages, results

MOST_EARLIER = 20


def earlier_rounds(actor: Actor, round_: Round) -> list[tuple[str, str]]:
    """Code and title of released rounds of the same owner and kind that this one may be compared with, the latest first."""
    query = select(Round.code, Round.title).where(
        scope.results(actor), Round.state.in_(results.RELEASED), Round.id < round_.id,
        Round.institution_id == round_.institution_id, Round.kind == round_.kind,
    )  # fmt: skip
    return [
        (code, title)
        for code, title in db.session.execute(query.order_by(Round.id.desc()).limit(MOST_EARLIER))
    ]


def changes_for(
    actor: Actor, later: Sequence[Round], earlier: Sequence[Round], *, by: Sequence[str], place: str = ""
) -> dict[str, Any]:
    """`changes` of `round results`: {against, overall, and a list for each dimension of `by`}, as the actor may see them.

    A line holds code, name, earlier and later rate, n of both, change and interval (Newcombe's), clear (0 isn't in it)
    and the reason of what is null. Each interval is for itself: among many groups some are clear by chance.
    Refuses a round that stands on both sides.
    """
    codes = {one.code for one in later} & {one.code for one in earlier}
    if codes:
        raise InvalidInput(
            "results.same_round", msg("批次“%(round)s”不能与自己比较。"), where="against", round=min(codes)
        )
    comparable = results.are_comparable([*later, *earlier])
    old, new = (
        result_pages.results_for(actor, *rounds, by=tuple(by), place=place) for rounds in (earlier, later)
    )
    names = ("earlier", "later") if not comparable else ("", "")
    return {
        "against": ",".join(one.code for one in earlier),
        "overall": _line(old["overall"], new["overall"], names),
        **{key: _lines(old[key], new[key], names) for key in (result_pages.GROUPS[name] for name in by)},
    }


def _lines(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], names: tuple[str, str]
) -> list[dict[str, Any]]:
    before = {line["code"]: line for line in old}
    return [
        {"code": line["code"], "name": line["name"], **_line(before.get(line["code"]), line, names)} for line in new
    ]  # fmt: skip


def _line(old: Mapping[str, Any] | None, new: Mapping[str, Any], names: tuple[str, str]) -> dict[str, Any]:
    old = old or {"good_rate": None, "n": 0, "n_eff": None, "reason": "no_earlier"}
    found = change(
        Period(old["good_rate"], old.get("n_eff"), names[0]), Period(new["good_rate"], new.get("n_eff"), names[1])
    )  # fmt: skip
    reason = found.reason if found.reason != "no_rate" else new["reason"] or old["reason"] or "no_rate"
    return {
        "earlier": old["good_rate"], "earlier_n": old["n"], "later": new["good_rate"], "later_n": new["n"],
        "change": found.value, "interval": None if found.lo is None else [found.lo, found.hi], "clear": found.is_clear,
        "reason": reason or None,
    }  # fmt: skip
