"""Makes qualityeval/reports/review_opinion.docx, the Word template of the opinion on one case.

`.venv/bin/python -m tools.review_opinion_template`. An office edits a copy of it in Word or WPS and puts it into
`templates` of its instance folder; the places in braces are filled by reports.review_opinion.ReviewOpinion.
"""

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from tools.circular_template import BODY, HEAD, TITLE, line, page_number, rows, tag

TARGET = Path(__file__).resolve().parent.parent / "qualityeval" / "reports" / "review_opinion.docx"


def make() -> None:
    """The whole template."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(28)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    page_number(section)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    line(document, "{{ institution }}", BODY, 16, align=centre, indent=False)
    line(document, "{{ title }}", TITLE, 22, align=centre, indent=False)
    line(document, "批次{{ number }}　案件{{ case }}", BODY, 12, align=centre, indent=False)
    tag(document, "{%p if is_preliminary %}")
    line(document, "（初步结果，未发布）", BODY, 12, align=centre, indent=False)
    tag(document, "{%p endif %}")
    tag(document, "{%p for part in parts %}")
    line(document, "{{ part.heading }}", HEAD, 14)
    tag(document, "{%p for paragraph in part.paragraphs %}")
    line(document, "{{ paragraph }}", BODY, 14)
    tag(document, "{%p endfor %}")
    tag(document, "{%p for table in part.tables %}")
    line(document, "{{ table.title }}", HEAD, 12, align=centre, indent=False)
    rows(document)
    tag(document, "{%p endfor %}")
    tag(document, "{%p endfor %}")
    line(document, "", BODY, 14)
    tag(document, "{%p for one in signers %}")
    line(document, "{{ one }}：", BODY, 14, indent=False)
    tag(document, "{%p endfor %}")
    tag(document, "{%p if not signers %}")
    line(document, "{{ institution }}", BODY, 14, align=WD_ALIGN_PARAGRAPH.RIGHT)
    tag(document, "{%p endif %}")
    line(document, "{{ made_on }}", BODY, 14, align=WD_ALIGN_PARAGRAPH.RIGHT)
    document.core_properties.author = ""
    document.core_properties.title = "评估意见书模板"
    document.save(str(TARGET))


if __name__ == "__main__":
    make()
