"""Strangers' papers: told by content, read under limits, refused in words. UP2, UP3, UP4, UP5."""

import io
import zipfile

import pikepdf
import pytest
from PIL import Image

from qualityeval.adapters.pdf_pages import PaperReader
from qualityeval.core.errors import InvalidInput
from tests import papers

SCRIPT = "app.alert('x')"


@pytest.fixture(scope="module")
def reader():
    with PaperReader() as made:
        yield made


@pytest.fixture
def lay(tmp_path):
    def laid(content, name="paper"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return laid


def scripted():
    """Author, script at opening, attachment, hidden note, form field: all that must stay behind."""
    with pikepdf.open(io.BytesIO(papers.pdf("body", Author="ZHANG Planted"))) as document:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=SCRIPT)
        document.attachments["planted.txt"] = b"Planted secret"
        page = document.pages[0]
        page.Annots = document.make_indirect(pikepdf.Array([
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], F=2, Contents="Planted note"
            )
        ]))  # fmt: skip
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[])
        return papers.saved(document)


def office(member):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "x")
    return buffer.getvalue()


def code_of(reader, path):
    with pytest.raises(InvalidInput) as caught:
        reader.check(path)
    return caught.value.code


def test_a_pdf_is_counted_and_drawn(reader, lay):
    path = lay(papers.pdf("first", "second", "third"), name="photo.jpg")
    checked = reader.check(path)
    assert (checked.kind, checked.pages, checked.has_text_layer) == ("pdf", 3, True)
    page = reader.page(path, 2, 700)
    assert Image.open(io.BytesIO(page.jpeg)).size == (page.width, page.height) == (700, 991)  # A4: 842/595
    assert [text.strip() for text in reader.texts(path)] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("made", "pages"),
    [
        ({"form": "JPEG"}, 1),
        ({"form": "PNG", "mode": "RGB"}, 1),
        ({"form": "TIFF", "mode": "1", "frames": 3, "compression": "group4"}, 3),
        ({"form": "TIFF", "frames": 2, "compression": "tiff_lzw"}, 2),
    ],
)
def test_scans_come_as_pictures(reader, lay, made, pages):
    path = lay(papers.scan(**made), name="scan.pdf")
    checked = reader.check(path)
    assert (checked.kind, checked.pages, checked.has_text_layer) == ("image", pages, False)
    assert reader.page(path, pages, 400).width == 400


def test_where_a_photo_was_taken_stays_behind(reader, lay):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Planted place", 6  # description; turned by a quarter
    path = lay(papers.scan(size=(800, 600), exif=exif))
    assert reader.check(path).findings == ("properties",)
    page = reader.page(path, 1, 300)
    assert (page.width, page.height) == (300, 400)
    assert b"Planted" not in page.jpeg
    assert not Image.open(io.BytesIO(page.jpeg)).getexif()


def test_what_else_a_pdf_carries_is_told_and_left_behind(reader, lay):
    path = lay(scripted())
    found = reader.check(path).findings
    assert found == ("scripts", "attachments", "annotations", "forms", "properties")
    page = reader.page(path, 1, 300)
    plain = reader.page(lay(papers.pdf("body"), name="plain"), 1, 300)
    assert page.jpeg == plain.jpeg, "the note isn't drawn"
    assert "Planted" not in "".join(reader.texts(path))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "paper.empty"),
        (b"<html><script>alert(1)</script>", "paper.kind"),
        (b"MZ\x90\x00", "paper.kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "paper.office"),
        (office("[Content_Types].xml"), "paper.office"),
        (office("OFD.xml"), "paper.ofd"),
        (office("a.pdf"), "paper.archive"),
        (b"%PDF-1.7\nnothing", "paper.unreadable"),
        (papers.scan()[:400], "paper.image"),
        (papers.scan(size=(8000, 8000), form="PNG", mode="1"), "paper.pixels"),
    ],
)
def test_other_content_is_refused_in_words(reader, lay, content, code):
    assert code_of(reader, lay(content, name="paper.pdf")) == code


def test_a_password_is_named(reader, lay):
    with pikepdf.open(io.BytesIO(papers.pdf("x"))) as document:
        locked = papers.saved(document, encryption=pikepdf.Encryption(owner="a", user="b"))
        only_owner = papers.saved(document, encryption=pikepdf.Encryption(owner="a", user=""))
    assert code_of(reader, lay(locked)) == "paper.password"
    assert reader.check(lay(only_owner, name="open")).findings == ("locked",)


def test_a_file_cut_off_is_mended(reader, lay):
    whole = papers.pdf("one", "two")
    cut = whole[: whole.rindex(b"xref")]
    checked = reader.check(lay(cut))
    assert checked.pages == 2


def test_a_child_that_takes_too_long_is_ended(lay):
    with PaperReader(patience=0.0) as hasty:
        assert code_of(hasty, lay(papers.pdf("x"))) == "paper.slow"
