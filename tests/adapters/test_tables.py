"""Tables in every form people bring them, small ones made here; the torture files are in test_real_tables."""

import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from qualityeval.adapters import workbooks
from qualityeval.adapters.encodings import checked, detect
from qualityeval.adapters.tables import open_table
from qualityeval.adapters.workbook_scan import Refused, Scan
from qualityeval.core.errors import InvalidInput
from qualityeval.core.table_row import Mark

CONTENT = "案号,机构,类型\n1,上城区中心,刑事\n2,拱墅区中心,民事\n"


def rows_of(path, **options):
    with open_table(path, **options) as table:
        return table.header, [row.cells for row in table.rows()]


def refusal(path, **options):
    with pytest.raises(InvalidInput) as caught, open_table(path, **options) as table:
        list(table.rows())
    assert caught.value.message
    assert caught.value.where
    return caught.value.code


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("gbk", "gb18030"),
        ("utf-16", "utf-16-le"), ("utf-16-be", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_separator_and_line_ends_are_found(tmp_path, encoding, found, delimiter, end):
    path = tmp_path / "register.csv"
    path.write_bytes(CONTENT.replace(",", delimiter).replace("\n", end).encode(encoding))
    if found is None:  # UTF-16 without its mark is never guessed
        assert refusal(path) == "encoding.binary"
        return
    with open_table(path) as table:
        assert (table.kind, table.encoding, table.delimiter) == ("text", found, delimiter)
        assert table.header == ("案号", "机构", "类型")
        assert [(row.number, row.cells) for row in table.rows()] == [
            (2, ("1", "上城区中心", "刑事")),
            (3, ("2", "拱墅区中心", "民事")),
        ]


def test_what_no_encoding_fits_is_asked_for_and_can_be_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("案號,機構\n1,臺北\n".encode("big5"))
    with pytest.raises(InvalidInput) as caught:
        detect(path)
    assert (caught.value.code, "--encoding" in caught.value.text) == ("encoding.unknown", True)
    assert rows_of(path, encoding="big5") == (("案號", "機構"), [("1", "臺北")])
    assert refusal(path, encoding="utf-8") == "encoding.wrong"
    assert refusal(path, encoding="koi8-r") == "encoding.not_supported"


def test_a_wrong_encoding_is_told_by_its_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n3,\xff\xff\n")
    with pytest.raises(InvalidInput) as caught:
        checked(path, "utf8")
    assert caught.value.code == "encoding.wrong"


def test_a_character_cut_by_a_block_is_still_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(("案," * 200_000 + "\n").encode("gb18030"))
    assert detect(path) == "gb18030"


def test_quotes_line_breaks_and_guarded_cells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('k, "v, w"\n1,"a ""b""\nc"\n\'=1+1,-3\n\'abc,\'-3\n', encoding="utf-8")
    assert rows_of(path) == (("k", "v, w"), [("1", 'a "b"\nc'), ("=1+1", "-3"), ("'abc", "'-3")])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.empty"),
        (b"\n\n \n", "table.empty"),
        (b'a,b\n1,"2\n3,4\n5,6\n', "table.quotes"),
        (b'a,b\n"1"x,2\n', "table.quotes"),
        (b"a,b\n1,\x002\n", "encoding.binary"),
        (b"a,b\n1,\x012\n", "table.binary"),
        (b"a,b\n" + b"1," * 1001 + b"\n", "table.too_wide"),
        (b"a,b\n" + b"1" * 32768 + b",2\n", "table.cell"),
        (b"%PDF-1.7\n", "table.foreign"),
        (b"\x89PNG\r\n", "table.foreign"),
        (b"\xef\xbb\xbf <HTML><table><tr><td>1</td></tr></table>", "table.foreign"),
        (b'<?xml version="1.0"?><Workbook/>', "table.foreign"),
        (b"PK\x03\x04 not a zip", "workbook.unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not a book", "workbook.unreadable"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path, content, code):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_lost_quote_names_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n3,"4"5\n', encoding="utf-8")
    with pytest.raises(InvalidInput) as caught, open_table(path) as table:
        list(table.rows())
    assert caught.value.params["row"] == 3


def test_the_header_is_found_below_titles_or_given(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("2025 年度案件台账,,\n制表：某某,,\n案号,机构,类型\n\n1,甲,刑事\n", encoding="utf-8")
    with open_table(path) as table:
        assert (table.header_row, table.header) == (3, ("案号", "机构", "类型"))
        assert [row.number for row in table.rows()] == [5]
    assert rows_of(path, header_row=2)[0] == ("制表：某某",)
    assert refusal(path, header_row=4) == "table.no_header"
    assert refusal(path, header_row=900) == "table.no_header"


def test_a_sample_is_not_used_up(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "".join(f"{n},x\n" for n in range(200)), encoding="utf-8")
    with open_table(path) as table:
        assert [row.cells[0] for row in table.sample(3)] == ["0", "1", "2"]
        assert len(table.sample(100)) == 100
        assert [row.cells[0] for row in table.rows()] == [str(n) for n in range(200)]


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("a,b,c\n")
        file.writelines(f"{n},{n}号案件的一段说明文字,{n}\n" for n in range(98_000))
    tracemalloc.start()
    with open_table(path) as table:
        assert sum(1 for _row in table.rows()) == 98_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 4_000_000
    assert peak < 2_500_000  # less than the file itself


# --- workbooks


def workbook(path, fill, **options):
    book = xlsxwriter.Workbook(str(path), options)
    fill(book)
    book.close()
    return path


def test_typed_cells_come_as_text_with_marks(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["案号", "日期", "金额", "是", "身份证", "错", "整数"])
        sheet.write_string(1, 0, "0001234567890123456")
        sheet.write_number(1, 1, 45352, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(1, 2, 1234.5)
        sheet.write_boolean(1, 3, True)
        sheet.write_number(1, 4, 110105194912310000)
        sheet.write_formula(1, 5, "=1/0", None, "#DIV/0!")
        sheet.write_number(1, 6, 330102)

    with open_table(workbook(tmp_path / "a.xlsx", fill)) as table:
        assert (table.kind, table.sheet, table.row_estimate) == ("workbook", "Sheet1", 1)
        (row,) = table.rows()
    assert row.cells == (
        "0001234567890123456",
        "2024-03-01",
        "1234.5",
        "TRUE",
        "110105194912310000",
        "",
        "330102",
    )
    assert row.marks == {
        1: Mark.DATE, 2: Mark.NUMBER, 3: Mark.LOGICAL, 4: Mark.TOO_LONG, 5: Mark.ERROR, 6: Mark.NUMBER
    }  # fmt: skip


def test_a_row_of_error_cells_alone_is_still_a_row(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["x", "y"])
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")

    with open_table(workbook(tmp_path / "a.xlsx", fill)) as table:
        assert [(row.number, row.marks) for row in table.rows()] == [(2, {}), (3, {0: Mark.ERROR})]


def test_sheets_are_chosen_by_name_number_or_content(tmp_path):
    def fill(book):
        book.add_worksheet("封面").hide()
        book.add_worksheet("空")
        book.add_worksheet("台账").write_row(0, 0, ["案号", "机构"])
        book.add_worksheet("2").write_row(0, 0, ["乙", "丙"])
        book.worksheets()[1].activate()

    path = workbook(tmp_path / "a.xlsx", fill)
    with open_table(path) as table:
        assert (table.sheet, table.sheets) == ("台账", ("封面", "空", "台账", "2"))
    assert rows_of(path, sheet="3")[0] == ("案号", "机构")
    assert rows_of(path, sheet="2")[0] == ("乙", "丙")  # a name before a number
    assert refusal(path, sheet="空") == "table.empty"
    assert refusal(path, sheet="第五张") == "workbook.no_sheet"


def test_a_tall_merged_block_fills_its_rows_and_its_headings(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "案号")
        sheet.merge_range("B1:C1", "机构")
        sheet.write_row("B2", ["代码", "名称"])
        sheet.merge_range("B3:B4", "330102")
        sheet.write_row("A3", ["1"])
        sheet.write_row("A4", ["2"])
        sheet.write_row("A5", ["3", "330105"])
        sheet.write("C3", "x")

    path = workbook(tmp_path / "a.xlsx", fill)
    header, rows = rows_of(path, header_row=2)
    assert header == ("案号", "代码", "名称")
    assert rows == [("1", "330102", "x"), ("2", "330102", ""), ("3", "330105", "")]


def test_a_1904_book_says_so(tmp_path):
    def fill(book):
        book.add_worksheet().write_row(0, 0, ["a", "b"])

    for is_1904 in (False, True):
        with open_table(workbook(tmp_path / f"{is_1904}.xlsx", fill, date_1904=is_1904)) as table:
            assert table.epoch_1904 is is_1904


def test_places_are_those_of_the_sheet_whatever_is_empty_before_them(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(4, 2, ["案号", "机构"])
        sheet.write_row(6, 2, ["1", "甲"])

    with open_table(workbook(tmp_path / "a.xlsx", fill)) as table:
        assert (table.header_row, table.header) == (5, ("", "", "案号", "机构"))
        assert [(row.number, row.cells) for row in table.rows()] == [(7, ("", "", "1", "甲"))]


# --- bombs


def rewritten(source, target, change):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


@pytest.fixture
def plain_book(tmp_path):
    return workbook(tmp_path / "plain.xlsx", lambda book: book.add_worksheet().write_row(0, 0, ["a", "b"]))


def test_a_far_corner_is_refused_before_memory_goes(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 900, "z")

    path = workbook(tmp_path / "a.xlsx", fill)
    assert refusal(path) == "workbook.too_big"
    with pytest.raises(Refused) as caught:  # by looking, not by running into the memory limit
        Scan(str(path)).check("Sheet1")
    assert caught.value.code == "workbook.too_big"


def test_too_many_columns(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(0, 16_383, "z")

    assert refusal(workbook(tmp_path / "a.xlsx", fill)) == "workbook.too_wide"


@pytest.mark.parametrize(("rows", "columns"), [(1_048_576, 16_384), (90_000, 1_000)])
def test_a_far_corner_in_a_calc_file(tmp_path, rows, columns):
    # LibreOffice stores repeats as counts: a few bytes claim any number of filled cells
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="S">'
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>x</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    assert refusal(path) == "workbook.too_big"


def test_a_zip_that_unpacks_beyond_reason(tmp_path, plain_book):
    path = tmp_path / "a.xlsx"
    rewritten(plain_book, path, lambda name, old: old + b" " * 50_000_000 if "sheet1" in name else old)
    assert refusal(path) == "workbook.bomb"


def test_a_zip_of_too_many_members(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(workbooks.MAX_MEMBERS + 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", "<worksheet/>")
    assert refusal(path) == "workbook.bomb"


def test_entities_are_not_expanded(tmp_path, plain_book):
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    )
    path = tmp_path / "a.xlsx"
    rewritten(
        plain_book,
        path,
        lambda name, old: bomb + old.partition(b"?>")[2] if name == "xl/workbook.xml" else old,
    )
    assert refusal(path) == "workbook.unreadable"


def test_a_truncated_book(tmp_path, plain_book):
    path = tmp_path / "a.xlsx"
    whole = plain_book.read_bytes()
    for share in (0.3, 0.6, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert refusal(path) == "workbook.unreadable"


def test_a_zip_that_is_no_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(path) == "workbook.unreadable"


def test_the_child_is_gone_when_the_table_is_closed(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        for line in range(5_000):
            sheet.write_row(line, 0, [f"{line}-{column}" for column in range(20)])

    book = workbooks.read_workbook(workbook(tmp_path / "a.xlsx", fill))
    next(book.rows())
    book.close()
    assert book._child.poll() is not None
    assert isinstance(book._child.stdout, io.BufferedReader)
    assert book._child.stdout.closed
