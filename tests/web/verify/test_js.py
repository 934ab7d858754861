"""The browser's own verification, run by Node: its units, and held against the core on draws of any shape."""

import json
import subprocess
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from qualityeval.core.digests import canonical_json
from qualityeval.core.frame import build_frame
from qualityeval.core.verification import NAMES, verify
from tests.changes import changed_leaf
from tests.core.draw_vectors import VECTORS, drawn, frames
from tests.verifier.test_verify_draw import failed, vector_certificate
from tests.web.verify.node import HERE, Browser, asking, program

FRAME = build_frame((f"1:{n}", "甲" if n % 3 else "乙") for n in range(9))
OWN = ["rates"]  # asked by the page alone


@pytest.fixture(scope="module")
def node() -> str:
    found = program()
    if found is None:
        pytest.skip("no Node 18 or newer: `make bundle` fetches one where the machine has none")
    return found


@pytest.fixture(scope="module")
def page(node: str) -> Iterator[Browser]:
    with asking(node) as browser:
        yield browser


def shown(draw):
    """Every stratum's cases in order, as the core has them."""
    return [(one.label, ticket) for one in draw.strata for ticket in one.order]


def test_the_units(node: str) -> None:
    done = subprocess.run(
        [node, "--test", str(HERE / "units.test.mjs")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "# pass 14" in done.stdout


def test_the_checks_have_the_names_of_the_core(page: Browser) -> None:
    certificate, frame, _ = drawn(FRAME)
    names = page.ask(certificate, frame)["names"]
    assert [name for name in names if name not in OWN] == list(NAMES)


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_published_draws(page: Browser, vector) -> None:
    found = page.ask(vector_certificate(vector), vector["frame_csv"].encode(), *vector["tickets"])
    assert (found["ok"], found["failed"]) == (True, False)
    assert {one["key"]: one["ticket"] for one in found["places"]} == vector["tickets"]
    order = {label: [*keys, *vector["reserve"][label]] for label, keys in vector["drawn"].items()}
    assert all(order[one["label"]][one["place"] - 1] == one["key"] for one in found["places"])
    assert all(one["n"] == len(vector["drawn"][one["label"]]) for one in found["places"])


def agree(page: Browser, frame) -> None:
    certificate, content, draw = drawn(frame)
    found = page.ask(certificate, content, *frame.keys)
    assert [check for check in found["checks"] if not check["ok"]] == []
    placed = {one["key"]: (one["label"], one["place"], one["ticket"]) for one in found["places"]}
    assert placed == {ticket.key: (label, ticket.place, ticket.ticket) for label, ticket in shown(draw)}
    assert [(one["label"], one["N"], one["n"], one["last"], one["ok"]) for one in found["strata"]] == [
        (one.label, one.N, one.n, one.last_ticket, True) for one in draw.strata
    ]


@pytest.mark.proof("browser-verifier")
def test_core_and_browser_agree_on_any_draw(page: Browser, proof_count, record_property) -> None:
    """Frames of any texts: quotes, commas, combining marks, characters beyond U+FFFF."""
    frames_asked, astral = 0, 0

    @settings(
        max_examples=proof_count(10_000), deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(frames())
    def any_draw(frame) -> None:
        nonlocal frames_asked, astral
        agree(page, frame)
        frames_asked += 1
        astral += any(character > "\uffff" for key in frame.keys for character in key)

    any_draw()
    record_property("count", f"{astral} of {frames_asked} plans with keys beyond U+FFFF")
    assert astral > frames_asked / 4


def one_byte_changed(files, dice):
    """The files with one byte of one of them changed."""
    contents = [bytearray(file) for file in files]
    content = dice.choice(contents)
    place = dice.randrange(len(content))
    content[place] = dice.choice([byte for byte in range(256) if byte != content[place]])
    return tuple(map(bytes, contents))


@pytest.mark.proof("browser-verifier")
def test_single_changes_are_seen_by_all_three_and_nothing_untouched_is(page: Browser, proof_count) -> None:
    """A byte of certificate or frame file, or one value of the certificate written anew in good form, each at random;
    then the same files as they were.
    """
    dice, certificate, frame, _ = Random(20), *drawn(FRAME)
    for number in range(proof_count(10_000)):
        if number % 2:
            pair = (changed_leaf(certificate.decode(), dice).encode(), frame)
        else:
            pair = one_byte_changed((certificate, frame), dice)
        assert page.failed(*pair), (number, pair)
        assert failed(*pair), (number, pair)
        assert not verify(*pair).ok, (number, pair)
    for _ in range(proof_count(1_000)):
        lines = frame.splitlines(keepends=True)
        shuffled = b"".join([lines[0], *dice.sample(lines[1:], len(lines) - 1)])
        assert page.failed(certificate, shuffled) == []


@pytest.mark.parametrize("which", ["certificate", "frame"])
def test_every_byte_counts(page: Browser, which) -> None:
    certificate, frame, _ = drawn(FRAME)
    content, dice = bytearray(certificate if which == "certificate" else frame), Random(3)
    for place, old in enumerate(content):
        content[place] = dice.choice([byte for byte in range(256) if byte != old])
        pair = (bytes(content), frame) if which == "certificate" else (certificate, bytes(content))
        assert page.failed(*pair), place
        content[place] = old


def test_without_the_frame_what_can_be_asked_is_asked(page: Browser) -> None:
    certificate, _frame, _ = drawn(FRAME)
    found = page.ask(certificate, None)
    assert (found["ok"], found["failed"], found["places"]) == (False, False, None)
    waiting = [check["name"] for check in found["checks"] if check["code"] == "waiting"]
    assert waiting == ["frame", "frame_digest", "sizes", "tickets"]
    assert all(check["ok"] for check in found["checks"] if check["name"] not in waiting)
    broken = page.ask(certificate.replace(b'"public":"1', b'"public":"2'), None)
    assert broken["failed"]


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{", b"\xff", b'{"a":1,"a":1}', b"[" * 50_000])
def test_what_is_no_certificate_is_refused_in_words(page: Browser, content) -> None:
    found = page.ask(content, FRAME.content)
    assert found["failed"]
    assert found["checks"][0]["code"] == "certificate.form"


def test_a_size_that_the_plans_own_rate_does_not_give_is_seen(page: Browser) -> None:
    """Plan and certificate agree with each other and the draw is repeated; only the rate says otherwise."""
    certificate, frame, _ = drawn(FRAME)
    rates = {
        "default": {"rate": "277/1000", "minimum": 0, "maximum": None, "take_all_below": 0},
        "override": [],
    }
    for wanted, size in (([], "277/1000"), (["rates"], "1/2")):
        from qualityeval.core.certificate import certificate_text, issue
        from qualityeval.core.plan import read_plan
        from tests.core.draw_vectors import SECRET, plan_of

        rates["default"]["rate"] = size
        content = dict(plan_of(FRAME).content) | {"rates": rates, "strata_fields": ["x"]}
        plan = read_plan(canonical_json(content))
        made, _ = issue(plan=plan, frame=FRAME, secret=SECRET, public="12345678901234567890")
        assert page.failed(certificate_text(made).encode(), frame) == wanted
    assert json.loads(certificate)["version"] == 1


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"version": 2}, "certificate"), ({"version": True}, "certificate"), ({"more": 1}, "certificate"),
        ({"plan": 1}, "certificate"), ({"secret": "A" * 64}, "certificate"), ({"public": ""}, "certificate"),
        ({"strata": [1]}, "certificate"), ({"earlier_rounds": [1]}, "certificate"),
        ({"plan_digest": "0" * 64}, "plan_digest"), ({"plan": "{}"}, "plan"), ({"frame_digest": "0" * 64}, "frame_digest"),
        ({"secret": "0" * 64}, "secret"), ({"seed": "0" * 64}, "seed"), ({"seed": "0" * 64}, "tickets"),
        ({"public": " 12345678901234567890"}, "seed"), ({"strata": []}, "sizes"),
        ({"strata": [{"key": "乙", "N": 3, "n": 99, "last_ticket": None}]}, "sizes"),
    ],
)  # fmt: skip
def test_each_change_is_seen_by_the_check_that_is_for_it(page: Browser, change, seen) -> None:
    certificate, frame, _ = drawn(FRAME)
    changed = canonical_json(json.loads(certificate) | change).encode()
    assert seen in page.failed(changed, frame)
    assert not verify(changed, frame).ok


def test_a_case_left_out_of_the_frame_is_seen_by_its_digest_and_by_the_sizes(page: Browser) -> None:
    certificate, frame, _ = drawn(FRAME)
    lines = frame.splitlines(keepends=True)
    assert {"frame_digest", "sizes"} <= set(page.failed(certificate, b"".join(lines[:-1])))


def test_a_changed_space_of_an_indented_certificate_is_seen(page: Browser) -> None:
    vector = VECTORS["small"]
    certificate, frame = bytearray(vector_certificate(vector)), vector["frame_csv"].encode()
    assert page.failed(bytes(certificate), frame) == []
    for place, old in enumerate(certificate):
        if old in b" \n":
            certificate[place] = ord("\t")
            assert "certificate" in page.failed(bytes(certificate), frame), place
            certificate[place] = old
