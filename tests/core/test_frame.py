"""The frame file's bytes: order, quoting, NFC; what is refused; reading back."""

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualityeval.core.case_keys import case_key, sealed_key
from qualityeval.core.digests import canonical_json, digest
from qualityeval.core.errors import InvalidInput
from qualityeval.core.frame import (
    build_frame,
    one_per_series,
    stratum_label,
)
from qualityeval.core.frame_file import read_frame
from tests.core.draw_vectors import VECTORS, frames


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_published_frames_are_read_and_written_to_the_byte(vector):
    content = vector["frame_csv"].encode()
    frame = read_frame(content)
    rows = list(zip(frame.keys, frame.strata, strict=True))
    assert frame.digest == vector["frame_digest"] == hashlib.sha256(content).hexdigest()
    assert build_frame(reversed(rows)).content == content


def test_the_order_vector_from_its_loose_rows():
    """Values of the published example `order`: the sixth key comes decomposed."""
    keys = ["1:𠀀", "1:～", "1:e\u0301", "1:z", '1:say "x"', "1:a,b", "1:7", "1:007"]
    frame = build_frame((key, "1") for key in keys)
    assert frame.content.decode() == (
        'case_key,stratum\n1:007,1\n1:7,1\n"1:a,b",1\n"1:say ""x""",1\n1:z,1\n1:é,1\n1:～,1\n1:𠀀,1\n'
    )
    assert frame.digest == "177a4af67f23d3f2f0257c12b5534ae0706e31e90ce57cde9e6bb58a410ece00"


def test_byte_order_is_not_utf16_order():
    # U+FF5E sorts after the surrogates of U+20000 in UTF-16, before it in UTF-8
    assert build_frame([("𠀀", "s"), ("～", "s")]).keys == ("～", "𠀀")


def test_keys_and_labels():
    assert case_key("3301", "(2025)临援民字第1号") == "3301:(2025)临援民字第1号"
    assert case_key("1", "e\u0301") == "1:é"
    assert stratum_label(["3301", "", "civil"]) == "3301|-|civil"
    assert stratum_label([""]) == stratum_label([]) == "-"
    # by hand: printf '%s\037%s' "$salt" 1:7 | sha256sum
    salt = "0" * 64
    by_hand = hashlib.sha256(salt.encode() + b"\x1f" + b"1:7").hexdigest()
    assert sealed_key("1", "7", salt=salt) == f"1:~{by_hand}"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: case_key("", "1"), "frame.institution_code"),
        (lambda: case_key("a:b", "1"), "frame.institution_code"),
        (lambda: case_key("a|b", "1"), "frame.institution_code"),
        (lambda: case_key("a", ""), "frame.number_empty"),
        (lambda: case_key("a", "1\n2"), "text.control"),
        (lambda: case_key("a", "1\x9f"), "text.control"),
        (lambda: case_key("a", "\ud800"), "text.control"),
        (lambda: sealed_key("a", "1", salt="short"), "frame.salt"),
        (lambda: stratum_label(["a|b"]), "frame.stratum_bar"),
        (lambda: build_frame([]), "frame.empty"),
        (lambda: build_frame([("1:é", "s"), ("1:e\u0301", "t")]), "frame.duplicate_key"),
        (lambda: build_frame([("1:1", "")]), "frame.row_empty"),
        (lambda: build_frame([("", "s")]), "frame.row_empty"),
    ],
)
def test_refusals(call, code):
    with pytest.raises(InvalidInput) as refusal:
        call()
    assert refusal.value.code == code
    assert refusal.value.message


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"case_key,stratum\r\n1:1,s\r\n", 1, "frame.header"),
        (b"\xef\xbb\xbfcase_key,stratum\n1:1,s\n", 1, "frame.header"),
        (b"case_key,stratum\n1:1,s", 2, "frame.cut"),
        (b"case_key,stratum\n1:1,s\n1:2\n", 3, "frame.line"),
        (b"case_key,stratum\n1:1,s\n1:2,s,t\n", 3, "frame.line"),
        (b'case_key,stratum\n1:1,s\n1:"2,s\n', 3, "frame.line"),
        (b"case_key,stratum\n1:1,s\n\xff,s\n", 3, "frame.encoding"),
        (b"case_key,stratum\n1:2,s\n1:1,s\n", 2, "frame.form"),
        (b'case_key,stratum\n"1:1",s\n', 2, "frame.form"),
        ("case_key,stratum\n1:e\u0301,s\n".encode(), 2, "frame.form"),
    ],
)
def test_another_writing_is_refused_with_its_line(content, line, code):
    with pytest.raises(InvalidInput) as refusal:
        read_frame(content)
    assert (refusal.value.where, refusal.value.code) == (f"line {line}", code)


def test_rows_in_another_order_only_where_asked():
    content = b"case_key,stratum\n1:2,s\n1:1,s\n"
    assert read_frame(content, any_order=True).content == b"case_key,stratum\n1:1,s\n1:2,s\n"
    with pytest.raises(InvalidInput, match=r"frame\.form"):
        read_frame(b'case_key,stratum\n1:2,s\n"1:1",s\n', any_order=True)


@settings(max_examples=100, deadline=None)
@given(frames(), st.randoms(use_true_random=False))
def test_any_frame_reads_back_and_no_order_matters(frame, shuffler):
    rows = list(zip(frame.keys, frame.strata, strict=True))
    shuffler.shuffle(rows)
    assert build_frame(rows).content == frame.content
    assert read_frame(frame.content).keys == frame.keys
    assert sum(frame.sizes.values()) == len(frame)
    assert list(frame.keys) == sorted(frame.keys, key=str.encode)
    assert all(unicodedata.is_normalized("NFC", key) for key in frame.keys)


def test_one_case_stands_for_a_series():
    keys, series = ["1:3", "1:1", "1:2", "2:1", "2:2", "1:4"], ["a", "a", "", "b", "", "a"]
    assert one_per_series(keys, series) == [False, True, True, True, True, False]


def test_digests_and_canonical_json():
    # printf 'a\037b' | sha256sum
    assert digest("a", "b") == "f04cdced9736a69da6103f08a4daaf8c485dd481217d218a1b4993c8c3968e13"
    assert canonical_json({"b": [1, None, True], "a": "e\u0301"}) == '{"a":"é","b":[1,null,true]}'
    with pytest.raises(TypeError):
        canonical_json({"rate": 0.277})
