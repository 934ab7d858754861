"""What came of an import, for programs: the keys that the command line and the interface print."""

from qualityeval.services.case_import import ImportOutcome, RejectedCase
from qualityeval.web.messages import problem_words


def as_result(outcome: ImportOutcome) -> dict[str, object]:
    """The keys of `--json`; a refused import has created and updated nothing."""
    return {
        "rows": outcome.rows,
        "created": 0 if outcome.is_refused else outcome.created,
        "updated": 0 if outcome.is_refused else outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": [_rejected(row) for row in outcome.rejected],
        "noted": outcome.noted,
        "defaulted": outcome.defaulted,
        "institutions_created": 0 if outcome.is_refused else len(outcome.institutions),
        "stored": outcome.is_stored,
        "dry_run": outcome.is_dry_run,
    }


def _rejected(row: RejectedCase) -> dict[str, object]:
    """One entry a row, so that they add up; all its reasons in one text."""
    first = row.problems[0]
    reason = " ".join(problem_words(problem) for problem in row.problems)
    return {"row": row.row, "column": first.column or first.field, "code": first.code, "reason": reason}
