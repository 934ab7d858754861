"""Who may read a case after its first round: arbitrators, and independent experts after an objection or a review."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from qualityeval.clock import office_date
from qualityeval.core import recusal
from qualityeval.core.deal_stream import candidates
from qualityeval.core.digests import digest
from qualityeval.database import db
from qualityeval.models import ArbitrationNeed, Assignment, CaseResult, Expert, Round, Sheet
from qualityeval.queries import assignments as queries
from qualityeval.queries import availability, file_answers, meetings, rechecks
from qualityeval.services.deal_basis import Specialists, deal_seed_of, rules_of, scorers
from qualityeval.services.rounds import read_spec

ARBITRATION, OBJECTION, REVIEW = "arbitration", "objection", "review"
PORTION = 500


class Bench:
    """Who may arbitrate in a round: read once, then kept up to date while cases are settled.

    `purpose` (arbitration, objection or review) gives each kind of draw a stream of its own. `cases` are those about to
    be settled: their sheets are read in a few queries, however many there are.
    """

    def __init__(
        self, round_: Round, *, now: datetime, purpose: str = ARBITRATION, cases: Sequence[int] = ()
    ) -> None:
        self.round_ = round_
        self.sheets, self.in_use = latest_sheets(cases), in_use(cases)
        self.spec = read_spec(round_.spec)
        self._at = queries.places()
        away = availability.unavailable(round_, office_date(now))
        self._pool = scorers(queries.judges(self._at, without=away), round_)
        self._judges = [judge for _, judge in self._pool]
        self._specialists = Specialists([one for one, _ in self._pool], self.spec.specialty)
        self._seed = digest(deal_seed_of(round_), purpose)
        self._loads = Counter(queries.loads_of(round_))
        self._before = rechecks.earlier_readers(round_, self.spec.rounds)
        self._providers = queries.providers_of(round_)  # of readers who have left the pool too
        self._gave_up = file_answers.gave_up(round_)
        self._met = meetings.met(round_, office_date(now))

    def draw(self, sampled_id: int, *, width: int = 1) -> Expert | None:
        """An eligible expert who isn't on the case, drawn by H(deal_seed, purpose) and the case key.

        Of the first `width` drawn the one with the fewest files. Experts at their cap and those who gave the file
        up are passed over; None where nobody is left.
        """
        (file,) = queries.drawn_files(self.round_, self._at, only=sampled_id)
        there = {expert for _slot, expert in queries.readers_of(self.round_, only=sampled_id)[sampled_id]}
        firms = {self._providers.get(expert, "") for expert in there} - {""}
        there |= self._gave_up.get(sampled_id, set())
        may = [
            index
            for index in recusal.eligible(self._judges, file.matter, rules_of(self.spec))
            if self._is_free(self._pool[index][0], there, firms)
            and self._pool[index][0].code not in self._before.get(file.key, ())
            and not self._met.is_full(self._pool[index][0].id, file.matter)
        ]
        able, first = self._specialists.of(file.specialties, may)
        chosen = candidates(self._seed, file.key, first or able, width)
        if not chosen:
            return None
        arbitrator = min((self._pool[one][0] for one in chosen), key=lambda one: self._loads[one.id])
        self._loads[arbitrator.id] += 1
        self._met.add(arbitrator.id, file.matter)
        return arbitrator

    def release(self, expert_id: int) -> None:
        """One file fewer is with this expert."""
        self._loads[expert_id] -= 1

    def _is_free(self, one: Expert, there: set[int], firms: set[str]) -> bool:
        full = one.cap is not None and self._loads[one.id] >= one.cap
        return one.id not in there and one.provider not in firms and not full


def latest_sheets(sampled_ids: Sequence[int]) -> dict[int, list[tuple[str, Sheet]]]:
    """By case (slot, sheet) of every assignment that is submitted, its last revision."""
    found: dict[int, dict[str, tuple[str, Sheet]]] = defaultdict(dict)
    for some in _portions(sampled_ids):
        rows = db.session.execute(
            select(Assignment.sampled_case_id, Assignment.slot, Sheet)
            .join(Sheet, Sheet.assignment_id == Assignment.id)
            .where(Assignment.sampled_case_id.in_(some), Assignment.state == "submitted")
            .order_by(Assignment.slot, Sheet.revision)
        )
        for sampled_id, slot, sheet in rows:
            found[sampled_id][slot] = (slot, sheet)
    return {sampled_id: list(slots.values()) for sampled_id, slots in found.items()}


def in_use(sampled_ids: Sequence[int]) -> set[int]:
    """Those of the cases that have been combined or wait for an arbitrator."""
    found: set[int] = set()
    for some in _portions(sampled_ids):
        for column in (CaseResult.sampled_case_id, ArbitrationNeed.sampled_case_id):
            found.update(db.session.execute(select(column).where(column.in_(some))).scalars())
    return found


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at once as every database takes."""
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))
