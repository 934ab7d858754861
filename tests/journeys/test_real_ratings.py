"""The Wisconsin register goes on: dealt to two readers each, scored with real ratings, counted by hand.

The marks come from double ratings of essays (CRAN sirt, data.ratings3: two raters an essay, four criteria).
Expected figures are worked out here from the rubric's published points and cut-offs alone.
"""

import csv
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import pytest

from tests.databases import Instance
from tests.journeys.test_register_to_draw import WISCONSIN_MAP, Journey

HIGHEST = {"crit2": 3, "crit3": 3, "crit4": 3, "crit6": 4}
HEADINGS = ["case", "expert", "item", "mark", "deduct", "grade", "na", "reason", "page"]
EXPERTS = 60
Rating = tuple[Fraction, ...]


def double_ratings(realdata: Path) -> list[tuple[Rating, Rating]]:
    """Essays that exactly two raters marked on every criterion, as shares of the highest mark."""
    essays: dict[str, list[dict[str, str]]] = defaultdict(list)
    file = realdata / "ratings" / "sirt_immer_TAM" / "cran_sirt__data.ratings3.csv"
    with file.open(newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            essays[row["idstud"]].append(row)
    pairs = []
    for rows in essays.values():
        if len(rows) == 2 and all(row[name] for row in rows for name in HIGHEST):
            first, second = (
                tuple(Fraction(int(row[n]), most) for n, most in HIGHEST.items()) for row in rows
            )
            pairs.append((first, second))
    return pairs


def marks(rating: Rating, rubric: dict) -> dict[str, int]:
    """Hundredths earned by item: criteria take turns over the items; half the points are never lost."""
    items = [item for section in rubric["sections"] for item in section["items"]]
    return {
        item["code"]: int(Fraction(str(item["points"])) * 100 * (1 + share) / 2)
        for item, share in zip(items, cycle(rating), strict=False)
    }


def write(file: Path, sheets: list[tuple[str, str, dict[str, int]]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(HEADINGS)
        for case, expert, earned in sheets:
            for item, points in earned.items():
                writer.writerow([case, expert, item, f"{points // 100}.{points % 100:02d}"])
    return file


def pool(folder: Path, counties: list[str]) -> Path:
    """Sixty experts of five providers, each at home in one county."""
    lines = ["code,name,provider,region,specialties,practice_years,cap,quota,email"]
    lines += [
        f"W{n:02d},Reader {n},Firm {n % 5},{counties[n % len(counties)]},criminal,{5 + n % 20},,,"
        for n in range(EXPERTS)
    ]
    file = folder / "experts.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def listed(journey: Journey) -> list[dict[str, str]]:
    file = journey.folder / "assignments.csv"
    journey("round", "assignments", "J2022", "-o", file)
    with file.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def half_up(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def check_deal(journey: Journey, lines: list[dict[str, str]], homes: dict[str, str]) -> None:
    """Two readers a case, of two providers, from elsewhere; every load floor or ceil of the average."""
    readers = defaultdict(list)
    for line in lines:
        readers[line["case"]].append(line["expert"])
        assert homes[line["expert"]] != line["case"].partition(":")[0]
    assert len(readers) == 1050
    assert {len({int(one[1:]) % 5 for one in pair}) for pair in readers.values()} == {2}
    loads = Counter(line["expert"] for line in lines)
    assert (len(loads), set(loads.values())) == (EXPERTS, {1050 * 2 // EXPERTS})  # 35 each, without remainder
    dealt = journey("round", "status", "J2022")["assignment"]
    assert (dealt["slots"], dealt["filled"], dealt["violations"], dealt["unfilled"]) == (2100, 2100, 0, [])
    assert (dealt["load_min"], dealt["load_max"], dealt["components"]) == (35, 35, 1)


def check_results(shown: dict, totals: dict[str, list[int]], rubric: dict) -> None:
    """Counts over all and by county, and the share of pairs with one grade, from the totals alone."""
    grades = {case: grade_by_hand(half_up(Fraction(sum(of), len(of))), rubric) for case, of in totals.items()}
    assert (shown["overall"]["n"], shown["overall"]["N"], shown["pending"]) == (1050, 3656, 0)
    assert {k: v for k, v in shown["overall"]["grades"].items() if v} == Counter(grades.values())
    of_county = defaultdict(Counter)
    for case, grade in grades.items():
        of_county[case.partition(":")[0]][grade] += 1
    for one in shown["institutions"]:
        assert one["n"] == sum(of_county[one["code"]].values())
        if not one["suppressed"]:
            assert {k: v for k, v in one["grades"].items() if v} == of_county[one["code"]]
    same = sum(len({grade_by_hand(one, rubric) for one in of[:2]}) == 1 for of in totals.values())
    assert (shown["agreement"]["pairs"], shown["agreement"]["raw"]) == (1050, pytest.approx(same / 1050))


@pytest.mark.proof("journeys", heavy=True)
def test_the_wisconsin_sample_scored_with_real_ratings(
    live_database: Instance, realdata: Path, tmp_path: Path
) -> None:
    journey = Journey(live_database, tmp_path)
    journey.bring(
        realdata / "registers" / "us_wisconsin_felony_2016_closed_deidentified.csv", WISCONSIN_MAP, "WI"
    )
    _certificate, frame, _status = journey.draw("WI", "2016-01-01", "2022-12-31")
    counties = sorted({line.partition(":")[0] for line in frame.decode().splitlines()[1:]})
    journey("import", "experts", pool(tmp_path, counties))
    homes = {f"W{n:02d}": counties[n % len(counties)] for n in range(EXPERTS)}
    journey("round", "assign", "J2022", "--as", "manager.one")
    lines = listed(journey)
    check_deal(journey, lines, homes)

    rubric = journey("rubric", "show", "criminal-trial@1")
    essays = dict(
        zip(sorted({line["case"] for line in lines}), cycle(double_ratings(realdata)), strict=False)
    )
    totals: dict[str, list[int]] = defaultdict(list)
    first = []
    for line in lines:
        earned = marks(essays[line["case"]][int(line["slot"]) - 1], rubric)
        totals[line["case"]].append(sum(earned.values()))
        first.append((line["case"], line["expert"], earned))
    file = write(tmp_path / "sheets.csv", first)
    report = journey("import", "sheets", "J2022", file, "--as", "manager.one")
    assert (report["created"], report["rejected"]) == (2100, [])

    apart = {case for case, pair in totals.items() if abs(pair[0] - pair[1]) > 1000}
    assert 0 < len(apart) < 1050, "the real raters differ here and there"
    assert journey("round", "status", "J2022")["arbitration"] == {"open": len(apart), "done": 0}
    third = []
    for line in listed(journey):
        if line["slot"] == "arbitration":
            earned = marks(essays[line["case"]][0], rubric)
            totals[line["case"]].append(sum(earned.values()))
            third.append((line["case"], line["expert"], earned))
    assert {case for case, _expert, _earned in third} == apart
    journey("import", "sheets", "J2022", write(tmp_path / "third.csv", third), "--as", "manager.one")

    check_results(journey("round", "results", "J2022"), totals, rubric)


def grade_by_hand(total: int, rubric: dict) -> str:
    """The best grade whose minimum the stored total reaches."""
    reached = [one for one in rubric["grades"] if total >= Fraction(str(one["minimum"])) * 100]
    return max(reached, key=lambda one: Fraction(str(one["minimum"])))["name"]
