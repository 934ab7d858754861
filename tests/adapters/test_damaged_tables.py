"""Damaged files (security.md UP1): whatever bytes are changed, a table is read or refused, and nothing else."""

import random

import pytest
import xlsxwriter

from qualityeval.adapters.tables import open_table
from qualityeval.core.errors import InvalidInput

TEXT = "案号,机构,类型,备注\n" + "".join(f'{n},上城区中心,刑事,"第{n}件, ""甲"""\n' for n in range(40))


def damaged(content, rng):
    """One of: cut short, bytes changed, a piece doubled, a piece taken out, noise put in."""
    content = bytearray(content)
    first, second = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    kind = rng.randrange(5)
    if kind == 0:
        return bytes(content[:first])
    if kind == 1:
        for _ in range(rng.randrange(1, 30)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        return bytes(content)
    if kind == 2:
        return bytes(content[:second] + content[first:])
    if kind == 3:
        return bytes(content[:first] + content[second:])
    return bytes(content[:first] + rng.randbytes(rng.randrange(1, 40)) + content[first:])


def outcome(path):
    try:
        with open_table(path) as table:
            return sum(1 for _row in table.rows())
    except InvalidInput as refusal:
        return refusal.message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_damaged_text(tmp_path, encoding):
    rng = random.Random(20260101)
    path = tmp_path / "a.csv"
    whole = TEXT.encode(encoding)
    outcomes = []
    for _ in range(300):
        path.write_bytes(damaged(whole, rng))
        outcomes.append(outcome(path))
    assert {type(one) for one in outcomes} == {int, str}
    assert all(isinstance(one, int) or one.endswith("。") for one in outcomes)


def test_damaged_workbooks(tmp_path):
    rng = random.Random(20260102)
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("台账")
    for line in range(60):
        sheet.write_row(line, 0, [f"{line}", "上城区中心", line, "刑事"])
    book.close()
    whole = path.read_bytes()
    outcomes = []
    for _ in range(60):
        path.write_bytes(damaged(whole, rng))
        outcomes.append(outcome(path))
    assert {type(one) for one in outcomes} <= {int, str}
    assert all(isinstance(one, int) or one.endswith("。") for one in outcomes)
    assert str in {type(one) for one in outcomes}
