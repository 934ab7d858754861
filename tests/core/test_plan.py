"""The plan string: the published ones, ours, and every way in which one is refused."""

import json

import pytest

from qualityeval.core.allocation import StratumSize
from qualityeval.core.ceremony import SeedKind, SeedSource
from qualityeval.core.digests import canonical_json
from qualityeval.core.errors import InvalidInput
from qualityeval.core.frame import build_frame
from qualityeval.core.frame_file import read_frame
from qualityeval.core.plan import build_plan, read_plan
from tests.core.draw_vectors import DEAL_SECRET, SECRET, VECTORS, plan_of, sizes_of

FRAME = build_frame((f"1:{n}", "甲" if n % 3 else "乙") for n in range(9))


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_published_plans(vector):
    plan = read_plan(vector["plan"])
    frame = read_frame(vector["frame_csv"].encode())
    assert plan.digest == vector["plan_digest"]
    assert plan.frame_digest == frame.digest
    assert {s.label: s.N for s in plan.strata} == dict(frame.sizes)
    assert plan.n == sum(len(keys) for keys in vector["drawn"].values())
    assert len(vector["tickets"]) == plan.N
    rebuilt = json.loads(vector["plan"])
    assert plan.source.as_plan() == rebuilt["seed_source"]
    assert canonical_json(rebuilt) == vector["plan"]


def test_our_plan_holds_digests_and_no_secret():
    plan = plan_of(FRAME)
    assert read_plan(plan.text) == plan
    assert SECRET not in plan.text
    assert DEAL_SECRET not in plan.text
    assert plan.sizes == {"乙": 1, "甲": 2}
    assert plan.content["title"] == "试"


def test_refused_at_the_freeze():
    sizes = sizes_of(FRAME)
    options = {"code": "T", "frame": FRAME, "source": SeedSource(SeedKind.DICE)}
    with pytest.raises(InvalidInput, match=r"plan\.secrets"):
        build_plan(**options, sizes=sizes, secret=SECRET, deal_secret=SECRET)
    for wrong in (sizes[:1], [*sizes, StratumSize("丙", 1, 1, "default")]):
        with pytest.raises(InvalidInput, match=r"plan\.strata"):
            build_plan(**options, sizes=wrong, secret=SECRET, deal_secret=DEAL_SECRET)
    with pytest.raises(KeyError):
        build_plan(**options, sizes=sizes, secret=SECRET, deal_secret=DEAL_SECRET, more={"strata": []})
    with pytest.raises(TypeError):
        build_plan(**options, sizes=sizes, secret=SECRET, deal_secret=DEAL_SECRET, more={"rate": 0.277})


STRATUM = {"key": "s", "N": 2, "n": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"code": ""}, {"code": 1}, {"code": None},
        {"frame_digest": "A" * 64}, {"secret_digest": "1"}, {"deal_secret_digest": None},
        {"seed_source": None}, {"seed_source": {"kind": "coin"}}, {"seed_source": {"kind": "lottery"}},
        {"seed_source": {"kind": "lottery", "name": "x", "date": "soon"}},
        {"strata": []}, {"strata": {}}, {"strata": [1]}, {"strata": [{"key": "s", "N": 2}]},
        {"strata": [STRATUM, STRATUM]}, {"strata": [STRATUM | {"key": "t"}, STRATUM]},
        {"strata": [STRATUM | {"n": 3}]}, {"strata": [STRATUM | {"n": -1}]}, {"strata": [STRATUM | {"N": 0, "n": 0}]},
        {"strata": [STRATUM | {"n": True}]}, {"strata": [STRATUM | {"key": 1}]}, {"strata": [STRATUM | {"N": "2"}]},
    ],
)  # fmt: skip
def test_a_plan_of_another_shape_is_refused(change):
    content = json.loads(plan_of(FRAME).text) | change
    with pytest.raises(InvalidInput, match=r"plan\.key") as refusal:
        read_plan(canonical_json(content))
    assert refusal.value.where == f"plan.{next(iter(change))}"


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", "null", '{"a":1.5}', '{"a":NaN}', '{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":"\\u00e9"}',
        '{"a":"e\u0301"}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_plan_in_another_form_is_refused(text):
    with pytest.raises(InvalidInput, match=r"plan\.form"):
        read_plan(text)
