"""Two written opinions that are near copies: how much of the shorter stands in the longer, and both passages.

Texts are compared as runs of `RUN` characters (shingles), blanks and punctuation apart. The figure is containment,
|A ∩ B| / min(|A|, |B|) (Broder 1997): a short opinion copied whole into a longer one has 1, two that share nothing 0.
Formal sentences that every opinion holds count too, so a hint is a reason to look, never a finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

RUN = 8
NEAR = 0.6  # from here on a pair is worth a look
SHORTEST = 120  # letters; shorter opinions are all alike
MOST_PASSAGES, SHOWN = 5, 160


@dataclass(frozen=True, slots=True)
class Passage:
    """The same words in both texts, and where they begin in each as it was given."""

    words: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Containment of the shorter in the longer, None below `SHORTEST` letters, and the longest common passages."""

    share: float | None
    passages: tuple[Passage, ...] = ()

    @property
    def is_near(self) -> bool:
        """Whether the pair is worth a look."""
        return self.share is not None and self.share >= NEAR


def likeness(first: str, second: str) -> Likeness:
    """How alike two texts are, with the longest passages that stand in both, as written in each.

    >>> likeness("太短", "太短").share is None
    True
    """
    one, two = _Letters(first), _Letters(second)
    if min(len(one.text), len(two.text)) < SHORTEST:
        return Likeness(None)
    shared = one.runs & two.runs
    share = len(shared) / min(len(one.runs), len(two.runs))
    if share < NEAR:
        return Likeness(share)
    return Likeness(share, tuple(_passages(one, two, shared)))


class _Letters:
    """A text's letters and figures, where each stood, and its runs."""

    def __init__(self, text: str) -> None:
        kept = [(at, letter) for at, letter in enumerate(text) if letter.isalnum()]
        self.given, self.places = text, [at for at, _letter in kept]
        self.text = "".join(letter.casefold()[:1] for _at, letter in kept)
        self.runs = {self.text[at : at + RUN] for at in range(len(self.text) - RUN + 1)}

    def said(self, start: int, length: int) -> str:
        """The passage as it was written."""
        end = self.places[start + length - 1] + 1
        return self.given[self.places[start] : end][:SHOWN]


def _passages(one: _Letters, two: _Letters, shared: set[str]) -> Sequence[Passage]:
    """Stretches of the first whose runs all stand in the second as one stretch, the longest first."""
    found: list[tuple[int, int, int]] = []
    at = 0
    while at <= len(one.text) - RUN:
        if one.text[at : at + RUN] not in shared:
            at += 1
            continue
        other = two.text.index(one.text[at : at + RUN])
        length = RUN
        while (
            at + length < len(one.text)
            and other + length < len(two.text)
            and one.text[at + length] == two.text[other + length]
        ):
            length += 1
        found.append((length, at, other))
        at += length
    longest = sorted(found, key=lambda hit: (-hit[0], hit[1]))[:MOST_PASSAGES]
    return [
        Passage(one.text[start : start + length], one.said(start, length), two.said(other, length))
        for length, start, other in longest
    ]
