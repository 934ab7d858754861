"""On what terms an expert serves: when files may be dealt to them, and when a guest's access ends.

    held_back(terms, day, rounds=) -> str       code of HELD_BACK; "" where files may be dealt
    has_ended(terms, day) -> bool               a guest's or third party's access is over
    Terms(kind, since, until, only_round, leaves)
    REQUIREMENTS: what a round may ask for before a file opens

>>> held_back(Terms(until=date(2026, 6, 30)), date(2026, 7, 1))
'term'
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from qualityeval.core.errors import msg

OWN, GUEST, THIRD_PARTY = "own", "guest", "third_party"
KINDS = (OWN, GUEST, THIRD_PARTY)
TERM, LEAVE, OTHER_ROUND, IDENTITY, WITHDRAWN = "term", "leave", "other_round", "identity", "withdrawn"
HELD_BACK: Mapping[str, str] = {
    WITHDRAWN: msg("已退出专家库"),
    IDENTITY: msg("身份待核，可能与另一条专家记录是同一人"),
    TERM: msg("不在聘期内"),
    OTHER_ROUND: msg("只为别的批次聘请"),
    LEAVE: msg("请假"),
}
UNDERTAKING, TRAINING, CALIBRATION = "undertaking", "training", "calibration"
REQUIREMENTS = (UNDERTAKING, TRAINING, CALIBRATION)


@dataclass(frozen=True, slots=True)
class Terms:
    """An appointment: first and last day (both included, None: open), the one round if any, days of leave."""

    kind: str = OWN
    since: date | None = None
    until: date | None = None
    only_round: int | None = None
    leaves: tuple[tuple[date, date], ...] = ()


def held_back(terms: Terms, day: date, *, rounds: Collection[int] = ()) -> str:
    """Why no file of these rounds (a round and those beside it) may be dealt on this day; "" where it may."""
    if (terms.since and day < terms.since) or (terms.until and day > terms.until):
        return TERM
    if terms.only_round is not None and terms.only_round not in rounds:
        return OTHER_ROUND
    return LEAVE if any(first <= day <= last for first, last in terms.leaves) else ""


def has_ended(terms: Terms, day: date) -> bool:
    """Whether the files dealt to them are gone: an own expert finishes what was dealt, others' access ends by itself."""
    return terms.kind != OWN and terms.until is not None and day > terms.until
