"""A register goes in and comes out as a sample that two programs and a third calculation agree on.

Everything on the command line, as another program would drive it. The third calculation is written out
here from the published rules, with nothing of ours but the two files.
"""

import csv
import hashlib
import io
import json
import subprocess
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest

from tests.cli.running import call_json
from tests.databases import Instance

VERIFIER = Path(__file__).resolve().parents[2] / "qualityeval" / "verifier" / "verify_draw.py"
DICE = "6 2 5 1 4 4 3 6 1 2 5 3 3 6 2 4 1 5 6 2"

WISCONSIN_MAP = """\
columns:
  number: caseNo
  institution: {code: countyNo, name: countyName}
  cause: maxChargeCrimeName
  recipient_name: defendantName
  closed_on: {column: maxChargePleaDate, default: 2016-12-31}
  case_type: {value: criminal}
  aid_form: {value: defence}
  stage: {value: trial}
  practitioner: {value: ""}
dates: [iso, mdy]
extra: [cost, numCharges]
"""
NEW_YORK_MAP = """\
columns:
  number: indexnumberid
  institution: {code: court, name: court}
  cause: classification
  closed_on: disposeddate
  accepted_on: fileddate
  case_type: {value: civil}
  aid_form: {value: representation}
  stage: {value: trial}
  practitioner: {value: ""}
dates: [iso]
extra: [disposedreason]
"""
OWN_MAP = """\
columns:
  number: 援助案号
  institution: {code: 机构编码, name: 机构名称}
  cause: 案由
  closed_on: 结案日期
  case_type: 类型
  aid_form: {value: defence}
  stage: {value: trial}
  practitioner: 承办人
dates: [cn, iso]
values:
  case_type: {刑事: criminal, 民事: civil}
"""


def spec(root: str, since: str, until: str) -> str:
    return f"""\
code: J2022
title: 抽样旅程
institution: {root}
kind: peer
population: {{by: closed, from: {since}, to: {until}}}
strata: [institution]
rates: {{default: 27.7%, minimum: 2}}
seed: {{source: dice}}
call_in: none
rubrics: {{criminal/defence/trial: criminal-trial@1, "*/*/*": civil@1}}
"""


class Journey:
    """One instance driven by its command line."""

    def __init__(self, instance: Instance, folder: Path) -> None:
        self.env, self.folder = dict(instance.environment), folder

    def __call__(self, *arguments: object, code: int = 0) -> dict:
        return call_json(*arguments, env=self.env, code=code)

    def bring(self, register: Path, mapping: str, root: str, *more: str, code: int = 0) -> dict:
        file = self.folder / "map.yaml"
        file.write_text(mapping, encoding="utf-8")
        under = ("--under", root, "--create-institutions")
        return self("import", "cases", register, "--mapping", file, *under, *more, code=code)

    def draw(self, root: str, since: str, until: str) -> tuple[bytes, bytes, dict]:
        """Create, freeze, seed by two managers, draw; the certificate, the frame file, the status."""
        file = self.folder / "spec.yaml"
        file.write_text(spec(root, since, until), encoding="utf-8")
        for name in ("manager.one", "manager.two"):
            self("account", "create", name, "--role", "manager", "--institution", root)
        assert self("round", "create", file, "--as", "manager.one")["state"] == "draft"
        assert self("round", "freeze", "J2022", "--as", "manager.one")["state"] == "frozen"
        first = self("round", "seed", "J2022", "--public", DICE, "--as", "manager.one")
        assert (first["seed"]["typed"], first["pending"]) == (1, {"seed": 1})
        self("round", "seed", "J2022", "--public", f" {DICE} ", "--as", "manager.two")
        status = self("round", "draw", "J2022", "--as", "manager.two")
        certificate, frame = self.folder / "certificate.json", self.folder / "frame.csv"
        self("round", "certificate", "J2022", "-o", certificate)
        self("round", "frame", "J2022", "-o", frame)
        verdict = self("draw", "verify", certificate, frame)
        assert verdict["ok"], verdict
        command = [sys.executable, "-I", VERIFIER, certificate, frame]
        alone = subprocess.run(command, capture_output=True, text=True, check=False)
        assert alone.returncode == 0, alone.stdout + alone.stderr
        assert self("audit", "verify")["ok"]
        return certificate.read_bytes(), frame.read_bytes(), status


def recomputed(certificate: bytes, frame: bytes) -> dict[str, list[str]]:
    """The drawn keys by stratum, from the rules of the design and the two files alone."""
    paper = json.loads(certificate)
    plan = json.loads(paper["plan"])
    assert hashlib.sha256(paper["plan"].encode()).hexdigest() == paper["plan_digest"]
    assert hashlib.sha256(frame).hexdigest() == plan["frame_digest"]
    assert hashlib.sha256(paper["secret"].encode()).hexdigest() == plan["secret_digest"]
    seed = hashed(paper["plan_digest"], paper["secret"], paper["public"])
    assert seed == paper["seed"]
    groups: dict[str, list[str]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(frame.decode(), newline="")):
        groups[row["stratum"]].append(row["case_key"])
    drawn = {}
    for label, keys in groups.items():
        size = min(len(keys), max(2, ceil(Fraction(277, 1000) * len(keys))))
        drawn[label] = sorted(keys, key=lambda key: (hashed(seed, "draw", key), key.encode()))[:size]
    return drawn


def hashed(*fields: str) -> str:
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


def check_sample(journey: Journey, certificate: bytes, frame: bytes, status: dict) -> dict[str, list[str]]:
    expected = recomputed(certificate, frame)
    assert {one["key"]: one["n"] for one in status["sample"]["strata"]} == {
        label: len(keys) for label, keys in expected.items()
    }
    listed = subprocess.run(
        [sys.executable, "-I", VERIFIER, journey.folder / "certificate.json", journey.folder / "frame.csv", "--sample"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert all(key in listed for keys in expected.values() for key in keys)
    return expected


@pytest.mark.proof("journeys")
def test_the_wisconsin_register(live_database: Instance, realdata: Path, tmp_path: Path) -> None:
    journey = Journey(live_database, tmp_path)
    register = realdata / "registers" / "us_wisconsin_felony_2016_closed_deidentified.csv"
    first = journey.bring(register, WISCONSIN_MAP, "WI")
    assert (first["rows"], first["created"], first["rejected"]) == (3656, 3656, [])
    again = journey.bring(register, WISCONSIN_MAP, "WI")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 3656)
    certificate, frame, status = journey.draw("WI", "2016-01-01", "2022-12-31")
    assert (status["frame"]["n"], status["sample"]["n"]) == (3656, 1050)
    assert len(status["sample"]["strata"]) == 72
    assert sum(map(len, check_sample(journey, certificate, frame, status).values())) == 1050


@pytest.mark.proof("journeys")
def test_the_new_york_register(live_database: Instance, realdata: Path, tmp_path: Path) -> None:
    journey = Journey(live_database, tmp_path)
    register = realdata / "registers" / "nycdb" / "oca_index.csv"
    first = journey.bring(register, NEW_YORK_MAP, "NY")
    assert (first["rows"], first["created"], first["rejected"]) == (100, 100, [])
    certificate, frame, status = journey.draw("NY", "2016-01-01", "2030-12-31")
    assert status["frame"]["n"] == 100
    courts = Counter(key.split(":")[0] for key in frame.decode().splitlines()[1:])
    # by hand from the court counts of the file: ceil(27.7 %), at least 2, at most N
    by_hand = sum(min(size, max(2, ceil(Fraction(277, 1000) * size))) for size in courts.values())
    assert status["sample"]["n"] == by_hand
    check_sample(journey, certificate, frame, status)


@pytest.mark.proof("journeys")
def test_a_register_of_our_own(live_database: Instance, tmp_path: Path) -> None:
    journey = Journey(live_database, tmp_path)
    register = tmp_path / "register.csv"
    lines = ["援助案号,机构编码,机构名称,案由,结案日期,类型,承办人"]
    for number in range(60):
        county = 990101 + number % 3
        lines.append(
            f"（2026）临援{number:04d}号,{county},临{county}法律援助中心,盗窃罪,2026年{1 + number % 9}月5日,"
            f"{'民事' if number % 5 == 0 else '刑事'},张{number % 7}"
        )
    register.write_bytes("\r\n".join(lines).encode("gb18030"))
    first = journey.bring(register, OWN_MAP, "990000")
    assert (first["rows"], first["created"], first["rejected"]) == (60, 60, [])
    certificate, frame, status = journey.draw("990000", "2026-01-01", "2026-12-31")
    # 20 cases a county: ceil(0.277 · 20) = 6
    assert [(one["N"], one["n"]) for one in status["sample"]["strata"]] == [(20, 6)] * 3
    check_sample(journey, certificate, frame, status)


def test_a_bad_row_stores_nothing_and_is_named(live_database: Instance, tmp_path: Path) -> None:
    journey = Journey(live_database, tmp_path)
    register = tmp_path / "register.csv"
    header = "援助案号,机构编码,机构名称,案由,结案日期,类型,承办人"
    good = "（2026）临援1号,990101,临一法律援助中心,盗窃罪,2026年1月5日,刑事,张三"
    bad = "（2026）临援2号,990101,临一法律援助中心,盗窃罪,2026年13月45日,刑事,张三"
    register.write_text("\n".join([header, good, bad]), encoding="utf-8")
    refused = journey.bring(register, OWN_MAP, "990000", code=1)
    assert (refused["rows"], refused["created"]) == (2, 0)
    assert [(one["row"], one["column"]) for one in refused["rejected"]] == [(3, "结案日期")]
    kept = journey.bring(register, OWN_MAP, "990000", "--skip-rejected")
    assert (kept["created"], len(kept["rejected"])) == (1, 1)
