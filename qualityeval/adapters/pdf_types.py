"""What a paper may be, told by its content, never by its name; shared by the child that reads papers and its parent."""

import zipfile

PDF, IMAGE = "pdf", "image"
MOST_PAGES = 3_000
# what a file carries besides its pages; none of it ever reaches an expert
SCRIPTS, ATTACHMENTS, ANNOTATIONS, FORMS = "scripts", "attachments", "annotations", "forms"
PROPERTIES, LOCKED, REPAIRED, BROKEN = "properties", "locked", "repaired", "broken_pages"
FINDINGS = (SCRIPTS, ATTACHMENTS, ANNOTATIONS, FORMS, PROPERTIES, LOCKED, REPAIRED, BROKEN)
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_HEAD = 1024  # a PDF may begin a little late


class Refused(Exception):
    """The reader's own refusal: a code of `adapters.pdf_pages.TEXTS` and what its sentence needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def kind_of(path: str) -> str:
    """PDF or IMAGE; other kinds are refused by name, with what to do."""
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
        raise Refused(_packed(path))
    raise Refused("paper.kind")


def _packed(path: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:2_000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "paper.kind"
    if "OFD.xml" in names:
        return "paper.ofd"
    return "paper.office" if "[Content_Types].xml" in names else "paper.archive"
