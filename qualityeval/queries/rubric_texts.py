"""The rubrics of rounds as they were stored, all in one question."""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import select

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.core.rubric_parts import Grade, Rubric
from qualityeval.database import db
from qualityeval.models import RubricVersion


def rubrics_of(keys: Iterable[str]) -> dict[str, Rubric]:
    """The stored rubrics by `code@version`, in the order of the keys."""
    wanted = sorted(set(keys))
    codes = {key.partition("@")[0] for key in wanted}
    rows = db.session.execute(
        select(RubricVersion.code, RubricVersion.version, RubricVersion.text).where(
            RubricVersion.code.in_(codes)
        )
    )
    texts = {f"{code}@{version}": text for code, version, text in rows}
    return {key: _parsed(texts[key]) for key in wanted}


@lru_cache(maxsize=64)
def _parsed(text: str) -> Rubric:
    return read_rubric(text)


def grades_of(keys: Iterable[str]) -> tuple[Grade, ...]:
    """The grades of the rubrics, best first; where two rubrics name one grade, the first says what it means."""
    merged: dict[str, Grade] = {}
    for rubric in rubrics_of(keys).values():
        for grade in rubric.grades:
            merged.setdefault(grade.name, grade)
    return tuple(sorted(merged.values(), key=lambda grade: grade.order))
