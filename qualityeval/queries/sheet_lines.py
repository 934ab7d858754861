"""The sheets of a round line by line, in the columns that `import sheets` takes back."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from qualityeval.core.offline_sheet import lines_of
from qualityeval.core.staff_part import experts_content, experts_part
from qualityeval.database import db
from qualityeval.models import Assignment, Round, Sheet
from qualityeval.queries import assignments
from qualityeval.queries.rubric_texts import rubrics_of

COLUMNS = (
    "case", "expert", "item", "title", "points", "mark", "deduct", "grade", "na", "reason", "page",
)  # fmt: skip
SUBMITTED = "submitted"
Line = tuple[str, ...]


def lines_of_round(round_: Round, *, submitted: bool = False) -> Iterator[Line]:
    """Every open sheet of the round to fill, or with `submitted` the last submission of every other one.

    Drafts aren't shown: they are their experts'. In the order of case keys, then experts.
    """
    pairs = {
        pair: line
        for pair, line in sorted(assignments.by_pair(round_).items())
        if (line.state == SUBMITTED) is submitted
    }
    keys = assignments.rubrics_of([line.sampled_case_id for line in pairs.values()])
    rubrics = rubrics_of(keys.values())
    contents = _submitted(round_) if submitted else {}
    for (case, expert), line in pairs.items():
        rubric = rubrics[keys[line.sampled_case_id]]
        content = experts_content(rubric, contents.get(line.id, {}))
        for _file, _version, item, *cells in lines_of("", 0, experts_part(rubric), content):
            # an empty veto or bonus would be read as one: they are added by whoever gives one
            if ":" not in item or any(cells[2:]):
                yield (case, expert, item, *cells)


def _submitted(round_: Round) -> dict[int, dict[str, Any]]:
    """The content of each assignment's last revision."""
    rows = db.session.execute(
        select(Sheet.assignment_id, Sheet.content)
        .join(Assignment, Sheet.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_.id)
        .order_by(Sheet.revision)
    )
    return dict(rows.all())
