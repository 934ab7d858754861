"""What a PDF carries besides its pages: scripts, attachments, notes, form fields, properties.

It is told to whoever keeps the file. None of it reaches an expert, who sees drawn pages only.
"""

from typing import Any

from qualityeval.adapters.pdf_types import ANNOTATIONS, ATTACHMENTS, FORMS, LOCKED, PROPERTIES, SCRIPTS

MOST_OBJECTS = 20_000
_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
_NAMED = ("/Author", "/Title", "/Subject", "/Keywords", "/Creator", "/Producer")


def findings_of(path: str) -> list[str]:
    """The codes of what was found, in a fixed order; nothing for a file that qpdf can't open."""
    import pikepdf

    found: set[str] = set()
    try:
        with pikepdf.open(path) as document:
            if document.is_encrypted:
                found.add(LOCKED)
            if "/Metadata" in document.Root or any(name in document.docinfo for name in _NAMED):
                found.add(PROPERTIES)
            for count, thing in enumerate(document.objects):
                if count > MOST_OBJECTS:
                    break
                if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                    found |= _of(thing)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError, OSError, TypeError):
        pass  # what pdfium can draw is still drawn
    return [code for code in (SCRIPTS, ATTACHMENTS, ANNOTATIONS, FORMS, PROPERTIES, LOCKED) if code in found]


def _of(thing: Any) -> set[str]:
    found = set()
    keys = set(thing.keys())
    if keys & {"/JS", "/AA"} or ("/S" in keys and str(thing.S) in _ACTIONS) or _is_action(thing, keys):
        found.add(SCRIPTS)
    if keys & {"/EF", "/EmbeddedFiles"} or ("/Subtype" in keys and str(thing.Subtype) == "/FileAttachment"):
        found.add(ATTACHMENTS)
    if "/Annots" in keys:
        found.add(ANNOTATIONS)
    if "/AcroForm" in keys or "/FT" in keys or "/XFA" in keys:
        found.add(FORMS)
    return found


def _is_action(thing: Any, keys: set[str]) -> bool:
    """An action written inside its owner, as an OpenAction or the action of a link often is."""
    import pikepdf

    for name in keys & {"/OpenAction", "/A"}:
        action = thing.get(name)
        if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _ACTIONS:
            return True
    return False
