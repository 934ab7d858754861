"""A case's papers as experts of a blind round see them: names and numbers painted over, unseen scans withheld.

At `pseudonym` a page whose text can be read and that holds no picture is masked by rule; any other page waits for
a person. At `full` every page waits for a person, and organs are masked too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from qualityeval.adapters.pdf_pages import Masks
from qualityeval.core.errors import NotFound
from qualityeval.core.learned_names import learned
from qualityeval.core.pseudonyms import KEPT, Name, replaced
from qualityeval.models import CaseFile
from qualityeval.queries import masking as queries
from qualityeval.queries.desk_papers import DeskPapers, Leaf
from qualityeval.queries.masking import FiledPaper
from qualityeval.services.paper_pages import Kept, letters_of, texts_of

FULL = "full"
READABLE = 20  # letters that make a page's text layer more than a stamp's
Place = tuple[int, int]  # a paper's id and its page


@dataclass(frozen=True)
class Veil:
    """What hides and what shows the pages of one reader. Of the open level every page is ready, unmasked."""

    names: tuple[Name, ...] = ()
    full: bool = False
    masked: bool = False
    looked: Mapping[Place, tuple[tuple[int, ...], ...]] | None = None
    by_rule: frozenset[Place] = frozenset()
    shown: frozenset[Place] = frozenset()

    def is_ready(self, leaf: Leaf, page: int) -> bool:
        """Whether the page (of the paper, from 1) may be shown at all."""
        place = (leaf.paper_id, page)
        return not self.masked or place in self.shown or place in (self.looked or {}) or place in self.by_rule

    def masks(self, leaf: Leaf, page: int) -> Masks | None:
        """What is painted over; None for a page that is shown as it is."""
        place = (leaf.paper_id, page)
        if not self.masked or place in self.shown:
            return None
        return Masks(self.names, self.full, _areas((self.looked or {}).get(place, ())))

    def text(self, leaf: Leaf, page: int, text: str) -> str:
        """The page's text as it may be searched: nothing of a withheld page or of one with areas painted by hand."""
        place = (leaf.paper_id, page)
        if not self.masked or place in self.shown:
            return text
        if not self.is_ready(leaf, page) or (self.looked or {}).get(place):
            return ""
        return replaced(text, self.names, full=self.full)

    def withheld(self, papers: DeskPapers) -> frozenset[int]:
        """Pages of the run that wait for a person."""
        return frozenset(
            leaf.first + page - 1
            for leaf in papers.leaves
            for page in range(1, leaf.pages + 1)
            if not self.is_ready(leaf, page)
        )


def veil_over(papers: DeskPapers) -> Veil:
    """The veil of a reader's papers."""
    if not papers.masked or not papers.leaves:
        return Veil(masked=papers.masked)
    full = papers.level == FULL
    kept = [Kept(leaf.sha256, leaf.stored, leaf.pages) for leaf in papers.leaves]
    by_rule = frozenset() if full else frozenset(
        (leaf.paper_id, page) for leaf, paper in zip(papers.leaves, kept, strict=True) for page in readable(paper)
    )  # fmt: skip
    return Veil(
        names_in(papers.case_id), full, True, queries.looked_pages(papers.case_id), by_rule,
        queries.shown_pages(papers.assignment_id),
    )  # fmt: skip


def readable(paper: Kept) -> list[int]:
    """Pages that rules can be trusted to read: with text, without pictures."""
    letters = letters_of(paper)
    return [
        number
        for number, (text, pictured) in enumerate(zip(letters.texts, letters.pictured, strict=True), start=1)
        if not pictured and len("".join(text.split())) >= READABLE
    ]


def names_in(case_id: int) -> tuple[Name, ...]:
    """Every name that is hidden in the case: the register's, people's, and those that the papers give away."""
    added = [(row.kind, row.text) for row in queries.added_names(case_id)]
    taken_out = [one for one in added if one[0] == KEPT]  # first, since the first saying of a text counts
    known = (*taken_out, *queries.register_names(case_id))
    return _learned(tuple(queries.filed_papers(case_id)), known, tuple(added))


@lru_cache(maxsize=128)
def _learned(
    papers: tuple[FiledPaper, ...], known: tuple[tuple[str, str], ...], added: tuple[tuple[str, str], ...]
) -> tuple[Name, ...]:
    texts = [
        text
        for paper in papers
        if paper.has_text
        for text in texts_of(Kept(paper.sha256, paper.stored, paper.pages))
    ]
    return learned(texts, known, added)


def _areas(areas: Iterable[tuple[int, ...]]) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((area[0], area[1], area[2], area[3]) for area in areas)


def masks_of_page(paper: CaseFile, page: int, *, full: bool) -> Masks:
    """What is painted over on a page of a case's paper; NotFound where there is no such page."""
    if not 1 <= page <= paper.pages:
        raise NotFound(where="page")
    row = queries.page_row(paper, page)
    return Masks(names_in(paper.case_id), full, _areas(tuple(area) for area in row.areas) if row else ())


def pages_to_look_at(paper: CaseFile) -> list[int]:
    """Pages of the paper that no rule can be trusted with and no person has looked at."""
    done = {page for owner, page in queries.looked_pages(paper.case_id) if owner == paper.id}
    done |= set(readable(Kept(paper.sha256, paper.file.public_id, paper.pages)))
    return [page for page in range(1, paper.pages + 1) if page not in done]
