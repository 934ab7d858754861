"""Certificates: keys, strict reading, and a check that a single changed byte can't pass."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualityeval.core.certificate import (
    KEYS,
    EarlierRound,
    certificate_text,
    issue,
    read_certificate,
    shares_half,
)
from qualityeval.core.errors import InvalidInput
from qualityeval.core.frame import build_frame
from qualityeval.core.frame_file import read_frame
from qualityeval.core.plan import read_plan
from qualityeval.core.verification import NAMES, verify
from tests.core.draw_vectors import SECRET, VECTORS, drawn, frames, plan_of

FRAME = build_frame((f"1:{n}", "甲" if n % 3 else "乙") for n in range(9))


def failed(certificate, frame):
    return [check.name for check in verify(certificate, frame).checks if not check.ok]


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_published_draws_are_certified_and_verified(vector):
    frame = read_frame(vector["frame_csv"].encode())
    certificate, draw = issue(
        plan=read_plan(vector["plan"]), frame=frame, secret=vector["secret"], public=vector["public"]
    )
    node = json.loads(certificate_text(certificate))
    assert {
        key: node[key] for key in ("plan", "plan_digest", "frame_digest", "secret", "public", "seed")
    } == {key: vector[key] for key in ("plan", "plan_digest", "frame_digest", "secret", "public", "seed")}
    last = {label: vector["tickets"][keys[-1]] for label, keys in vector["drawn"].items()}
    assert {stratum["key"]: stratum["last_ticket"] for stratum in node["strata"]} == last
    result = verify(certificate_text(certificate).encode(), frame.content)
    assert result.ok
    assert result.draw == draw
    assert [check.name for check in result.checks] == list(NAMES)


def test_the_keys_are_the_published_ones():
    node = json.loads(drawn(FRAME)[0])
    assert set(node) == set(KEYS) == {
        "version", "plan", "plan_digest", "frame_digest", "secret", "public", "seed", "strata", "earlier_rounds",
    }  # fmt: skip
    assert set(node["strata"][0]) == {"key", "N", "n", "last_ticket"}
    assert node["earlier_rounds"][0]["state"] == "withdrawn"


def test_nothing_is_certified_that_the_plan_does_not_allow():
    plan = plan_of(FRAME)
    with pytest.raises(InvalidInput, match=r"certificate\.frame"):
        issue(plan=plan, frame=build_frame([("1:1", "甲")]), secret=SECRET, public="1")
    with pytest.raises(InvalidInput, match=r"seed\.secret_differs"):
        issue(plan=plan, frame=FRAME, secret="9" * 64, public="1")


@settings(max_examples=60, deadline=None)
@given(frames(), st.randoms(use_true_random=False))
def test_any_draw_verifies_in_any_order_of_rows(frame, shuffler):
    certificate, content, draw = drawn(frame)
    assert read_certificate(certificate) == read_certificate(certificate.decode())
    assert certificate_text(read_certificate(certificate)).encode() == certificate
    lines = content.splitlines(keepends=True)[1:]
    shuffler.shuffle(lines)
    result = verify(certificate, b"".join([b"case_key,stratum\n", *lines]))
    assert result.ok
    assert result.draw == draw


@pytest.mark.parametrize("which", ["certificate", "frame"])
def test_one_changed_byte_fails_wherever_it_is(which):
    certificate, frame, _ = drawn(FRAME)
    content, dice = bytearray(certificate if which == "certificate" else frame), Random(1)
    for place, old in enumerate(content):
        content[place] = dice.choice([byte for byte in range(256) if byte != old])
        changed = bytes(content)
        assert failed(*((changed, frame) if which == "certificate" else (certificate, changed))), place
        content[place] = old
    assert failed(certificate, frame) == []


@pytest.mark.parametrize("cut", [0, 1, -1, 40])
def test_a_cut_file_fails(cut):
    certificate, frame, _ = drawn(FRAME)
    assert failed(certificate[:cut], frame)
    assert failed(certificate, frame[:cut])


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("version", 2, {"certificate"}), ("version", True, {"certificate"}), ("version", "1", {"certificate"}),
        ("plan", "{}", {"plan_digest", "plan"}), ("plan", "", {"certificate"}), ("plan", "\ud800", {"certificate"}),
        ("plan_digest", "0" * 64, {"plan_digest", "earlier_rounds"}), ("plan_digest", 1, {"certificate"}),
        ("frame_digest", "0" * 64, {"frame_digest"}), ("secret", "0" * 64, {"secret", "seed"}),
        ("public", "2", {"seed"}), ("public", "12345678901234567890 ", {"seed"}), ("public", None, {"certificate"}),
        ("seed", "0" * 64, {"seed", "tickets"}), ("seed", "A" * 64, {"certificate"}),
        ("strata", [], {"certificate"}), ("strata", [{"key": "甲"}], {"certificate"}),
        ("strata", [{"key": "甲", "N": 6, "n": 2, "last_ticket": None}], {"sizes", "tickets"}),
        ("strata", [{"key": "甲", "N": "6", "n": 2, "last_ticket": None}], {"certificate"}),
        ("earlier_rounds", {}, {"certificate"}), ("earlier_rounds", [{}], {"certificate"}),
        ("more", 1, {"certificate"}),
    ],
)  # fmt: skip
def test_each_key_is_checked(key, value, names):
    certificate, frame, _ = drawn(FRAME)
    changed = json.dumps(json.loads(certificate) | {key: value}).encode()
    assert names <= set(failed(changed, frame))
    if "certificate" in names:
        with pytest.raises(InvalidInput):
            read_certificate(changed)


def test_a_missing_or_doubled_key_is_refused():
    certificate, frame, _ = drawn(FRAME)
    node = json.loads(certificate)
    for key in KEYS:
        changed = json.dumps({name: node[name] for name in node if name != key}).encode()
        assert "certificate" in failed(changed, frame)
    doubled = certificate.replace(b'"version":1', b'"version":1,"version":1')
    assert doubled != certificate
    assert "certificate" in failed(doubled, frame)


@pytest.mark.parametrize("name", ["N", "n", "key", "last_ticket"])
def test_each_figure_of_a_stratum_is_checked(name):
    certificate, frame, _ = drawn(FRAME)
    node = json.loads(certificate)
    node["strata"][1][name] = {"N": 7, "n": 1, "key": "丙", "last_ticket": "0" * 64}[name]
    assert {"sizes", "tickets"} & set(failed(json.dumps(node).encode(), frame))


def test_strata_in_another_order_fail():
    certificate, frame, _ = drawn(FRAME)
    node = json.loads(certificate)
    node["strata"].reverse()
    assert failed(json.dumps(node).encode(), frame) == ["sizes"]


@pytest.mark.parametrize(
    "layout",
    [{}, {"indent": 2}, {"indent": 2, "ensure_ascii": False}, {"indent": "\t"}, {"separators": (",", ":")}],
)
def test_the_usual_layouts_are_taken_and_a_strange_one_is_not(layout):
    certificate, frame, _ = drawn(FRAME)
    text = json.dumps(json.loads(certificate), **layout)
    assert failed(text.encode(), frame) == []
    assert failed(text.encode() + b"\n", frame) == []
    assert failed(text.encode() + b" ", frame) == ["certificate"]
    assert failed(b"\xef\xbb\xbf" + text.encode(), frame) == []


@pytest.mark.parametrize("entry", ["code", "state", "plan_digest", "frame_digest", "shared", "of"])
def test_earlier_rounds_are_tied_to_the_plan(entry):
    certificate, frame, _ = drawn(FRAME)
    node = json.loads(certificate)
    value = node["earlier_rounds"][0][entry]
    node["earlier_rounds"][0][entry] = value + 1 if isinstance(value, int) else value[:-1] + "x"
    assert failed(json.dumps(node).encode(), frame) == ["earlier_rounds"]


def test_a_check_says_what_it_found():
    certificate, frame, _ = drawn(FRAME)
    checks = {check.name: check for check in verify(certificate, frame).checks}
    assert checks["frame"].detail == "抽样框共 9 件。"
    changed = {check.name: check for check in verify(certificate, frame.replace(b"1:3", b"1:X")).checks}
    assert changed["frame_digest"].detail.startswith("抽样框文件的摘要是 ")
    assert changed["earlier_rounds"].ok
    assert verify(b"", frame).checks[2].detail == "前面的检查没有通过，这一项无从核对。"


def test_who_shares_half():
    assert EarlierRound("a", "closed", "", "", 3, 5).as_json("p")["shared"] == 3
    assert shares_half(5, here=10, there=100)
    assert shares_half(5, here=100, there=10)
    assert not shares_half(4, here=10, there=10)
    assert not shares_half(0, here=0, there=0)
