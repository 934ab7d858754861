"""What a paper may be, told by its content, never by its name; shared by the child that reads papers and its parent."""

import zipfile

PDF, IMAGE, WORD = "pdf", "image", "word"
MOST_PAGES = 3_000
# what a file carries besides its pages; none of it ever reaches an expert
SCRIPTS, ATTACHMENTS, ANNOTATIONS, FORMS = "scripts", "attachments", "annotations", "forms"
PROPERTIES, LOCKED, REPAIRED, BROKEN, CONVERTED = (
    "properties",
    "locked",
    "repaired",
    "broken_pages",
    "converted",
)
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_HEAD = 1024  # a PDF may begin a little late


class Refused(Exception):
    """The reader's own refusal: a code of `adapters.pdf_pages.TEXTS` and what its sentence needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def kind_of(path: str) -> str:
    """PDF, IMAGE or WORD; other kinds are refused by name, with what to do."""
    with open(path, "rb") as file:  # noqa: PTH123 - the child takes plain paths
        head = file.read(_HEAD)
    if not head:
        raise Refused("paper.empty")
    if b"%PDF-" in head:
        return PDF
    if head.startswith(_IMAGES):
        return IMAGE
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("paper.office")
    if head.startswith(b"PK"):
        return _packed(path)
    raise Refused("paper.kind")


def _packed(path: str) -> str:
    """WORD, or a refusal."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:2_000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("paper.kind") from None
    if "word/document.xml" in names and "[Content_Types].xml" in names:
        return WORD
    if "OFD.xml" in names:
        raise Refused("paper.ofd")
    raise Refused("paper.office" if "[Content_Types].xml" in names else "paper.archive")
