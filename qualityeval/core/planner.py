"""What a plan would give before anyone commits: strata, sizes, precision, work and money.

    counted(spec, combinations) -> Counted              cases of the frame by stratum, from counts alone
    forecast(counted, sizes, basis, work) -> Forecast    lines, total, hours, cost, pairs told apart

Cases come as counts of alike ones, so that a province is planned anew in a moment.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from qualityeval.core.allocation import StratumSize
from qualityeval.core.expected_precision import ASSUMED, half_width
from qualityeval.core.frame import EMPTY, one_per_series, stratum_label
from qualityeval.core.power import pairs_told_apart
from qualityeval.core.round_spec import RoundSpec


@dataclass(frozen=True, slots=True)
class Combination:
    """So many cases that rules and strata can't tell apart; a case of a series stands alone, with its key."""

    values: Mapping[str, str]
    institution: str
    count: int
    late: bool = False
    held: bool = False
    series: str = ""
    key: str = ""


@dataclass
class Counted:
    """Cases of the frame: by the values of the strata, and within each stratum by institution."""

    strata: Counter[tuple[str, ...]] = field(default_factory=Counter)
    places: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    held: int = 0
    series: int = 0
    late: int = 0
    exclusions: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Cases in the frame."""
        return self.strata.total()

    def left_out(self) -> dict[str, object]:
        """Counts outside the frame and late ones inside it, as a freeze would publish them."""
        listed = [{"reason": reason, "cases": count} for reason, count in self.exclusions.items()]
        return {"held": self.held, "series": self.series, "late": self.late, "exclusions": listed}


def counted(spec: RoundSpec, combinations: Iterable[Combination]) -> Counted:
    """The frame that a freeze of this moment would fix, by counts; rubrics are the caller's question."""
    found = Counted(exclusions=Counter({one.reason: 0 for one in spec.population.exclude}))
    kept = []
    for one in combinations:
        if not spec.includes(one.values):
            continue
        reason = spec.exclusion_of(one.values)
        if one.held:
            found.held += one.count
        elif reason is not None:
            found.exclusions[reason] += one.count
        else:
            kept.append(one)
    for one in _of_series(spec, kept, found):
        values = tuple(one.values.get(name, "") for name in spec.strata_fields)
        found.strata[values] += one.count
        label = stratum_label(["" if value == EMPTY else value for value in values])
        found.places[label][one.institution] += one.count
        found.kinds[(one.values["case_type"], one.values["aid_form"], one.values["stage"])] += one.count
        found.late += one.late * one.count
    return found


def _of_series(spec: RoundSpec, kept: list[Combination], found: Counted) -> list[Combination]:
    if spec.series == "each":
        return kept
    chosen = one_per_series([one.key for one in kept], [one.series for one in kept])
    found.series = chosen.count(False)
    return [one for one, is_chosen in zip(kept, chosen, strict=True) if is_chosen]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the last round lets us expect; without one the share is assumed and the rest is None.

    `between` is the variance of the institutions' true shares, `arbitrated` the share of cases that go to an
    arbitrator, by stratum where that round had it.
    """

    share: float = ASSUMED
    between: float | None = None
    arbitrated: float | None = None
    by_stratum: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """Sheets a case, minutes and fee (whole cents) a sheet, experts who can read."""

    reviewers: int
    minutes: int
    fee: int
    experts: int


@dataclass(frozen=True, slots=True)
class Line:
    """One stratum, or all together: expected half-width as a fraction of 1, sheets with arbitrators' ones."""

    label: str
    N: int
    n: int
    rule: str
    half_width: float | None
    arbitrated: float | None
    sheets: float
    hours: float
    cost: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The plan's lines and total, the work of each expert, and the share of institution pairs told apart."""

    lines: tuple[Line, ...]
    total: Line
    load: float | None
    load_hours: float | None
    told_apart: float | None
    institutions: int


def forecast(found: Counted, sizes: Sequence[StratumSize], *, basis: Basis, work: Work) -> Forecast:
    """Sizes into what they cost and tell; floats, unrounded.

    An institution's expected n is its part of each stratum's. Half-widths are Wilson's at the basis' share,
    without experts' shared part. Hours and fees count k sheets a case and one more for each arbitration.
    """
    lines = tuple(_line(one.label, one.N, one.n, one.rule, basis=basis, work=work) for one in sizes)
    sheets = sum(line.sheets for line in lines)
    n = sum(line.n for line in lines)
    arbitrated = None if basis.arbitrated is None or not n else sheets / n - work.reviewers
    total = Line(
        "", sum(line.N for line in lines), n, "", half_width(n, share=basis.share), arbitrated, sheets,
        _hours(sheets, work), sheets * work.fee,
    )  # fmt: skip
    expected = _expected(found, sizes)
    told = None
    if basis.between is not None:
        told = pairs_told_apart(map(float, expected.values()), share=basis.share, between=basis.between)
    load = sheets / work.experts if work.experts else None
    return Forecast(lines, total, load, None if load is None else _hours(load, work), told, len(expected))


def _line(label: str, N: int, n: int, rule: str, *, basis: Basis, work: Work) -> Line:  # noqa: N803 -- the trade's symbol
    arbitrated = basis.by_stratum.get(label, basis.arbitrated)
    sheets = n * (work.reviewers + (arbitrated or 0.0))
    half = half_width(n, share=basis.share)
    return Line(label, N, n, rule, half, arbitrated, sheets, _hours(sheets, work), sheets * work.fee)


def _hours(sheets: float, work: Work) -> float:
    return sheets * work.minutes / 60


def _expected(found: Counted, sizes: Sequence[StratumSize]) -> dict[str, Fraction]:
    """The expected number of drawn cases of each institution."""
    expected: dict[str, Fraction] = defaultdict(Fraction)
    for one in sizes:
        for place, count in found.places.get(one.label, {}).items():
            expected[place] += Fraction(one.n * count, one.N)
    return dict(expected)
