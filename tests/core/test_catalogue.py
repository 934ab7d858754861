"""Archive catalogues: the right one for each kind of case, and what is missing, by hand from domain.md §9."""

import pytest

from qualityeval.adapters.catalogue_files import shipped_catalogues
from qualityeval.core.catalogue import Catalogues, named_after, parse_catalogues


def of(kind):
    case_type, aid_form, stage = kind.split("/")
    return shipped_catalogues().of(case_type=case_type, aid_form=aid_form, stage=stage)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("criminal/defence/investigation", "investigation"),
        ("criminal/defence/prosecution", "prosecution"),
        ("criminal/defence/trial", "trial"),
        ("criminal/defence/appeal", "trial"),
        ("criminal/representation/trial", "trial"),
        ("criminal/duty/prosecution", "duty"),
        ("civil/representation/trial", "representation"),
        ("civil/arbitration/arbitration", "representation"),
        ("civil/nonlitigation/none", "nonlitigation"),
        ("administrative/representation/enforcement", "representation"),
    ],
)
def test_each_kind_of_case_has_its_catalogue(kind, code):
    assert of(kind).code == code


def test_what_must_be_there_and_is_not():
    book = of("criminal/duty/prosecution")
    musts = {"help-record", "assignment-notice", "official-letter", "closing-review", "approval"}
    assert [[line.code for line in lines] for lines in book.missing(musts)] == [
        ["application", "organ-notice"],
        ["help-request", "help-notice"],
    ]
    assert book.missing({*musts, "organ-notice", "help-request"}) == ()


def test_papers_are_filed_in_the_order_of_the_lines():
    book = of("criminal/defence/trial")
    order = sorted(["judgment", "no-such-line", "application", "meeting-note"], key=book.place)
    assert order == ["application", "meeting-note", "judgment", "no-such-line"]


def test_a_code_stands_once():
    line = {"code": "a", "title": "甲", "title_en": "A"}
    node = {"institution": [line], "undertaker": [
        {"code": "k", "title": "乙", "title_en": "K", "for": ["*/*/*"], "lines": [line]}
    ]}  # fmt: skip
    with pytest.raises(ValueError, match="twice"):
        parse_catalogues(node)
    assert isinstance(shipped_catalogues(), Catalogues)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2026-001_meeting-note_1.pdf", ("2026-001", "meeting-note")),
        ("2026_001_会见笔录.pdf", ("2026_001", "会见笔录")),
        ("临援刑〔2026〕00418号_judgment_判决_2.tif", ("临援刑〔2026〕00418号", "judgment")),
        ("2026-001_judgment", ("2026-001", "judgment")),
        ("judgment_1.pdf", None),
        ("scan0001.pdf", None),
        ("", None),
    ],
)
def test_a_files_name_tells_case_and_line(name, found):
    assert named_after(name, shipped_catalogues().words) == found
