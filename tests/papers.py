"""Papers made by the tests themselves, of the shapes that scanners and offices produce."""

import io

import pikepdf
from PIL import Image, ImageDraw


def pdf(*texts, width=595, height=842, **info):
    """A PDF with one page a text; `info` goes into its properties."""
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for text in texts or ("page",):
        page = document.add_blank_page(page_size=(width, height))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        content = f"BT /F1 24 Tf 72 {height - 100} Td ({text}) Tj ET".encode()
        page.Contents = document.make_stream(content)
    for name, value in info.items():
        document.docinfo[f"/{name}"] = value
    return saved(document)


def saved(document, **options):
    """The bytes of a document."""
    buffer = io.BytesIO()
    document.save(buffer, **options)
    return buffer.getvalue()


def scan(size=(827, 1169), text="scan", frames=1, form="JPEG", mode="L", **options):
    """A scanned page as a picture; a TIFF may hold several."""
    pictures = []
    for number in range(frames):
        picture = Image.new(mode, size, 255 if mode in ("L", "1") else (255, 255, 255))
        ImageDraw.Draw(picture).text((80, 80), f"{text} {number + 1}", fill=0)
        pictures.append(picture)
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(buffer, form, **more, **options)
    return buffer.getvalue()
