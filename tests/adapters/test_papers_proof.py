"""Papers of the real world and bombs of our own: all readable, or answered in words; nothing planted gets through."""

import io
import itertools
import resource
import time

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from qualityeval.adapters.images_marked import marked
from qualityeval.adapters.masks import GREY
from qualityeval.adapters.pdf_pages import TEXTS, Masks, PaperReader
from qualityeval.core.errors import InvalidInput
from qualityeval.core.pseudonyms import Name
from tests.bombs import forty

BOMBS, SECONDS, MEGABYTES = 40, 10, 512
WIDTH = 1_240
MOST_PAGES, MOST_AREAS = 3, 400  # of one paper that are painted over
NOISE = 12  # of 255, by which a JPEG may miss a colour


@pytest.fixture(scope="module")
def reader():
    with PaperReader() as made:
        yield made


@pytest.fixture
def papers_of(realdata, proof_count):
    """Papers of one kind: all of them in the proof, a few otherwise."""

    def found(kind):
        paths = sorted((realdata / "pdf" / kind).glob("*.pdf"))
        assert paths, f"no papers under pdf/{kind}"
        return paths[:: max(1, len(paths) // proof_count(len(paths)))]

    return found


def refusal_of(ask, *args):
    """The code of a refusal in words, or nothing."""
    try:
        ask(*args)
    except InvalidInput as refusal:
        return refusal.code
    return ""


def drawn(reader, path):
    """Every page as an expert gets it, and the text that is searched."""
    checked = reader.check(path)
    pages = [
        marked(reader.page(path, number, WIDTH).jpeg, "E1 2026-11-25")
        for number in range(1, checked.pages + 1)
    ]
    return pages, reader.texts(path)


@pytest.mark.proof("papers")
def test_all_good_papers_are_readable(reader, papers_of):
    for path in papers_of("ok"):
        pages, _texts = drawn(reader, path)
        assert pages, path.name
        for page in pages:
            assert Image.open(io.BytesIO(page)).format == "JPEG"


@pytest.mark.proof("papers")
def test_all_bad_papers_are_read_or_answered_in_words(reader, papers_of):
    answered = {path.name: refusal_of(drawn, reader, path) for path in papers_of("bad")}
    assert set(answered.values()) <= {"", *TEXTS}
    assert answered.get("pdfplumber_empty.pdf", "paper.empty") == "paper.empty"


def planted(path):
    """Values outside the pages: properties, notes, attachments, scripts, field values."""
    values = []
    with pikepdf.open(path) as document:
        values += [str(value) for value in document.docinfo.values()]
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                for key in ("/Contents", "/JS", "/V", "/F", "/UF", "/T", "/TU", "/NM"):
                    value = thing.get(key)
                    if isinstance(value, pikepdf.String):
                        values.append(str(value))
        values += list(document.attachments)
        values += [a.get_file().read_bytes().decode("latin-1")[:200] for a in document.attachments.values()]
    return {value.strip() for value in values if len(value.strip()) >= 6}


@pytest.mark.proof("papers")
def test_nothing_planted_is_left_in_the_experts_copy(reader, papers_of):
    for path in papers_of("leak"):
        if (refused := refusal_of(reader.check, path)) != "":
            assert refused in TEXTS, path.name  # a refused paper reaches nobody
            continue
        pages, texts = drawn(reader, path)
        # what is printed on the pages is theirs, whatever properties repeat: read by another library
        printed = "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())
        for value in planted(path):
            for page in pages:
                assert value.encode() not in page, (path.name, value)
                assert value.encode("utf-16-be") not in page, (path.name, value)
            if "".join(value.split()) not in printed:
                assert value not in "".join(texts), (path.name, value)
        assert not any(Image.open(io.BytesIO(page)).getexif() for page in pages)


def boxes_of(path, number):
    """Where the words of a page stand, in thousandths of it and a little more."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[number - 1]
        width, height = page.get_size()
        letters = page.get_textpage()
        for at in range(letters.count_rects()):
            left, bottom, right, top = letters.get_rect(at)
            area = [
                max(0, int(1000 * left / width) - 4),
                max(0, int(1000 * (height - top) / height) - 4),
                int(1000 * (right - left) / width) + 9,
                int(1000 * (top - bottom) / height) + 9,
            ]
            if area[0] < 1000 and area[1] < 1000:
                yield (*area[:2], min(area[2], 1000 - area[0]), min(area[3], 1000 - area[1]))


@pytest.mark.proof("papers")
def test_nothing_is_left_beneath_an_area_drawn_by_hand(reader, papers_of):
    """Every line of text of every page is painted over: not a letter is left, and nothing that was planted."""
    covered = 0
    for path in papers_of("leak"):
        if refusal_of(reader.check, path):
            continue
        for number in range(1, min(MOST_PAGES, reader.check(path).pages) + 1):
            areas = tuple(boxes_of(path, number))[:MOST_AREAS]
            covered += len(areas)
            masks = Masks((Name("person", "Author", "当事人甲"),), True, areas)
            got = reader.masked(path, number, WIDTH, masks).jpeg
            picture = Image.open(io.BytesIO(got)).convert("RGB")
            across, down = picture.size
            for left, top, wide, high in areas:
                box = (
                    left * across / 1000,
                    top * down / 1000,
                    (left + wide) * across / 1000,
                    (top + high) * down / 1000,
                )
                inner = picture.crop((int(box[0]) + 3, int(box[1]) + 3, int(box[2]) - 3, int(box[3]) - 3))
                if min(inner.size) > 0:
                    worst = max(
                        abs(end - grey)
                        for ends, grey in zip(inner.getextrema(), GREY, strict=True)
                        for end in ends
                    )
                    assert worst <= NOISE, (path.name, number, worst)
            for value in planted(path):
                assert value.encode() not in got, (path.name, value)
                assert value.encode("utf-16-be") not in got, (path.name, value)
            assert not picture.getexif()
    assert covered


def _processor_time():
    """Seconds that ended children of this process have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.proof("bombs")
def test_no_bomb_takes_more_than_its_share(proof_count, tmp_path, record_property):
    """Peak memory is that of the largest child of this process so far, so one bound covers them all."""
    count = proof_count(BOMBS)
    slowest = longest = 0.0
    path = tmp_path / "bomb"
    for name, content in itertools.islice(forty(), count):
        path.write_bytes(content)
        for ask in (lambda reader: reader.check(path), lambda reader: reader.page(path, 1, WIDTH)):
            began, before = time.monotonic(), _processor_time()
            with PaperReader() as reader:
                assert refusal_of(ask, reader) in {"", *TEXTS}, name
            longest = max(longest, time.monotonic() - began)
            spent = _processor_time() - before
            slowest = max(slowest, spent)
            assert spent <= SECONDS, (
                name
            )  # of its own: how long it waits for a busy machine says nothing of it
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    told = f"{count} bombs: slowest {slowest:.1f} s of processor time ({longest:.1f} s by the clock), largest child {peak:.0f} MB"
    record_property("bombs", told)
    print(told)
    # other tests of this process have had children of their own: only the proof has it to itself
    assert peak <= MEGABYTES or count < BOMBS
