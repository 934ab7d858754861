"""A frame nobody here made: the 3,078 US counties of 1992 (Lohr, Sampling: Design and Analysis, file agpop)."""

import csv

import pytest

from qualityeval.core.allocation import SizeRule, SizeRules, Total, allocate
from qualityeval.core.frame import build_frame
from qualityeval.core.sampling import draw
from tests.core.draw_vectors import drawn

REGIONS = {"NC": 1054, "NE": 220, "S": 1382, "W": 422}
SAMPLE = {"NC": 103, "NE": 21, "S": 135, "W": 41}  # Lohr's proportional allocation of n = 300


def proportional(counts):
    rules = SizeRules(SizeRule(Total(300)))
    made = allocate({(region,): N for region, N in counts.items()}, fields=("region",), rules=rules)
    return {one.label: one.n for one in made}


def test_a_proportional_sample_of_300_as_in_the_textbook():
    assert proportional(REGIONS) == SAMPLE


def test_the_same_from_the_file_to_the_drawn_counties(realdata):
    path = realdata / "sampling_frames" / "cran_SDAResources__agpop.csv"
    if not path.is_file():
        pytest.skip(f"no {path}")
    with path.open(encoding="utf-8", newline="") as file:
        frame = build_frame(
            (f"{row['state']}:{row['county']}", row["region"]) for row in csv.DictReader(file)
        )
    assert dict(frame.sizes) == REGIONS
    made = draw(frame, proportional(frame.sizes), seed="0" * 64)
    assert {one.label: len(one.drawn) for one in made.strata} == SAMPLE
    assert drawn(frame)[2].n == sum(-(-N * 277 // 1000) for N in REGIONS.values())
