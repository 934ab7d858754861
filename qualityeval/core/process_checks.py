"""过程检查: the twenty obligations of handling a case, each held against its dates and papers.

checks(facts, limits=LIMITS) -> list[Check]            all twenty, in order: holds, broken, or not computable and why
limit_for(step, region=, day=, limits=) -> Limit|None  the row that counts: the longest region, then the latest date

A check is a proposal for whoever judges the case, never a mark. What isn't recorded is not computable: a missing date
doesn't break a limit, nor does one that was filled in as a default. Dates are days: on the same day is in time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from qualityeval.core import working_days
from qualityeval.core.office_calendar import EXTRA, HOLIDAYS

Outcome = Literal["holds", "broken", "not_computable"]
HOLDS: Outcome = "holds"
BROKEN: Outcome = "broken"
OPEN: Outcome = "not_computable"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `number` days (or working days) for a step, in a region (a code's beginning) from a day on."""

    step: str
    number: int
    working: bool = False
    source: str = ""
    region: str = ""
    since: date = date.min


LAW, RULES = "法律援助法", "办理法律援助案件程序规定"
ZHEJIANG, HANGZHOU = "浙江省法律援助条例", "杭州市法律援助条例"
# the regional rows count from the year that stands beside the regulation's name
LIMITS = (
    Limit("decide", 7, source=f"{LAW}第四十三条"),
    Limit("assign", 3, source=f"{LAW}第四十三条"),
    Limit("notice", 3, source=f"{LAW}第三十六条"),
    Limit("engage", 5, source=RULES),
    Limit("hand_in", 30, source=RULES),
    Limit("pay", 30, source=RULES),
    Limit("decide", 7, working=True, source=f"{ZHEJIANG}第十七条", region="33", since=date(2016, 1, 1)),
    Limit("hand_in", 15, source=f"{ZHEJIANG}第十九条", region="33", since=date(2016, 1, 1)),
    Limit("begin", 3, source="浙江省法律援助统一服务平台", region="33"),
    Limit("decide", 5, working=True, source=f"{HANGZHOU}第二十七条", region="3301", since=date(2017, 1, 1)),
    Limit("assign", 3, working=True, source=f"{HANGZHOU}第三十一条", region="3301", since=date(2017, 1, 1)),
    Limit("hand_in", 15, source=f"{HANGZHOU}第三十八条", region="3301", since=date(2017, 1, 1)),
    Limit("name", 2, working=True, source="福建省法律援助服务标准", region="35"),
    Limit("name", 2, working=True, source="安徽省法律援助服务标准", region="34"),
    Limit("engage", 3, source="福建省法律援助服务标准", region="35"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case. `papers` are the catalogue codes filed, None where no paper is stored here."""

    region: str
    case_type: str
    aid_form: str
    stage: str
    dates: Mapping[str, date | None]
    defaulted: Collection[str] = ()
    hearing_held: bool | None = None
    papers: Collection[str] | None = None
    missing: Sequence[str] = ()

    def day(self, name: str) -> date | None:
        """The recorded day; a default counts as none."""
        return None if name in self.defaulted else self.dates.get(name)


@dataclass(frozen=True, slots=True)
class Check:
    """What came of one row: the dates it used by field, the last day allowed, the limit, why it's open, papers.

    `late` is by how many days a broken one came after the last day allowed.
    """

    number: int
    step: str
    outcome: Outcome
    dates: tuple[tuple[str, date], ...] = ()
    due: date | None = None
    limit: Limit | None = None
    reason: str = ""
    papers: tuple[str, ...] = ()
    late: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """An obligation as data: a span of two dates, papers one of which proves it, or a reason why it can't be seen.

    With `same_day` both dates must be the same. With `before` the day of `end` mustn't be later than that of `before`. `kinds` narrows it to case types or stages,
    and `proves_nothing` says that a paper that isn't there breaks nothing, since the occasion may not have come up.
    """

    step: str
    start: str = ""
    end: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    before: str = ""
    case_types: tuple[str, ...] = ()
    not_stages: tuple[str, ...] = ()
    reason: str = ""
    heard_only: bool = False
    same_day: bool = False
    proves_nothing: bool = field(default=False)


MEETING, OPINION = ("meeting-note", "interview-note"), ("legal-opinion", "argument")
# domain numbers 1 to 20, in their order
ROWS = (
    Row("decide", "applied_on", ("decided_on",)),
    Row("assign", "decided_on", ("assigned_on",)),
    Row("notice", "noticed_on", ("assigned_on",), case_types=("criminal",)),
    Row("name", "assigned_on", ("named_on",)),
    Row("engage", "assigned_on", ("engaged_on",)),
    Row("inform", reason="call_log"),
    Row("begin", "assigned_on", ("met_on", "files_read_on")),
    Row("meet", end=("met_on",), papers=MEETING, before="hearing_on"),
    Row("detention", reason="request_time"),
    Row("qualified", reason="qualification"),
    Row("read", end=("files_read_on",), papers=("reading-note",), before="hearing_on", case_types=("criminal",),
        not_stages=("investigation",)),
    Row("opinion", papers=OPINION),
    Row("attend", papers=("hearing-record", "hearing-notice"), heard_only=True),
    Row("report", papers=("report-note",), proves_nothing=True),
    Row("hand_in", "closed_on", ("submitted_on",)),
    Row("pay", "submitted_on", ("subsidy_on",)),
    Row("closing", "closing_paper_on", ("closed_on",), same_day=True),
    Row("favours", reason="callback"),
    Row("observed", reason="institution"),
    Row("catalogue"),
)  # fmt: skip


def checks(facts: Facts, *, limits: Sequence[Limit] = LIMITS) -> list[Check]:
    """All twenty, in order."""
    return [_check(number, row, facts, limits) for number, row in enumerate(ROWS, start=1)]


def limit_for(step: str, *, region: str, day: date, limits: Sequence[Limit] = LIMITS) -> Limit | None:
    """The limit that counts on a day in a region; None where no row names the step there.

    >>> limit_for("decide", region="330102", day=date(2026, 1, 5)).number  # Hangzhou: five working days
    5
    """
    fitting = [
        one for one in limits if one.step == step and region.startswith(one.region) and one.since <= day
    ]
    return max(fitting, key=lambda one: (len(one.region), one.since), default=None)


def due_on(start: date, limit: Limit) -> date:
    """The last day in time: the first day isn't counted, and a last day of rest moves to the next working day.

    >>> due_on(date(2026, 9, 24), Limit("assign", 3))  # 27 September is the last of three days of rest
    datetime.date(2026, 9, 28)
    """
    if limit.working:
        return working_days.after(start, limit.number, holidays=HOLIDAYS, extra=EXTRA)
    eve = start + timedelta(days=limit.number - 1)
    return working_days.after(eve, 1, holidays=HOLIDAYS, extra=EXTRA)


def _check(number: int, row: Row, facts: Facts, limits: Sequence[Limit]) -> Check:
    if row.reason:
        return Check(number, row.step, OPEN, reason=row.reason)
    if (row.case_types and facts.case_type not in row.case_types) or facts.stage in row.not_stages:
        return Check(number, row.step, OPEN, reason="kind")
    if row.step == "catalogue":
        return _catalogue(number, row, facts)
    if row.start:
        return _span(number, row, facts, limits)
    if row.heard_only and not facts.hearing_held:
        return Check(number, row.step, OPEN, reason="not_heard")
    return _proof(number, row, facts)


def _span(number: int, row: Row, facts: Facts, limits: Sequence[Limit]) -> Check:
    start = facts.day(row.start)
    ends = sorted((day, name) for name in row.end if (day := facts.day(name)))
    dates = (*(((row.start, start),) if start else ()), *((name, day) for day, name in ends[:1]))
    if start is None or not ends:
        return Check(number, row.step, OPEN, dates=dates, reason="no_date")
    end = ends[0][0]
    if row.same_day:
        outcome = HOLDS if end == start else BROKEN
        return Check(number, row.step, outcome, dates=dates, due=start, late=max(0, (end - start).days))
    limit = limit_for(row.step, region=facts.region, day=start, limits=limits)
    if limit is None:
        return Check(number, row.step, OPEN, dates=dates, reason="no_limit")
    due = due_on(start, limit)
    if end < start:
        return Check(number, row.step, OPEN, dates=dates, limit=limit, reason="order")
    outcome, late = (HOLDS, 0) if end <= due else (BROKEN, (end - due).days)
    return Check(number, row.step, outcome, dates=dates, due=due, limit=limit, late=late)


def _proof(number: int, row: Row, facts: Facts) -> Check:
    there = tuple(code for code in row.papers if code in (facts.papers or ()))
    done = next(((name, day) for name in row.end if (day := facts.day(name))), None)
    by = facts.day(row.before) if row.before else None
    dates = (*((done,) if done else ()), *(((row.before, by),) if by else ()))
    if done and by:
        late = max(0, (done[1] - by).days)
        return Check(
            number, row.step, BROKEN if late else HOLDS, dates=dates, due=by, papers=there, late=late
        )
    if done or there:
        return Check(number, row.step, HOLDS, dates=dates, papers=there)
    if facts.papers is None:
        return Check(number, row.step, OPEN, dates=dates, reason="no_papers")
    if row.proves_nothing:
        return Check(number, row.step, OPEN, dates=dates, reason="occasion")
    return Check(number, row.step, BROKEN, dates=dates, reason="no_proof", papers=row.papers)


def _catalogue(number: int, row: Row, facts: Facts) -> Check:
    if facts.papers is None:
        return Check(number, row.step, OPEN, reason="no_papers")
    missing = tuple(facts.missing)
    return Check(number, row.step, BROKEN if missing else HOLDS, papers=missing)
