"""`import callbacks` and `import answers`: made tables, and the call log and surveys of the real files."""

import csv
import json

import pytest
from sqlalchemy import text

from tests.cli.running import call_json

CALLS = """\
columns: {number: 案号, institution: 机构, at: 时间, outcome: 结果, note: 备注}
answers: {overall: 满意度}
values:
  outcome: {接通: reached, 无人接听: no_answer, 停机: suspended, 空号: dead}
  overall: {满意: satisfied, 不满意: dissatisfied}
"""
ANSWERS = """\
columns: {number: 案号, institution: 机构, at: 日期, means: {value: letter}}
answers: {overall: 满意度, met_times: 会见}
values: {overall: {满意: satisfied}, met_times: {"2": twice}}
"""
REGISTER = """\
columns:
  number: n
  institution: {code: place, name: place}
  closed_on: {value: 2022-03-01}
  case_type: {value: civil}
  aid_form: {value: representation}
"""


@pytest.fixture
def centre(live_database, tmp_path):
    """An installation with a register of three cases, and a way to run a verb with a table and its mapping."""
    env = live_database.environment

    def run(verb, rows, mapping, *more, code=0):
        table, map_file = tmp_path / "table.csv", tmp_path / "map.yaml"
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        map_file.write_text(mapping, encoding="utf-8")
        return call_json("import", verb, table, "--mapping", map_file, *more, env=env, code=code)

    def register(rows):
        return run("cases", rows, REGISTER, "--under", "ROOT", "--create-institutions")

    run.register, run.env = register, env
    register([("n", "place"), ("1", "A"), ("2", "A"), ("3", "A")])
    return run


HEAD = ("案号", "机构", "时间", "结果", "备注", "满意度")


def test_calls_come_in_once(centre):
    rows = [
        HEAD,
        ("1", "A", "2026-10-20 10:02", "无人接听", "响铃 40 秒", ""),
        ("1", "A", "2026-10-21 15:20", "接通", "", "满意"),
        ("2", "A", "2026-10-21", "空号", "", ""),
    ]
    assert centre("callbacks", rows, CALLS) == {
        "rows": 3, "created": 3, "updated": 0, "unchanged": 0, "rejected": [],
    }  # fmt: skip
    again = [*rows, ("3", "A", "2026-10-22 09:00", "停机", "", "")]
    assert centre("callbacks", again, CALLS) == {
        "rows": 4, "created": 1, "updated": 0, "unchanged": 3, "rejected": [],
    }  # fmt: skip


def test_one_bad_row_stores_nothing_and_each_is_named(centre):
    rows = [
        HEAD,
        ("1", "A", "2026-10-20 10:02", "无人接听", "", ""),
        ("9", "A", "2026-10-20 10:02", "无人接听", "", ""),
        ("2", "A", "soon", "无人接听", "", ""),
        ("2", "A", "2026-10-20", "唱歌", "", ""),
        ("2", "A", "2099-10-20", "空号", "", ""),
        ("2", "A", "2026-10-20", "空号", "", "满意"),
        ("", "A", "2026-10-20", "空号", "", ""),
        ("3", "A", "2026-10-20", "接通", "", "还行"),
    ]
    result = centre("callbacks", rows, CALLS, code=1)
    assert (result["rows"], result["created"]) == (8, 0)
    assert [(one["row"], one["column"], one["code"]) for one in result["rejected"]] == [
        (3, "number", "case.not_found"), (4, "at", "date.unreadable"), (5, "outcome", "channel.code"),
        (6, "at", "channel.future"), (7, "answers", "exists"), (8, "number", "channel.empty"),
        (9, "overall", "answers.option"),
    ]  # fmt: skip
    assert centre("callbacks", rows[:2], CALLS)["created"] == 1  # nothing of it was there


def test_answers_come_in_once_and_never_over_others(centre):
    head = ("案号", "机构", "日期", "满意度", "会见")
    rows = [head, ("1", "A", "2026-10-20", "满意", "2"), ("2", "A", "2026-10-20", "满意", "")]
    assert centre("answers", rows, ANSWERS)["created"] == 2
    assert centre("answers", rows, ANSWERS)["unchanged"] == 2
    other = [head, ("1", "A", "2026-10-20", "满意", ""), ("3", "A", "2026-10-20", "", "")]
    result = centre("answers", other, ANSWERS, code=1)
    assert [(one["row"], one["code"]) for one in result["rejected"]] == [
        (2, "exists"), (3, "channel.no_answers"),
    ]  # fmt: skip


def test_opinions_of_organs_come_in_too(centre):
    mapping = """\
form: organ-opinion@1
columns: {number: n, institution: place, at: day}
answers: {dutiful: d, adopted: {value: part}}
values: {dutiful: {好: good}}
"""
    rows = [("n", "place", "day", "d"), ("1", "A", "2026-10-20", "好")]
    assert centre("answers", rows, mapping)["created"] == 1
    assert centre("answers", rows, mapping)["unchanged"] == 1


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (CALLS.replace("outcome: 结果", "result: 结果"), "mapping.unknown"),
        (CALLS.replace("at: 时间, ", ""), "mapping.missing"),
        (CALLS.replace("接通: reached", "接通: sung"), "mapping.code"),
        (CALLS.replace("overall: 满意度", "charm: 满意度"), "mapping.unknown"),
        (CALLS.replace("满意度", "分数"), "table.columns"),
        ("form: organ-opinion@1\n" + CALLS, "form.not_found"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(centre, mapping, code):
    result = centre("callbacks", [HEAD, ("1", "A", "2026-10-20", "空号", "", "")], mapping, code=1)
    assert result["error"]["code"] == code


def test_the_call_log_of_the_help_line(centre, realdata):
    """cla_test_callbacks.json (MIT): five cases made on 2022-05-24, none of them called; flattened here to calls."""
    entries = json.loads(
        (realdata / "registers" / "uk_laa" / "cla_test_callbacks.json").read_text(encoding="utf-8")
    )
    cases = {one["pk"]: one["fields"] for one in entries if one["model"] == "legalaid.case"}
    log = [one["fields"] for one in entries if one["model"] == "cla_eventlog.log"]
    assert len(log) == 5
    references = [cases[event["case"]]["reference"] for event in log]
    centre.register([("n", "place"), *((one, "CLA") for one in references)])
    rows = [("ref", "created", "code", "notes")]
    rows += [
        (cases[event["case"]]["reference"], event["created"], event["code"], event["notes"]) for event in log
    ]
    mapping = """\
columns: {number: ref, institution: {value: CLA}, at: created, outcome: code, note: notes}
values: {outcome: {CASE_CREATED: rescheduled}}
"""
    result = centre("callbacks", rows, mapping)
    assert (result["rows"], result["created"], result["rejected"]) == (5, 5, [])
    assert centre("callbacks", rows, mapping)["unchanged"] == 5


INTERNET = """\
columns: {{number: id, institution: {{value: PEW}}, at: {{value: 2022-03-02}}, means: {{value: {means}}}}}
answers: {{overall: int}}
values: {{overall: {{"1": very, "2": satisfied, "3": fairly, "4": dissatisfied, "5": unrated}}}}
"""


# counts of the column `int` in the files, taken with a spreadsheet's pivot: 1, 2, 3, 4, 5
PEW = {"phone": (305, 828, 468, 75, 162), "online": (185, 479, 145, 18, 156)}


def test_the_same_survey_by_phone_and_online(centre, realdata):
    """The Pew pair: satisfied (1 to 3) 1601 of 1676 by phone, 809 of 827 online.

    statsmodels 0.14 confint_proportions_2indep(809, 827, 1601, 1676, method="newcomb"): .007739401, .036544562.
    """
    for name, means in (("intelltel", "phone"), ("intellonline", "online")):
        file = realdata / "satisfaction" / "sda" / f"cran_SDAResources__{name}.csv"
        with file.open(encoding="utf-8", newline="") as opened:
            answers = [row["int"] for row in csv.DictReader(opened)]
        centre.register([("n", "place"), *((f"{means}{number}", "PEW") for number in range(len(answers)))])
        rows = [("id", "int"), *((f"{means}{number}", answer) for number, answer in enumerate(answers))]
        result = centre("answers", rows, INTERNET.format(means=means))
        assert (result["rows"], result["created"]) == (sum(PEW[means]), sum(PEW[means]))
        assert stored(centre.env, means) == PEW[means]
    found = call_json("callbacks", "status", env=centre.env)
    rates = {means: one["satisfaction"] for means, one in found["means"].items()}
    assert {means: (one["done"], one["of"]) for means, one in rates.items()} == {
        "phone": (1601, 1676), "online": (809, 827),
    }  # fmt: skip
    gap = found["online_less_phone"]
    assert gap["value"] == pytest.approx(0.022983986, abs=1e-9)
    assert gap["interval"] == [pytest.approx(0.007739401, abs=1e-9), pytest.approx(0.036544562, abs=1e-9)]


def stored(env, means):
    """Overall answers in the database, read without the product."""
    from sqlalchemy import create_engine

    engine = create_engine(env["QUALITYEVAL_DATABASE_URL"])
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT answers FROM callback WHERE means = :means"), {"means": means})
        found = [answers if isinstance(answers, dict) else json.loads(answers) for (answers,) in rows]
    engine.dispose()
    order = ("very", "satisfied", "fairly", "dissatisfied", "unrated")
    return tuple(sum(one["overall"] == code for one in found) for code in order)
