"""Word documents as pages: what would be printed, and nothing that an editor left behind. BL5 (tracked changes)."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml

from qualityeval.adapters.pdf_pages import PaperReader
from qualityeval.core.errors import InvalidInput

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LEFT_BEHIND = ("deleted-name", "hidden-name", "comment-name", "author-name", "property-name")


def document():
    """A document with a tracked deletion, an insertion, hidden text, a comment, properties and a table."""
    made = docx.Document()
    made.core_properties.author = "author-name"
    made.core_properties.comments = "property-name"
    paragraph = made.add_paragraph("辩护词 ")
    for xml in (
        f'<w:del {NS} w:id="1" w:author="author-name"><w:r><w:delText>deleted-name</w:delText></w:r></w:del>',
        f'<w:ins {NS} w:id="2" w:author="author-name"><w:r><w:t>inserted-words</w:t></w:r></w:ins>',
        f"<w:r {NS}><w:rPr><w:vanish/></w:rPr><w:t>hidden-name</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(xml))
    made.add_comment(runs=paragraph.runs[0], text="comment-name", author="author-name")
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left-cell", "#right-cell $x$"
    made.sections[0].header.paragraphs[0].text = "head-line"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def reader():
    with PaperReader() as made:
        yield made


def test_a_document_is_read_without_what_its_editors_left_behind(reader, tmp_path):
    path = tmp_path / "paper"
    path.write_bytes(document())
    checked = reader.check(path)
    assert (checked.kind, checked.pages, checked.findings) == ("pdf", 1, ("converted",))
    (text,) = reader.texts(path)
    for words in ("辩护词", "inserted-words", "left-cell", "#right-cell $x$", "head-line"):
        assert words in text
    page = reader.page(path, 1, 1240).jpeg
    for words in LEFT_BEHIND:
        assert words not in text
        assert words.encode() not in page


def swollen():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"0" * 50_000_000)
    return buffer.getvalue()


def hollow():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [(swollen, "paper.too_big"), (hollow, "paper.word"), (lambda: document()[:3000], "paper.kind")],
)
def test_a_swollen_or_broken_document_is_refused_in_words(reader, tmp_path, content, code):
    path = tmp_path / "paper"
    path.write_bytes(content())
    with pytest.raises(InvalidInput) as refused:
        reader.check(path)
    assert refused.value.code == code
