"""The promised counts in full: `make proof`, or `make proof NAME=draw-race` for one of them.

Each check is the set of tests marked `proof(NAME)`, run at scale 1 (`make test` runs the same tests at a
tenth), or a command. A check that passed on exactly this state of the project isn't run again unless it
is named; so a proof that was interrupted goes on where it stopped. Exit 0 only when everything is shown:
a skipped test shows nothing.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "proof"
RESULTS = FOLDER / "results.json"


@dataclass(frozen=True)
class Check:
    """One promise and how it is shown; without a command by the tests marked with its name."""

    name: str
    promise: str
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a check on one state of the project."""

    name: str
    state: str
    result: str
    counts: str
    seconds: float


CHECKS = (
    Check("vectors", "the worked draws, in core and in the stand-alone verifier; one changed byte fails"),
    Check(
        "journeys",
        "real registers: import, freeze, seed, draw at 27.7 %, verify, deal, score with real ratings, count",
    ),
    Check("grades", "100,000 random sheets graded as by a slow independent oracle, exactly"),
    Check(
        "severity", "planted severities of 1,000 experts from 27,000 × 2 sheets: r > 0.95, stated errors real"
    ),
    Check("papers", "real papers: good ones readable, bad ones answered in words, nothing planted left"),
    Check("bombs", "40 papers made to eat memory or time: under 512 MB and 10 s each, refused in words"),
    Check(
        "desk",
        "a file of 300 pages in a browser: first page and turns without waiting; a sheet by keys alone",
    ),
    Check(
        "typing",
        "200 browsers killed while an expert types: at most 5 s lost; ended sign-ins, second windows, sign-out",
    ),
    Check("calls-by-keyboard", "30 calls of a list worked down by keyboard alone; server time of each step"),
    Check("link-tokens", "a million one-time tokens without a pair (TK1)"),
    Check("link-guesses", "100,000 guesses at open links: none opens anything, both databases (TK2)"),
    Check(
        "link-hands",
        "20 hands at once on an organ's, a recipient's, a practitioner's link: one session, one answer (TK4)",
    ),
    Check(
        "outbox-kills",
        "1,000 messages through SIGKILL, a gateway that is down, slow, or accepts twice: none lost, each key one recipient (CR7)",
    ),
    Check(
        "canaries",
        "an ID and a phone of their own in every case: all pages, exports, logs, tables; a search by parts (PR1-PR3)",
    ),
    Check("letters", "2,000 letters with codes: seconds, and no more memory than one part of 500 needs"),
    Check("rank-sets", "confidence sets for ranks hold the true ranks, ties as ties, by simulation"),
    Check("interval-coverage", "2,000 rounds of a province with noisy experts: intervals hold the estimand"),
    Check(
        "bench-results",
        "severity at 54,000 ratings beside the full least squares; rank sets of 90 institutions",
        (sys.executable, "-m", "qualityeval.cli", "bench", "results"),
    ),
    Check("draw-race", "two managers draw at once from two processes: one draw, 200 of 200, both databases"),
    Check(
        "answer-race",
        "two processes give files up and deal again at once: no slot and no expert twice, 1,000 of 1,000, both databases",
    ),
    Check(
        "deal-brute-force",
        "2,000 small random pools against every plan there is: full where one is, least maximum load, else the rule",
    ),
    Check(
        "public-files",
        "from every public file of a released round together, with pool and rules known, no reader of a case comes out",
    ),
    Check("parallel-saves", "50 clients × 20 saves on 4 web processes: no error, both databases"),
    Check("import-torture", "every broken file is imported or refused in plain words"),
    Check("killed-worker", "a killed worker's job is taken up again or fails in words"),
    Check(
        "bench-pages",
        "every page of every role asks as often at 1,000, 6,000 and 98,000 cases; times printed",
        (sys.executable, "-m", "qualityeval.cli", "bench", "pages"),
    ),
    Check(
        "bench-import",
        "98,000 rows of 25 columns: time against the sqlite3 shell, memory, linear growth",
        (sys.executable, "-m", "qualityeval.cli", "bench", "import"),
    ),
    Check(
        "bench-assign",
        "27,000 × 2 × 1,000 dealt beside OR-tools: time, loads, violations, islands, pairs; 405,000 × 2 × 15,000",
        (sys.executable, "-m", "qualityeval.cli", "bench", "assign"),
    ),
    Check(
        "bench-chain",
        "98,000 cases from the frozen frame to committed rows, beside the driver's fastest insert of the same rows",
        (sys.executable, "-m", "qualityeval.cli", "bench", "chain"),
    ),
    Check(
        "bench-draw",
        "98,000 and ten million cases drawn, beside DuckDB's sha256 sort, numpy and pandas",
        (sys.executable, "-m", "qualityeval.cli", "bench", "draw"),
    ),
    Check(
        "lockout", "200 wrong guesses at once are all counted; the right password is refused after the limit"
    ),
    Check("audit-tampering", "edits, deletions, swaps and insertions of the log, each found where it is"),
    Check(
        "draw-tampering",
        "10,000 single fields of a stored draw changed, 10,000 detected; 0 false alarms of 1,000, both databases",
    ),
    Check(
        "first-draw", "a first plan, freeze, draw and printed certificate without a help page; clicks counted"
    ),
    Check("draw-uniform", "20,000 seeds: cases and pairs drawn equally often by chi-square, p > 0.001"),
    Check("browser-verifier", "the browser's own recomputation agrees with ours; one changed byte fails"),
    Check(
        "paired-worlds", "worlds that differ in one secret: 0 differing bytes for whoever must not know it"
    ),
    Check(
        "pages-on-both",
        "every page, guard and foreign object on PostgreSQL too",
        (
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "tests/web",
            "tests/cli",
            "tests/jobs",
            "tests/structure/test_routes.py",
        ),
    ),
    Check(
        "routes",
        "every address asked by everybody, and with everybody else's objects: refused, nothing changed",
    ),
    Check("screens", "pictures at 1440 and 375 px, in Chinese and English"),
    Check(
        "clean-clone",
        "make run and make test on a clean clone with an empty HOME; tests under 6 minutes",
        (sys.executable, "-m", "tools.clean_clone"),
    ),
)


def state_of_project() -> str:
    """A digest of the commit and of all that differs from it."""
    head = [_git("rev-parse", "HEAD"), _git("diff", "HEAD")]
    new = [
        name for name in _git("ls-files", "-z", "--others", "--exclude-standard").decode().split("\0") if name
    ]
    content = [name.encode() + b"\0" + (ROOT / name).read_bytes() for name in sorted(new)]
    return hashlib.sha256(b"\0".join(head + content)).hexdigest()[:16]


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def read_outcomes() -> dict[str, Outcome]:
    """What earlier runs showed, by name."""
    if not RESULTS.is_file():
        return {}
    return {entry["name"]: Outcome(**entry) for entry in json.loads(RESULTS.read_text(encoding="utf-8"))}


def write_outcomes(outcomes: dict[str, Outcome]) -> None:
    """Keep what was shown, after every check."""
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps([asdict(outcome) for outcome in outcomes.values()], indent=1, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def read_report(path: Path) -> tuple[str, str]:
    """Result and counts from a JUnit file: passed only where tests ran and none failed or was skipped."""
    suites = ET.parse(path).getroot().iter("testsuite")  # noqa: S314 -- our own pytest wrote it
    tests, bad, skipped, counts = 0, 0, 0, []
    for suite in suites:
        tests += int(suite.get("tests", 0))
        bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
        for entry in suite.iter("property"):
            if (value := entry.get("value")) and value not in counts:
                counts.append(value)
    if tests == 0:
        return "no test", ""
    if bad:
        return f"FAILED ({bad} of {tests})", "; ".join(counts)
    if skipped:
        return f"not shown ({skipped} of {tests} skipped)", "; ".join(counts)
    return "passed", "; ".join([f"{tests} tests", *counts])


def run(check: Check, state: str) -> Outcome:
    """Run one check in full; its output goes to the terminal and stays in proof/NAME.log."""
    FOLDER.mkdir(exist_ok=True)
    report, log = FOLDER / f"{check.name}.xml", FOLDER / f"{check.name}.log"
    report.unlink(missing_ok=True)
    command = check.command or (
        sys.executable, "-m", "pytest", "-q", "-m", "proof", f"--proof={check.name}", f"--junitxml={report}",
        "-o", "junit_family=xunit1",  # the family that may hold the counts of each test
    )  # fmt: skip
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "QUALITYEVAL_PROOF_SCALE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in process.stdout or ():
            output.write(line)
            sys.stderr.write(line)
        code = process.wait()
    seconds = round(time.monotonic() - began, 1)
    if report.is_file():
        result, counts = read_report(report)
    else:
        result, counts = ("passed", "") if code == 0 and check.command else (f"FAILED (exit {code})", "")
        counts = counts or _last_line(log)
    return Outcome(check.name, state, result, counts, seconds)


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    return lines[-1].strip()[:120] if lines else ""


def table(outcomes: dict[str, Outcome], state: str) -> str:
    """All promises with what was shown of them on this state."""
    lines = []
    for check in CHECKS:
        outcome = outcomes.get(check.name)
        if outcome is None or outcome.state != state:
            lines.append((check.name, "not run on this state", "", "", check.promise))
        else:
            lines.append(
                (check.name, outcome.result, f"{outcome.seconds:.1f} s", outcome.counts, check.promise)
            )
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        f"{name:<{widths[0]}}  {result:<{widths[1]}}  {seconds:>{widths[2]}}  {promise}"
        + (f"\n{'':<{widths[0]}}  {counts}" if counts else "")
        for name, result, seconds, counts, promise in lines
    )


def main(names: list[str]) -> int:
    """Run the named checks, or all that weren't shown on this state yet."""
    unknown = set(names) - {check.name for check in CHECKS}
    if unknown:
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(c.name for c in CHECKS)}")
        return 2
    state, outcomes = state_of_project(), read_outcomes()
    for check in CHECKS:
        kept = outcomes.get(check.name)
        done = kept is not None and kept.state == state and kept.result == "passed"
        if check.name in names or (not names and not done):
            print(f"== {check.name}: {check.promise}", file=sys.stderr)
            outcomes[check.name] = run(check, state)
            write_outcomes(outcomes)
    print(table(outcomes, state))
    wanted = names or [check.name for check in CHECKS]
    shown = [
        n for n in wanted if n in outcomes and outcomes[n].state == state and outcomes[n].result == "passed"
    ]
    return 0 if len(shown) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
