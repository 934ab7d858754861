"""Sheets for tests: a whole sheet of criminal-trial@1 that earns about so many points."""

from collections.abc import Iterator

from qualityeval.adapters.rubric_files import shipped_rubric
from qualityeval.models import Round
from qualityeval.queries import assignments as queries

RUBRIC = shipped_rubric("criminal-trial@1")


def marks(points: int) -> dict[str, int]:
    """Earned hundredths by item: everything but `100 - points` face points, taken from the first items."""
    lost, earned = (100 - points) * 100, {}
    for code, item in RUBRIC.by_item.items():
        taken = min(lost, item.points)
        lost -= taken
        earned[code] = item.points - taken
    return earned


def content(points: int, **more: object) -> dict[str, object]:
    """A sheet as the desk posts it."""
    return {"marks": {code: {"earned": value} for code, value in marks(points).items()}, **more}


def lines(
    round_: Round, points: dict[str, int], *, slots: tuple[str, ...] = ("1", "2")
) -> Iterator[tuple[int, dict]]:
    """Lines of `import sheets`: `points` by slot for every open assignment of the round."""
    row = 1
    for line in queries.rows_of(round_):
        if line.slot not in slots or line.state == "submitted":
            continue
        for code, earned in marks(points[line.slot]).items():
            row += 1
            yield row, {
                "case": line.case, "expert": line.expert, "item": code,
                "mark": f"{earned // 100}.{earned % 100:02d}",
            }  # fmt: skip
