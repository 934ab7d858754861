"""At least so many for each value of a stratum's field, whatever the rates say: one file per firm, for example.

    raised_to_floors(strata, frame=, sizes=, upper=, floors=) -> dict[label, n]

A floor can be kept only for a field that is among the strata: within a stratum chance decides.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from qualityeval.core.errors import InvalidInput, msg


@dataclass(frozen=True, slots=True)
class Floor:
    """Each value of the field gets at least `count` cases, or all it has."""

    field: str
    count: int


def raised_to_floors(
    strata: Mapping[str, Mapping[str, str]],
    *,
    frame: Mapping[str, int],
    sizes: Mapping[str, int],
    upper: Mapping[str, int],
    floors: Sequence[Floor],
) -> dict[str, int]:
    """The sizes with one case more at a time where a value falls short, never beyond `upper`.

    The next case goes to the stratum of that value with the smallest n/N, ties by the bytes of the label.
    `strata` holds the values of each label, `frame` its N. Where a maximum leaves too little room: InvalidInput.
    """
    raised = dict(sizes)
    for floor in floors:
        members: dict[str, list[str]] = defaultdict(list)
        for label, values in strata.items():
            members[values[floor.field]].append(label)
        for value in sorted(members, key=str.encode):
            _raise(members[value], raised, frame, upper, floor, value)
    return raised


def _raise(
    labels: Sequence[str],
    raised: dict[str, int],
    frame: Mapping[str, int],
    upper: Mapping[str, int],
    floor: Floor,
    value: str,
) -> None:
    wanted = min(floor.count, sum(frame[label] for label in labels))
    while sum(raised[label] for label in labels) < wanted:
        open_ = [label for label in labels if raised[label] < upper[label]]
        if not open_:
            raise InvalidInput(
                "rate.floor_maximum",
                msg("“%(value)s”至少要抽 %(count)s 件，但各层的上限（maximum）不够。请提高上限，或降低下限。"),
                where=f"rates.floors.{floor.field}", value=value, count=wanted,
            )  # fmt: skip
        chosen = min(open_, key=lambda label: (Fraction(raised[label], frame[label]), label.encode()))
        raised[chosen] += 1
