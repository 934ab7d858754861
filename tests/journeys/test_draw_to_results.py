"""A drawn round goes on to published figures, on the command line: deal, score, arbitrate, release."""

import csv
from pathlib import Path

import pytest

from qualityeval.adapters.rubric_files import shipped_rubric
from tests.databases import Instance
from tests.journeys.test_register_to_draw import OWN_MAP, Journey

RUBRICS = {"刑事": shipped_rubric("criminal-trial@1"), "民事": shipped_rubric("civil@1")}


def brought(journey: Journey, folder: Path) -> dict[str, str]:
    """Sixty cases in three counties, ten experts, a drawn round; case type by case key."""
    lines, types = ["援助案号,机构编码,机构名称,案由,结案日期,类型,承办人"], {}
    for number in range(60):
        county, kind = 990101 + number % 3, "民事" if number % 5 == 0 else "刑事"
        types[f"{county}:临援{number:04d}号"] = kind
        lines.append(
            f"临援{number:04d}号,{county},临{county}法律援助中心,盗窃罪,2026-0{1 + number % 9}-05,{kind},张{number % 7}"
        )
    register, pool = folder / "register.csv", folder / "experts.csv"
    register.write_text("\n".join(lines), encoding="utf-8")
    journey.bring(register, OWN_MAP, "990000")
    experts = ["code,name,provider,region,specialties,practice_years,cap,quota,email"]
    experts += [
        f"E{n:02d},专家{n},律所{n % 4},99010{1 + n % 3},criminal;civil,{5 + n},,,e{n}@example.org"
        for n in range(10)
    ]
    pool.write_text("\n".join(experts), encoding="utf-8")
    report = journey("import", "experts", pool)
    assert (report["rows"], report["created"], report["rejected"]) == (10, 10, [])
    assert journey("import", "experts", pool)["unchanged"] == 10
    journey.draw("990000", "2026-01-01", "2026-12-31")
    return types


def sheets(folder: Path, types: dict[str, str], lines: list[dict[str, str]], points: dict[str, int]) -> Path:
    """A file of sheets in which every item loses its share from the first items on."""
    file = folder / "sheets.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["case", "expert", "item", "mark", "deduct", "grade", "na", "reason", "page"])
        for line in lines:
            lost = (100 - points[line["slot"]]) * 100
            for code, item in RUBRICS[types[line["case"]]].by_item.items():
                taken = min(lost, item.points)
                lost -= taken
                left = item.points - taken
                writer.writerow([line["case"], line["expert"], code, f"{left // 100}.{left % 100:02d}"])
    return file


def assignments(journey: Journey, folder: Path) -> list[dict[str, str]]:
    file = folder / "assignments.csv"
    journey("round", "assignments", "J2022", "-o", file)
    with file.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


@pytest.mark.proof("journeys")
def test_from_the_draw_to_released_figures(live_database: Instance, tmp_path: Path) -> None:
    journey = Journey(live_database, tmp_path)
    types = brought(journey, tmp_path)
    dealt = journey("round", "assign", "J2022", "--as", "manager.one")["assignment"]
    # 20 cases a county at 27.7 %: 6 each, 18 in all, two readers
    assert (dealt["slots"], dealt["filled"], dealt["violations"], dealt["unfilled"]) == (36, 36, 0, [])
    assert dealt["load_max"] - dealt["load_min"] <= 1
    lines = assignments(journey, tmp_path)
    assert {line["state"] for line in lines} == {"dealt"}
    assert journey("export", "sheets", "J2022", "-o", tmp_path / "open.csv")["sheets"] == 36
    report = journey(
        "import", "sheets", "J2022", sheets(tmp_path, types, lines, {"1": 95, "2": 70}), "--as", "manager.one"
    )
    assert (report["created"], report["rejected"]) == (36, [])
    # 25 points apart is more than 10: every case goes to an arbitrator
    status = journey("round", "status", "J2022")
    assert (status["state"], status["sheets"], status["arbitration"]) == (
        "arbitration", {"expected": 36, "submitted": 36}, {"open": 18, "done": 0},
    )  # fmt: skip
    refused = journey("round", "notify", "J2022", "--as", "manager.one", code=1)
    assert refused["error"]["code"] == "notify.open"
    third = [line for line in assignments(journey, tmp_path) if line["slot"] == "arbitration"]
    journey(
        "import",
        "sheets",
        "J2022",
        sheets(tmp_path, types, third, {"arbitration": 90}),
        "--as",
        "manager.one",
    )
    assert journey("round", "status", "J2022")["arbitration"] == {"open": 0, "done": 18}
    journey("round", "notify", "J2022", "--as", "manager.one")
    assert journey("round", "release", "J2022", "--as", "manager.one")["pending"] == {"release": 1}
    assert journey("round", "release", "J2022", "--as", "manager.two")["state"] == "released"
    shown = journey("round", "results", "J2022")
    assert (shown["state"], shown["overall"]["n"], shown["overall"]["N"]) == ("released", 18, 60)
    # (95 + 70 + 90) / 3 = 85.00 for every case: 良好
    assert {name: count for name, count in shown["overall"]["grades"].items() if count} == {"良好": 18}
    assert [(one["code"], one["n"], one["N"], one["suppressed"]) for one in shown["institutions"]] == [
        ("990101", 6, 20, False), ("990102", 6, 20, False), ("990103", 6, 20, False),
    ]  # fmt: skip
    assert journey("round", "close", "J2022", "--as", "manager.one")["state"] == "closed"
    assert journey("audit", "verify")["ok"]


def test_a_pair_that_was_not_dealt_is_refused(live_database: Instance, tmp_path: Path) -> None:
    journey = Journey(live_database, tmp_path)
    types = brought(journey, tmp_path)
    journey("round", "assign", "J2022", "--as", "manager.one")
    line = {**assignments(journey, tmp_path)[0], "expert": "E99"}
    refused = journey(
        "import", "sheets", "J2022", sheets(tmp_path, types, [line], {"1": 90, "2": 90}), code=1
    )
    assert (refused["created"], {one["code"] for one in refused["rejected"]}) == (0, {"sheets.not_assigned"})
