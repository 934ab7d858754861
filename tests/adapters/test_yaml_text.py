"""Every scalar stays the text that was written; faults are named by line and column."""

import pytest

from qualityeval.adapters.yaml_text import LIMIT, load_text
from qualityeval.core.errors import InvalidInput


def test_scalars_stay_text():
    loaded = load_text(
        "rate: 27.7%\nexact: 0.277\ncode: 007\nday: 2016-01-01\nbig: 1234567890123456789\nhex: 0x10\nsexagesimal: 12:30:00\n"
        "old: yes\nno: no\ninf: .inf\nquoted: 'true'\nsheet: 1\nblank:\nnothing: ~\nnone: null\nempty: ''\nyes_: true\nnot: FALSE\n"
    )
    assert loaded == {
        "rate": "27.7%", "exact": "0.277", "code": "007", "day": "2016-01-01", "big": "1234567890123456789",
        "hex": "0x10", "sexagesimal": "12:30:00", "old": "yes", "no": "no", "inf": ".inf", "quoted": "true",
        "sheet": "1", "blank": None, "nothing": None, "none": None, "empty": "", "yes_": True, "not": False,
    }  # fmt: skip


def test_keys_stay_text_too():
    assert load_text("on: 1\n2016-01-01: x\ntrue: y\n刑事: criminal\n") == {
        "on": "1",
        "2016-01-01": "x",
        "true": "y",
        "刑事": "criminal",
    }


def test_lists_flow_and_nested():
    assert load_text("a: [1, 2.50, {b: 0.1}]\nc:\n  - d: 08\n") == {
        "a": ["1", "2.50", {"b": "0.1"}],
        "c": [{"d": "08"}],
    }


def test_a_byte_order_mark_is_no_content():
    assert load_text(b"\xef\xbb\xbfa: 1") == load_text("\ufeffa: 1") == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "yaml.duplicate", "4:3"),
        ("a: &x 1\nb: 2\n", "yaml.alias", "1:4"),
        ("a: [1]\nb: *x\n", "yaml.alias", "2:4"),
        ("a: !!int 3\n", "yaml.tag", "1:4"),
        ("a: !!python/object/apply:os.system [x]\n", "yaml.tag", "1:4"),
        ("a:\n\t- 1\n", "yaml.syntax", "2:1"),
        ("a: [1, 2\nb: 3\n", "yaml.syntax", "2:2"),
        ("a: 1\n---\nb: 2\n", "yaml.documents", "2:1"),
        ("? [1, 2]\n: x\n", "yaml.key", "1:3"),
        ("a: 1\nb: x\x00y\n", "yaml.character", "2:5"),
        ("[" * 500, "yaml.depth", "1:21"),
    ],
)
def test_faults_are_named_by_line_and_column(text, code, where):
    with pytest.raises(InvalidInput) as refusal:
        load_text(text)
    assert (refusal.value.code, refusal.value.where) == (code, where)
    line, column = where.split(":")
    assert f"第 {line} 行第 {column} 列" in refusal.value.message


def test_a_merge_key_has_no_power():
    assert load_text("<<: {a: 1}\n") == {"<<": {"a": "1"}}


def test_size_encoding_and_nothing():
    assert load_text("a: " + "x" * (LIMIT - 3))["a"].startswith("x")
    for content in ("a: " + "x" * (LIMIT - 2), b"#" * (LIMIT + 1)):
        with pytest.raises(InvalidInput) as refusal:
            load_text(content)
        assert refusal.value.code == "yaml.too_large"
    with pytest.raises(InvalidInput) as refusal:
        load_text("a: 1\nb: 刑事\n".encode("gb18030"))
    assert (refusal.value.code, refusal.value.where) == ("yaml.encoding", "2")
    for content in ("", "# only a word\n", b""):
        with pytest.raises(InvalidInput) as refusal:
            load_text(content)
        assert refusal.value.code == "yaml.empty"
