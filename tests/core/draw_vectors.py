"""The three worked draws that the rules were published with, and small draws of any shape."""

import json
from pathlib import Path

from hypothesis import strategies as st

from qualityeval.core.allocation import Rate, SizeRule, SizeRules, allocate
from qualityeval.core.ceremony import SeedKind, SeedSource
from qualityeval.core.certificate import EarlierRound, certificate_text, issue
from qualityeval.core.frame import build_frame
from qualityeval.core.plan import build_plan
from qualityeval.core.rates import parse_rate

FILE = Path(__file__).parents[1] / "data" / "draw_vectors.json"
VECTORS = {vector["name"]: vector for vector in json.loads(FILE.read_text(encoding="utf-8"))}
SECRET, DEAL_SECRET = "0123456789abcdef" * 4, "fedcba9876543210" * 4
EARLIER = EarlierRound("旧批次", "withdrawn", "a" * 64, "b" * 64, 3, 5)

# anything a register may hold: quotes, commas, spaces, beyond U+FFFF, combining marks
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="|"), min_size=1, max_size=8
)


@st.composite
def frames(draw):
    """A frame of 1 to 30 cases in up to 4 strata, whose texts are anything allowed."""
    labels = draw(st.lists(texts, min_size=1, max_size=4))
    keys = draw(
        st.lists(texts, min_size=1, max_size=30, unique_by=lambda text: build_frame([(text, "s")]).keys)
    )
    return build_frame([(key, draw(st.sampled_from(labels))) for key in keys])


def sizes_of(frame, rate="27.7%", **bounds):
    """The sizes of a frame whose labels are of one field."""
    rules = SizeRules(SizeRule(Rate(parse_rate(rate)), **bounds))
    return allocate({(label,): size for label, size in frame.sizes.items()}, fields=("label",), rules=rules)


def plan_of(frame, **bounds):
    """A plan over the frame."""
    return build_plan(
        code="T", frame=frame, sizes=sizes_of(frame, **bounds), secret=SECRET, deal_secret=DEAL_SECRET,
        source=SeedSource(SeedKind.DICE), more={"title": "试"},
    )  # fmt: skip


def drawn(frame, public="12345678901234567890", **bounds):
    """Certificate file, frame file and draw."""
    certificate, draw = issue(
        plan=plan_of(frame, **bounds), frame=frame, secret=SECRET, public=public, earlier=[EARLIER]
    )
    return certificate_text(certificate).encode(), frame.content, draw
