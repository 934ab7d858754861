"""The demonstration's rounds: one released, one being scored, a draft. Every step is a service that people use."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from qualityeval.clock import office_date
from qualityeval.core import demo_register, demo_reviews
from qualityeval.core.errors import WrongState, msg
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, Round
from qualityeval.queries import assignments as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_named
from qualityeval.queries.assignments import AssignmentRow
from qualityeval.services import (
    dealing,
    demo_calibration,
    demo_papers,
    expert_import,
    freezing,
    releases,
    rounds,
    sampling,
    scoring,
    seeds,
    sheet_import,
)

FIRST_EXPERTS = ("E0001", "E0002")
MANAGERS = ("manager", "manager2")
ARBITRATION = "arbitration"
RELEASED = "LC2026H1"
CASES_AT_ONCE = 200
BOTH, ONE = 45, 65  # of a hundred cases in scoring: both sheets are in, one is in, none
SCORED_WITHIN = timedelta(days=21)
RATE, SMALL_RATE = "36%", "60%"
SPEC = """\
code: {code}
title: {title}
institution: "990000"
kind: peer
population: {{by: closed, from: {since}, to: {until}}}
strata: [institution]
rates: {{default: {rate}, minimum: 2}}
seed: {{source: dice}}
call_in: none
reviewers: 2
recusal: {{region: county, provider: true}}
consensus: {{rule: mean, gap: 10, triggers: [gap, veto, ask], resolve: mean_of_three}}
rubrics:
  criminal/defence/investigation: criminal-investigation@1
  criminal/defence/prosecution: criminal-prosecution@1
  criminal/defence/trial: criminal-trial@1
  criminal/defence/appeal: criminal-appeal@1
  criminal/defence/retrial: criminal-appeal@1
  criminal/representation/*: criminal-representation@1
  civil/arbitration/*: labour-arbitration@1
  civil/*/*: civil@1
  administrative/*/*: administrative@1
deadlines: {{score: {score}, objection_days: 0}}
"""
DRAWING, SCORING, RELEASING = msg("抽取并派案"), msg("填写评分表"), msg("发布结果")
FILING = msg("放入扫描案卷")
Progress = Callable[[str, int, int], None]


def create_rounds(*, cases: int, seed: int, now: datetime, progress: Progress) -> tuple[str, str]:
    """Experts, a released round, one in scoring, and a draft that waits for its freeze.

    Returns the codes of two experts who both still have to read the same case.
    """
    manager = actor_named(MANAGERS[0])
    lines = enumerate(demo_reviews.experts(cases, seed), 2)
    expert_import.import_experts(actor=manager, lines=lines, now=now)
    telling = Telling(seed, cases, now, progress)
    telling.release(RELEASED, demo_reviews.TITLES[RELEASED], demo_register.RELEASED)
    pair = telling.score_in_part("LC2026Q3", demo_reviews.TITLES["LC2026Q3"], demo_register.SCORING)
    telling.plan("LC2026M10", demo_reviews.TITLES["LC2026M10"], demo_register.OPEN)
    return pair


def begin_sheet(account: str, *, now: datetime) -> None:
    """Leave a half-filled draft on an open sheet of this expert; nothing where the expert has none."""
    expert = actor_named(account)
    line = db.session.execute(
        select(Assignment)
        .join(Expert)
        .where(Expert.code == expert.expert_code, Assignment.state == scoring.DEALT)
        .order_by(Assignment.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if line is None:
        return
    rubric = scoring.rubric_of(line)
    items = list(rubric.by_item.values())[: len(rubric.by_item) // 2]
    content: dict[str, Any] = {"marks": {item.code: {"earned": item.points} for item in items}}
    content["overall"] = demo_reviews.HALF_READ
    scoring.save_draft(actor=expert, assignment=line, content=content, seen_version=0, now=now)


class Telling:
    """One demonstration's rounds, told step by step."""

    def __init__(self, seed: int, cases: int, now: datetime, progress: Progress) -> None:
        self._seed, self._now, self._progress = seed, now, progress
        self._rate = SMALL_RATE if cases < demo_register.SMALL else RATE
        self._first, self._second = map(actor_named, MANAGERS)

    def release(self, code: str, title: str, period: tuple[Any, Any]) -> None:
        """From the specification to results that both managers have released."""
        round_ = self._dealt(code, title, period)
        self._bring(round_, lambda line: line.slot != ARBITRATION)
        self._bring(round_, lambda line: line.slot == ARBITRATION)
        self._progress(RELEASING, 0, 1)
        releases.notify(actor=self._first, round_=round_, now=self._now)
        for manager in (self._first, self._second):
            releases.release(actor=manager, round_=round_, now=self._now)
        self._progress(RELEASING, 1, 1)

    def score_in_part(self, code: str, title: str, period: tuple[Any, Any]) -> tuple[str, str]:
        """A round in which some cases are settled, some half done, some untouched."""
        round_ = self._dealt(code, title, period)
        shared = self._untouched_pair(round_)
        self._progress(FILING, 0, 1)
        demo_papers.file_papers(code=code, seed=self._seed, now=self._now)
        self._progress(FILING, 1, 1)
        seed, now = self._seed, self._now
        demo_calibration.choose_anchors(self._first, round_, earlier=RELEASED, seed=seed, now=now)
        demo_calibration.score_anchors(round_, left=shared, seed=seed, now=now)
        self._bring(round_, self._is_in)
        demo_calibration.repeat_some(self._first, round_, left=shared, seed=seed, now=now)
        return shared

    def plan(self, code: str, title: str, period: tuple[Any, Any]) -> Round:
        """A draft: its cases are in no frame yet."""
        since, until = period
        text = SPEC.format(
            code=code, title=title, since=since, until=until, rate=self._rate,
            score=office_date(self._now) + SCORED_WITHIN,
        )  # fmt: skip
        return rounds.create_round(actor=self._first, spec_text=text, now=self._now)

    def _dealt(self, code: str, title: str, period: tuple[Any, Any]) -> Round:
        """Create, freeze, two typings, draw, deal."""
        first, now = self._first, self._now
        self._progress(DRAWING, 0, 4)
        round_ = self.plan(code, title, period)
        freezing.freeze(actor=first, round_=round_, now=now, new_secret=self._secrets(code))
        self._progress(DRAWING, 1, 4)
        for manager in (first, self._second):
            seeds.type_seed(
                actor=manager, round_=round_, public=self._dice(code), now=now, today=office_date(now)
            )
        self._progress(DRAWING, 2, 4)
        sampling.draw_sample(actor=first, round_=round_, now=now)
        self._progress(DRAWING, 3, 4)
        dealing.assign(actor=first, round_=round_, now=now)
        self._progress(DRAWING, 4, 4)
        return round_queries.by_code_for(first, code)

    def _secrets(self, code: str) -> Callable[[], str]:
        """Secrets that the seed decides: a demonstration hides nothing, and must come out the same again."""
        numbers = iter(range(100))
        return lambda: hashlib.sha256(f"{self._seed}\x1f{code}\x1f{next(numbers)}".encode()).hexdigest()

    def _dice(self, code: str) -> str:
        choose = demo_register.Chooser(self._seed, f"dice {code}")
        return "".join(str(choose.between(1, 6)) for _ in range(20))

    def _is_in(self, line: AssignmentRow) -> bool:
        """Whether this first-round sheet has been handed in already."""
        lot = demo_register.Chooser(self._seed, f"scored {line.case}").below(100)
        return line.slot != ARBITRATION and lot < (BOTH if line.slot != "1" else ONE)

    def _untouched_pair(self, round_: Round) -> tuple[str, str]:
        """Two experts who both still have to read the same case."""
        waiting: dict[str, list[str]] = {}
        for line in queries.rows_of(round_):
            if not self._is_in(line):
                waiting.setdefault(line.case, []).append(line.expert)
        pairs = [pair for pair in waiting.values() if len(pair) == len(FIRST_EXPERTS)]
        first, second = pairs[0] if pairs else FIRST_EXPERTS
        return first, second

    def _bring(self, round_: Round, is_in: Callable[[AssignmentRow], bool]) -> None:
        """Submit the sheets of the open lines that are in, some hundred cases at once."""
        files = {one.key: one for one in queries.drawn_files(round_)}
        wanted: dict[str, list[str]] = {}
        for line in queries.rows_of(round_):
            if line.state in scoring.OPEN and is_in(line):
                wanted.setdefault(line.case, []).append(line.expert)
        cases = list(wanted)
        for start in range(0, len(cases), CASES_AT_ONCE):
            part = {case: wanted[case] for case in cases[start : start + CASES_AT_ONCE]}
            self._submit(round_, part, self._lines(part, files))
            self._progress(SCORING, min(len(cases), start + CASES_AT_ONCE), len(cases))

    def _lines(
        self, wanted: dict[str, list[str]], files: dict[str, queries.DrawnFile]
    ) -> Iterator[dict[str, str]]:
        keys = {files[case].rubric for case in wanted}
        rubrics = {key: scoring.frozen_rubric(key) for key in keys}
        for case, experts in wanted.items():
            rubric = rubrics[files[case].rubric]
            place = files[case].matter.institution
            for expert in experts:
                yield from demo_reviews.sheet(
                    rubric, seed=self._seed, case=case, institution=place, expert=expert
                )

    def _submit(self, round_: Round, cases: Collection[str], lines: Iterator[dict[str, str]]) -> None:
        report = sheet_import.import_sheets(
            actor=self._first, round_=round_, lines=enumerate(lines, 2), now=self._now, only=cases
        )
        if report.rejected:
            raise WrongState(
                "demo.sheets",
                msg("演示评分表没有被接受：%(reason)s"),
                reason=report.rejected[0].refusal.message,
            )
