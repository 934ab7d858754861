"""The stand-alone verifier: run as an outsider would, and held against the core on draws of any shape."""

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings

from qualityeval.core.frame import build_frame
from qualityeval.core.verification import NAMES, verify
from tests.core.draw_vectors import VECTORS, drawn, frames

FILE = Path(__file__).parents[2] / "qualityeval" / "verifier" / "verify_draw.py"
FRAME = build_frame((f"1:{n}", "甲" if n % 3 else "乙") for n in range(9))


def module():
    spec = importlib.util.spec_from_file_location("verify_draw", FILE)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


VERIFIER = module()


def run(folder, *arguments):
    """In an empty environment (-I -S): neither the project nor any package can be imported."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(FILE), *arguments], cwd=folder, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


def written(folder, certificate, frame):
    (folder / "cert.json").write_bytes(certificate)
    (folder / "frame.csv").write_bytes(frame)
    return "cert.json", "frame.csv"


def failed(certificate, frame):
    return [name for name, ok, _ in VERIFIER.Inspection(certificate, frame).run() if not ok]


def vector_certificate(vector):
    """A certificate put together from a published example alone."""
    plan = json.loads(vector["plan"])
    last = {label: vector["tickets"][keys[-1]] for label, keys in vector["drawn"].items()}
    strata = [stratum | {"last_ticket": last[stratum["key"]]} for stratum in plan["strata"]]
    keys = ("plan", "plan_digest", "frame_digest", "secret", "public", "seed")
    node = {key: vector[key] for key in keys} | {"version": 1, "strata": strata, "earlier_rounds": []}
    return json.dumps(node, indent=2).encode()


@pytest.mark.proof("vectors")
@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_published_draws(vector, tmp_path):
    files = written(tmp_path, vector_certificate(vector), vector["frame_csv"].encode())
    done = run(tmp_path, *files, "--json", "--sample")
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], done.stderr) == (0, True, "")
    assert [check["name"] for check in found["checks"]] == list(NAMES)
    sample = {label: [] for label in vector["drawn"]}
    for row in found["sample"]:
        sample[row["stratum"]].append(row["case"])
        assert row["ticket"] == vector["tickets"][row["case"]]
    assert sample == vector["drawn"]


def test_exit_codes_and_words(tmp_path):
    certificate, frame, _ = drawn(FRAME)
    files = written(tmp_path, certificate, frame)
    good = run(tmp_path, *files)
    assert (good.returncode, good.stderr) == (0, "")
    assert "核验通过" in good.stdout
    changed = run(tmp_path, *written(tmp_path, certificate, frame.replace(b"1:3", b"1:X")))
    assert changed.returncode == 1
    assert "FAILED  frame_digest" in changed.stdout
    assert "核验未通过" in changed.stdout
    assert run(tmp_path, "cert.json", "nowhere.csv").returncode == 1
    assert json.loads(run(tmp_path, "cert.json", "nowhere.csv", "--json").stdout)["ok"] is False
    assert run(tmp_path, "cert.json").returncode == 2
    assert run(tmp_path, *files, "--strange").returncode == 2


def test_one_case(tmp_path):
    certificate, frame, draw = drawn(FRAME)
    files = written(tmp_path, certificate, frame)
    for stratum in draw.strata:
        for place, key, ticket in (stratum.order[0], stratum.order[-1]):
            done = run(tmp_path, *files, "--json", "--case", key)
            assert json.loads(done.stdout)["case"] == {
                "case": key, "stratum": stratum.label, "ticket": ticket, "place": place, "drawn": place <= stratum.n,
            }  # fmt: skip
    assert run(tmp_path, *files, "--case", "1:nothing").returncode == 1


@settings(max_examples=60, deadline=None)
@given(frames())
def test_core_and_verifier_agree_on_any_draw(frame):
    certificate, content, draw = drawn(frame)
    inspection = VERIFIER.Inspection(certificate, content)
    assert [name for name, ok, _ in inspection.run() if not ok] == []
    assert inspection.sample() == [
        (stratum.label, ticket.place, ticket.key, ticket.ticket) for stratum, ticket in draw.drawn()
    ]
    lines = content.splitlines(keepends=True)
    assert failed(certificate, b"".join([lines[0], *reversed(lines[1:])])) == []


@pytest.mark.proof("vectors")
@pytest.mark.parametrize("which", ["certificate", "frame"])
def test_one_changed_byte_fails_in_both_programs(which):
    certificate, frame, _ = drawn(FRAME)
    content, dice = bytearray(certificate if which == "certificate" else frame), Random(2)
    for place, old in enumerate(content):
        content[place] = dice.choice([byte for byte in range(256) if byte != old])
        pair = (bytes(content), frame) if which == "certificate" else (certificate, bytes(content))
        ours = {check.name for check in verify(*pair).checks if not check.ok}
        assert ours, place
        assert bool(failed(*pair)) is bool(ours), place
        content[place] = old


def test_one_changed_space_of_an_indented_certificate_fails():
    vector = VECTORS["small"]
    certificate, frame = bytearray(vector_certificate(vector)), vector["frame_csv"].encode()
    assert failed(bytes(certificate), frame) == []
    for place, old in enumerate(certificate):
        if old in b" \n":
            certificate[place] = ord("\t")
            assert failed(bytes(certificate), frame) == ["certificate"], place
            assert not verify(bytes(certificate), frame).ok
            certificate[place] = old


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"version": True}, {"plan": "{}"}, {"plan": "\ud800"}, {"plan": 1}, {"seed": "0" * 64},
        {"secret": "0" * 64}, {"secret": "A" * 64}, {"public": " x"}, {"public": ""}, {"strata": []}, {"strata": [1]},
        {"strata": [{"key": "甲", "N": 6, "n": 2, "last_ticket": None}]}, {"earlier_rounds": [1]},
        {"frame_digest": "0" * 64}, {"plan_digest": "0" * 64}, {"more": 1},
        {"strata": [{"key": "乙", "N": 3, "n": 99, "last_ticket": None}]},
        {"strata": [{"key": "乙", "N": -3, "n": 0, "last_ticket": None}]},
    ],
)  # fmt: skip
def test_each_key_is_checked_alike(change):
    certificate, frame, _ = drawn(FRAME)
    changed = json.dumps(json.loads(certificate) | change).encode()
    assert failed(changed, frame)
    assert not verify(changed, frame).ok


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"{", b"\xff", b'{"a":1,"a":1}', b"[" * 50_000, b'{"a":' * 50_000],
)
def test_what_is_no_certificate_is_refused_in_words(content):
    frame = FRAME.content
    assert len(failed(content, frame)) >= 8
    assert not verify(content, frame).ok


@pytest.mark.parametrize(
    "content",
    [
        b"", b"case_key,stratum\n", b"case_key,stratum\r\n1:1,s\r\n", b"case_key,stratum\n1:1,s",
        b"case_key,stratum\n1:1\n", b"case_key,stratum\n1:1,s,t\n", b'case_key,stratum\n"1:1",s\n',
        b'case_key,stratum\n1:"1,s\n', b"case_key,stratum\n\xff,s\n", b"case_key,stratum\n1:1,s\n1:1,s\n",
        "case_key,stratum\n1:e\u0301,s\n".encode(), b"case_key,stratum\n,s\n", b"case_key,stratum\n\n",
        b"case_key,stratum\n1:\x001,s\n",
    ],
)  # fmt: skip
def test_what_is_no_frame_file_is_refused_in_words(content):
    certificate, _, _ = drawn(FRAME)
    assert "frame" in failed(certificate, content)
    assert not verify(certificate, content).ok


def test_it_imports_the_standard_library_alone():
    names = set()
    for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).split(".")[0])
    assert names <= set(sys.stdlib_module_names)
    assert not names & {"socket", "urllib", "http", "subprocess"}
