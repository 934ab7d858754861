"""Forty papers that unpack, draw or loop beyond reason; each is small on disk. For the proof that none gets through."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, repeat

import pikepdf

from tests.papers import saved

MEGABYTE = 1 << 20
WORD_NAMES = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
WORD_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def deflated(size: int, layers: int = 1) -> bytes:
    """`size` zeros, packed so many times."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(size // MEGABYTE)) + packer.flush()
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    return packed


def _page(document: pikepdf.Pdf) -> pikepdf.Page:
    return document.add_blank_page(page_size=(595, 842))


def _as_is(document: pikepdf.Pdf) -> bytes:
    return saved(document, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def packed_content(size: int, layers: int) -> bytes:
    """A page whose content unpacks to `size` bytes."""
    document = pikepdf.new()
    content = document.make_stream(deflated(size, layers))
    content.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * layers)
    _page(document).Contents = content
    return _as_is(document)


def packed_picture(side: int, size: int) -> bytes:
    """A picture of side × side pixels on a page."""
    document = pikepdf.new()
    page = _page(document)
    picture = document.make_stream(deflated(size))
    for key, value in {
        "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": side, "/Height": side,
        "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.FlateDecode,
    }.items():  # fmt: skip
        picture[key] = value
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
    page.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return _as_is(document)


def nested_forms(depth: int, times: int) -> bytes:
    """A drawing that draws another `times` times, `depth` deep: times to the power of depth."""
    document = pikepdf.new()
    inner = document.make_stream(b"0 0 500 500 re f")
    inner.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 600, 850]})
    for _ in range(depth):
        outer = document.make_stream(b"/X Do " * times)
        outer.update({
            "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 600, 850],
            "/Resources": pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner)),
        })  # fmt: skip
        inner = outer
    page = _page(document)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    page.Contents = document.make_stream(b"/X Do")
    return saved(document)


def many_pages(count: int) -> bytes:
    """One page object that the tree names `count` times."""
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj "
    kids = b"[" + b"3 0 R " * count + b"]"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
        b"2 0 obj<</Type/Pages/Count " + str(count).encode() + b"/Kids" + kids + b">>endobj "
    ) + page + b"trailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip


def deep_arrays(depth: int) -> bytes:
    """A catalogue entry of brackets in brackets."""
    nest = b"[" * depth + b"]" * depth
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/Deep " + nest + b">>endobj "
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj trailer<</Root 1 0 R>>\n%%EOF"
    )


def huge_page(points: int, lines: int) -> bytes:
    """A page of that many points a side, covered with lines."""
    document = pikepdf.new()
    page = _page(document)
    page.MediaBox = [0, 0, points, points]
    page.Contents = document.make_stream(b"0 0 m %d %d l S " % (points, points) * lines)
    return saved(document)


def png(width: int, height: int) -> bytes:
    """A PNG of zeros that says it is width × height."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    size = min(width * height * 3, 256 * MEGABYTE)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", deflated(size)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff(width: int, height: int, frames: int) -> bytes:
    """A TIFF whose directories follow each other in a ring and name a picture of that size."""
    entries = [
        (256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (278, 4, height),
        (279, 4, width * height & 0x7FFFFFFF),
    ]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries
    )
    out = io.BytesIO(b"II*\x00" + struct.pack("<I", 16) + bytes(8))
    out.seek(16)
    for number in range(frames):
        after = 16 if number == frames - 1 else 16 + (number + 1) * (len(directory) + 4)
        out.write(directory + struct.pack("<I", after))
    return out.getvalue()


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG that says it is large and ends."""
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9) + b"\xff\xd9"


def word(pieces: Iterable[bytes], parts: int = 0) -> bytes:
    """A Word document whose text is these pieces, with so many empty parts besides."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", WORD_TYPES)
        archive.writestr("_rels/.rels", WORD_RELATIONS)
        for number in range(parts):
            archive.writestr(f"word/media/{number}.xml", b"")
        with archive.open("word/document.xml", "w", force_zip64=True) as text:
            for piece in pieces:
                text.write(piece)
    return buffer.getvalue()


def word_text(inner: Iterable[bytes], before: bytes = b"") -> Iterator[bytes]:
    """The XML of a document around its runs."""
    yield b'<?xml version="1.0"?>' + before + b'<w:document xmlns:w="' + WORD_NAMES + b'"><w:body>'
    yield from inner
    yield b"</w:body></w:document>"


def word_bombs() -> Iterator[tuple[str, bytes]]:
    """Unpacked text without end, entities within entities, tags within tags, parts without number."""
    run = b"<w:p><w:r><w:t>", b"</w:t></w:r></w:p>"
    endless = chain(
        (run[0],), repeat(b"a" * MEGABYTE, 512), (run[1],)
    )  # never whole in memory: a child inherits the peak
    yield "word 512 MB", word(word_text(endless))
    names = b"".join(
        b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10 if level else b"bomb" * 10)
        for level in range(10)
    )
    doctype = b"<!DOCTYPE w:document [" + names + b"]>"
    yield "word 10^9 entities", word(word_text((run[0] + b"&e9;" + run[1],), doctype))
    depth = 300_000
    yield f"word {depth} tags deep", word(word_text((b"<w:p>" * depth, b"</w:p>" * depth)))
    yield "word 30,000 parts", word(word_text((b"<w:p/>",)), parts=30_000)


def forty() -> Iterator[tuple[str, bytes]]:
    """All of them, each with its name."""
    for size in (256, 512, 1024, 2048):
        for layers in (1, 3):
            yield f"content {size} MB, {layers} layers", packed_content(size * MEGABYTE, layers)
    for side in (10_000, 16_000, 30_000, 60_000):
        yield f"picture {side}²", packed_picture(side, min(side * side * 3, 1024 * MEGABYTE))
    for depth, times in ((6, 10), (9, 10), (12, 10), (20, 4), (30, 2), (200, 2)):
        yield f"forms {times}^{depth}", nested_forms(depth, times)
    for count in (3_001, 100_000, 1_000_000):
        yield f"{count} pages", many_pages(count)
    for depth in (1_000, 100_000, 1_000_000):
        yield f"{depth} brackets", deep_arrays(depth)
    for points, lines in ((14_400, 10), (200_000, 10), (14_400, 200_000), (595, 2_000_000)):
        yield f"page of {points} pt, {lines} lines", huge_page(points, lines)
    for width, height in ((8_000, 7_000), (30_000, 30_000), (2_000_000, 40)):
        yield f"png {width}×{height}", png(width, height)
    for width, height, frames in ((60_000, 60_000, 1), (100, 100, 50_000), (5_000, 5_000, 3)):
        yield f"tiff {width}×{height}×{frames}", tiff(width, height, frames)
    for width, height in ((65_500, 65_500), (65_500, 1)):
        yield f"jpeg {width}×{height}", jpeg_header(width, height)
    yield from word_bombs()
