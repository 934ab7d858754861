"""The figures of a released round as they were kept at its release, and whether they still stand."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from qualityeval.core.expert_share import ExpertShare
from qualityeval.database import db, read_once
from qualityeval.models import CaseResult, FileEvent, KeptResult, Round, SampledCase
from qualityeval.queries.result_groups import Sample, counted_of, mix_of
from qualityeval.queries.result_rows import FirstSheet, Found, sheets_by_case
from qualityeval.queries.results import RELEASED
from qualityeval.queries.rubric_texts import grades_of

ITEMS = "items"  # what the sheets say of their items, beside the keys of `results`
FORM = 4  # of what is kept; whoever changes the keys of `results` or the rows below counts it up


def stamp_of(round_: Round) -> str:
    """What the figures of a released round rest on: all of it is only ever added to, so that the last ids tell."""
    parts = [
        select(func.coalesce(func.max(table.id), 0)).where(table.round_id == round_.id).scalar_subquery()
        for table in (CaseResult, FileEvent, SampledCase)
    ]
    last = db.session.execute(select(*parts)).one()
    moment = round_.released_at.isoformat() if round_.released_at else ""
    return "/".join([str(FORM), moment, *map(str, last)])


def figures_kept(rounds: Sequence[Round]) -> dict[str, Any] | None:
    """The kept figures of a released round, all its groups in them; None where there are none that still stand."""
    found = _figures(rounds)
    return None if found is None else {key: part for key, part in found.items() if key != ITEMS}


def items_kept(rounds: Sequence[Round]) -> dict[str, Any] | None:
    """What was kept of a released round's items (`queries.item_counts`); None likewise."""
    found = _figures(rounds)
    return None if found is None else found[ITEMS]


def _figures(rounds: Sequence[Round]) -> dict[str, Any] | None:
    """Read once for a page: it shows several parts of them."""

    def read() -> dict[str, Any] | None:
        found = _kept(rounds, KeptResult.figures)
        return None if found is None else json.loads(found)

    return read_once(("kept figures", *(one.id for one in rounds)), read)


def rows_kept(rounds: Sequence[Round]) -> Sample | None:
    """The kept rows of a released round; None where there are none that still stand."""
    found = _kept(rounds, KeptResult.rows)
    return None if found is None else _sample(rounds[0], json.loads(found))


def _kept(rounds: Sequence[Round], column: InstrumentedAttribute[str]) -> str | None:
    if len(rounds) != 1 or rounds[0].state not in RELEASED:
        return None
    query = select(column).where(KeptResult.round_id == rounds[0].id, KeptResult.stamp == stamp_of(rounds[0]))
    return db.session.execute(query).scalar_one_or_none()


def rows_as_text(sample: Sample) -> str:
    """The rows of one round as JSON, for `rows_kept`."""
    names = [one.name for one in fields(Found)]
    return json.dumps(
        {
            "cases": [[getattr(case, name) for name in names] for case in sample.cases],
            "sheets": [
                [one.sampled_id, one.expert, one.grade, one.total]
                for of_case in sample.sheets.values()
                for one in of_case
            ],
            "share": [sample.share.rho, sample.share.pairs, sample.share.reason],
            "strata": [[label, size] for (_round, label), size in sample.strata.items()],
            "withheld": sample.withheld,
            "cells": [[*cell, size] for cell, size in sample.cells.items()],
        },
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip


def _sample(round_: Round, kept: dict[str, Any]) -> Sample:
    cases = [
        Found(id_, key, (round_id, stratum), *rest) for id_, key, (round_id, stratum), *rest in kept["cases"]
    ]
    grades = grades_of({case.rubric for case in cases})
    return Sample(
        cases,
        sheets_by_case(FirstSheet(*one) for one in kept["sheets"]),
        grades,
        ExpertShare(*kept["share"]),
        {(round_.id, label): size for label, size in kept["strata"]},
        counted_of(cases),
        kept["withheld"],
        {(place, provider, kind): size for place, provider, kind, size in kept["cells"]},
        *mix_of(cases, frozenset(grade.name for grade in grades if grade.good)),
    )
