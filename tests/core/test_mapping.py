"""Mapping files: the design page's example, the round trip, every refusal by its place."""

import pytest

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput
from qualityeval.core.mapping import as_node, as_text, parse_mapping
from qualityeval.core.mapping_parts import Source
from qualityeval.core.mapping_suggest import suggest
from qualityeval.core.table_row import TableRow
from qualityeval.core.vocabulary import field_of_heading

EXAMPLE = """
sheet: 1
header_row: 1
encoding: auto
columns:
  number: caseNo
  institution: {code: countyNo, name: countyName}
  cause: maxChargeCrimeName
  closed_on: {column: maxChargePleaDate, default: 2016-12-31}
  case_type: {value: criminal}
  aid_form: {value: defence}
  stage: {value: trial}
  practitioner: {value: ""}
dates: [iso, mdy]
values:
  case_type: {刑事: criminal, 民事: civil, 行政: administrative}
extra: [cost, numCharges]
"""
LEAST = {"number": "案号", "institution": "机构", "case_type": "类型", "aid_form": "方式"}


def mapped(**columns):
    return {"columns": {**LEAST, **columns}}


def test_the_example_of_the_design_page():
    mapping = parse_mapping(load_text(EXAMPLE))
    assert (mapping.sheet, mapping.header_row, mapping.encoding) == ("1", 1, "auto")
    assert mapping.columns["closed_on"] == Source("maxChargePleaDate", "2016-12-31")
    assert mapping.columns["practitioner"] == Source(value="")
    assert (mapping.institution_code, mapping.institution_name) == (Source("countyNo"), Source("countyName"))
    assert mapping.dates == ("iso", "mdy")
    assert mapping.values["case_type"]["民事"] == "civil"
    assert mapping.headings == (
        "caseNo",
        "maxChargeCrimeName",
        "maxChargePleaDate",
        "countyNo",
        "countyName",
        "cost",
        "numCharges",
    )


@pytest.mark.parametrize(
    "node",
    [
        load_text(EXAMPLE),
        mapped(),
        mapped(institution={"code": "x", "name": {"value": "某中心"}}),
        mapped(institution={"value": "3301"}),
        {
            **mapped(sealed="是否: 封存, #1"),
            "extra": ['引号"列', "yes", " 100% ", "- a", "名\\称"],
            "sheet": "2024",
        },
        {**mapped(), "values": {"status": {"已结:案": "closed", "~": "x"}, "hearing_held": {"开": "yes"}}},
    ],
)
def test_written_and_read_again_it_is_the_same(node):
    mapping = parse_mapping(node)
    assert parse_mapping(load_text(as_text(mapping))) == mapping
    assert parse_mapping(as_node(mapping)) == mapping
    assert as_text(parse_mapping(load_text(as_text(mapping)))) == as_text(mapping)


REFUSALS = [
    ([], "mapping.shape", ""),
    ({}, "mapping.shape", "columns"),
    ({**mapped(), "colums": {}}, "mapping.unknown", "colums"),
    (mapped(clossed_on="x"), "mapping.unknown", "columns.clossed_on"),
    ({"columns": {**LEAST, "number": {"value": "1"}}}, "mapping.number", "columns.number"),
    (
        {"columns": {key: LEAST[key] for key in LEAST if key != "aid_form"}},
        "mapping.missing",
        "columns.aid_form",
    ),
    (
        {"columns": {key: LEAST[key] for key in LEAST if key != "institution"}},
        "mapping.missing",
        "columns.institution",
    ),
    (mapped(institution={"name": "x"}), "mapping.missing", "columns.institution.code"),
    (mapped(case_type={"value": ""}), "mapping.missing", "columns.case_type"),
    (mapped(case_type={"value": "crime"}), "mapping.code", "columns.case_type.value"),
    (mapped(stage={"column": "x", "default": "审"}), "mapping.code", "columns.stage.default"),
    (mapped(closed_on={"column": "x", "default": "2016-13-01"}), "mapping.date", "columns.closed_on.default"),
    (mapped(cause={"column": "x", "value": "y"}), "mapping.source", "columns.cause"),
    (mapped(cause={"default": "y"}), "mapping.source", "columns.cause"),
    (mapped(cause=""), "mapping.heading", "columns.cause"),
    (mapped(cause=True), "mapping.text", "columns.cause"),
    ({**mapped(), "dates": ["iso", "us"]}, "mapping.unknown", "dates.us"),
    ({**mapped(), "dates": {"a": "b"}}, "mapping.list", "dates"),
    ({**mapped(), "header_row": "0"}, "mapping.header_row", "header_row"),
    ({**mapped(), "header_row": "one"}, "mapping.header_row", "header_row"),
    ({**mapped(), "encoding": "koi8"}, "mapping.encoding", "encoding"),
    ({**mapped(), "values": {"case_type": {"刑": "crime"}}}, "mapping.code", "values.case_type.刑"),
    ({**mapped(), "values": {"closed_on": {"a": "b"}}}, "mapping.unknown", "values.closed_on"),
    ({**mapped(), "extra": ["status"]}, "mapping.extra_clash", "extra"),
    ({**mapped(), "extra": [f"c{n}" for n in range(61)]}, "mapping.extra", "extra"),
]


@pytest.mark.parametrize(("node", "code", "where"), REFUSALS)
def test_a_fault_is_named_by_its_place(node, code, where):
    with pytest.raises(InvalidInput) as refusal:
        parse_mapping(node)
    assert (refusal.value.code, refusal.value.where) == (code, where)
    assert refusal.value.message


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("援助案号", "number"), ("案号", "number"), ("Case No.", None), ("caseNo", "number"), ("结案 日期", "closed_on"),
        ("补贴金额（元）", "subsidy"), ("承办律师", "practitioner"), ("法律援助机构", "institution"),
        ("机构代码", "institution_code"), ("closed_on", "closed_on"), ("CLOSED ON", "closed_on"), ("办案阶段", "stage"),
        ("备注", None), ("", None),
    ],
)  # fmt: skip
def test_headings_in_chinese_and_english(heading, field):
    assert field_of_heading(heading) == field


def test_a_suggestion_says_what_it_knows_and_what_it_does_not():
    header = ("案号", "机构名称", "案件类型", "援助方式", "结案日期", "备注", "案号")
    rows = [
        TableRow(2, ("1", "甲中心", "刑事", "法庭上", "12/21/18", "", "")),
        TableRow(3, ("2", "乙", "怪", "辩护", "1/2/18")),
    ]
    found = suggest(header, rows)
    assert found.sources == {
        "number": "案号", "institution": "机构名称", "case_type": "案件类型", "aid_form": "援助方式", "closed_on": "结案日期",
    }  # fmt: skip
    assert found.unknown == {"case_type": ("怪",), "aid_form": ("法庭上",)}
    assert found.unused == ("备注", "案号")
    assert found.missing == ()
    assert found.dates == ("iso", "ymd", "cn", "mdy")
    assert suggest(("备注",)).missing == ("number", "institution", "case_type", "aid_form")


def test_a_suggestion_is_a_mapping():
    node = suggest(("案号", "机构代码", "机构名称", "案件类型", "援助方式")).as_node()
    mapping = parse_mapping(node)
    assert (mapping.institution_code, mapping.institution_name) == (Source("机构代码"), Source("机构名称"))
