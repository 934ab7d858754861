"""Makes qualityeval/reports/circular.docx, the Word template of a circular in the style of GB/T 9704.

`.venv/bin/python -m tools.circular_template`. An office edits a copy of it in Word or WPS and puts it into
`templates` of its instance folder; the places in braces are filled by qualityeval.reports.paper.Paper.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TARGET = Path(__file__).resolve().parent.parent / "qualityeval" / "reports" / "circular.docx"
BODY, HEAD, TITLE = "仿宋_GB2312", "黑体", "方正小标宋简体"
RED = RGBColor(0xC0, 0, 0)


def face(run: Any, name: str, points: float, *, colour: RGBColor | None = None) -> None:
    """Chinese and Latin letters in one face, with the size of the standard."""
    run.font.name, run.font.size = name, Pt(points)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    if colour is not None:
        run.font.color.rgb = colour


def line(
    document: Any,
    text: str,
    name: str,
    points: float,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: bool = True,
    colour: RGBColor | None = None,
) -> None:
    """A paragraph of the fixed line pitch, 28.95 points."""
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28.95)
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = Pt(2 * points) if indent else None
    if align is not None:
        paragraph.alignment = align
    face(paragraph.add_run(text), name, points, colour=colour)


def tag(document: Any, text: str) -> None:
    """A line that holds an instruction only; it isn't there when the template is filled."""
    document.add_paragraph(text)


def page_number(section: Any) -> None:
    """— 1 — at the foot, 四号."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    face(paragraph.add_run("— "), "宋体", 14)
    run = paragraph.add_run()
    face(run, "宋体", 14)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run.element.append(mark)
    face(paragraph.add_run(" —"), "宋体", 14)


def rows(document: Any) -> None:
    """A table whose columns and rows come with the values."""
    table = document.add_table(rows=4, cols=1)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    whole = document.element.body.findall(qn("w:tbl"))[-1]
    lines = whole.findall(qn("w:tr"))
    texts = (
        "{%tc for name in table.columns %}", "{%tr for row in table.rows %}", "{%tc for text in row %}", "{%tr endfor %}",
    )  # fmt: skip
    filled = ("{{ name }}", "", "{{ text }}", "")
    ends = ("{%tc endfor %}", "", "{%tc endfor %}", "")
    for at, (first, middle, last) in enumerate(zip(texts, filled, ends, strict=True)):
        cells = [table.rows[at].cells[0]]
        cells[0].text = first
        if middle:
            for text in (middle, last):
                cell = OxmlElement("w:tc")
                lines[at].append(cell)
                paragraph = OxmlElement("w:p")
                cell.append(paragraph)
                run = OxmlElement("w:r")
                paragraph.append(run)
                letters = OxmlElement("w:t")
                letters.text = text
                run.append(letters)
    for run in whole.iter(qn("w:r")):
        properties = run.find(qn("w:rPr"))
        if properties is None:
            properties = OxmlElement("w:rPr")
            run.insert(0, properties)
        size = OxmlElement("w:sz")
        size.set(qn("w:val"), "21")
        properties.append(size)


def make() -> None:
    """The whole template."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    page_number(section)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    line(document, "{{ institution }}", TITLE, 26, align=centre, indent=False, colour=RED)
    line(document, "批次{{ number }}", BODY, 16, align=centre, indent=False)
    tag(document, "{%p if is_preliminary %}")
    line(document, "（初步结果，未发布）", BODY, 16, align=centre, indent=False)
    tag(document, "{%p endif %}")
    line(document, "", BODY, 16)
    line(document, "{{ title }}", TITLE, 22, align=centre, indent=False)
    line(document, "", BODY, 16)
    tag(document, "{%p for part in parts %}")
    line(document, "{{ part.heading }}", HEAD, 16)
    tag(document, "{%p for paragraph in part.paragraphs %}")
    line(document, "{{ paragraph }}", BODY, 16)
    tag(document, "{%p endfor %}")
    tag(document, "{%p for picture in part.bars %}")
    document.add_paragraph("{{ picture }}").alignment = centre  # as high as the picture is
    tag(document, "{%p endfor %}")
    tag(document, "{%p for table in part.tables %}")
    line(document, "{{ table.title }}", HEAD, 14, align=centre, indent=False)
    rows(document)
    tag(document, "{%p endfor %}")
    tag(document, "{%p endfor %}")
    line(document, "", BODY, 16)
    line(document, "附：核验信息", HEAD, 14)
    tag(document, "{%p for digest in digests %}")
    line(document, "{{ digest[0] }}：{{ digest[1] }}", BODY, 10.5, indent=False)
    tag(document, "{%p endfor %}")
    line(document, "公开核验页：{{ address }}", BODY, 10.5, indent=False)
    line(document, "", BODY, 16)
    line(document, "{{ institution }}", BODY, 16, align=WD_ALIGN_PARAGRAPH.RIGHT)
    line(document, "{{ made_on }}", BODY, 16, align=WD_ALIGN_PARAGRAPH.RIGHT)
    document.core_properties.author = ""
    document.core_properties.title = "通报模板"
    document.save(str(TARGET))


if __name__ == "__main__":
    make()
