"""The secrets: for each two ways on from the common past, and who may notice which one was gone.

Everybody else must get the same bytes. Managers of the owning body know what happens in their round; the
audit administrator reads in the log what was done; an expert knows the own hand. Nobody is excused for more.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, text, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, Expert, FrameCase, Practitioner, Round, SampledCase
from qualityeval.services import releases
from tests.services import stories
from tests.structure import paired_worlds as past

OWNERS = frozenset({"manager", "other_manager"})
KNOWING = OWNERS | {"audit"}
B = "b" * 64


@dataclass(frozen=True)
class Secret:
    """What differs, the two ways, and who may know.

    `watched` are public ids that every crawl must ask for; `alone`: can't be gone together with the others.
    """

    name: str
    left: Callable[[], None]
    right: Callable[[], None]
    knows: frozenset[str] = KNOWING
    watched: tuple[str, ...] = ()
    alone: bool = False


def nothing() -> None:
    """The common past as it is."""


def all_of() -> list[Secret]:
    """Every secret, on the past that stands in the database."""
    scoring, notified = open_cases("SCORING"), open_cases("NOTIFIED")
    return [
        *_marks(scoring),
        *_grades(scoring, notified),
        *_objection(notified[-1]),
        *_people(open_cases("WAITING")),
        *_ceremony(),
        *_order(),
    ]


def together(secrets: Iterable[Secret]) -> Secret:
    """Those that go together in one pair of worlds, for people who may know none of them."""
    chosen = [secret for secret in secrets if not secret.alone]
    knows: frozenset[str] = frozenset().union(*(secret.knows for secret in chosen))
    ways = [[secret.left for secret in chosen], [secret.right for secret in chosen]]
    left, right = (lambda steps=steps: [step() for step in steps] and None for steps in ways)
    return Secret("all", left, right, knows)


def open_cases(code: str) -> list[list[Assignment]]:
    """The assignments of the round's untouched cases, one list a case."""
    found: dict[int, list[Assignment]] = {}
    for line in past.lines_of(code):
        found.setdefault(line.sampled_case_id, []).append(line)
    return list(found.values())


def _ids(lines: Iterable[Assignment]) -> tuple[str, ...]:
    return tuple(line.public_id for line in lines)


def _readers(lines: Iterable[Assignment]) -> frozenset[str]:
    return frozenset(past.account_of(line.expert.code) for line in lines)


def _marks(cases: list[list[Assignment]]) -> Iterator[Secret]:
    """What one expert wrote about a case that another expert reads too."""
    case = _ids(cases[0])
    mine, hand = case[0], KNOWING | _readers(cases[0][:1])
    yield Secret(
        "another's mark", lambda: past.submit(mine, 87, overall="尚可"), lambda: past.submit(mine, 62, overall="很差"),
        hand, case,
    )  # fmt: skip
    yield Secret(
        "another's state",
        lambda: past.submit(mine, 87, draft=True),
        lambda: past.submit(mine, 87),
        hand,
        case,
        alone=True,
    )
    begun = [line for line in past.lines_of("SCORING", untouched=False) if line.state == "submitted"]
    waiting = [
        one
        for one in past.lines_of("SCORING", untouched=False)
        if one.sampled_case_id == begun[0].sampled_case_id
    ]
    second = next(line.public_id for line in waiting if line.state == "dealt")
    yield Secret(
        "agreement or arbitration", lambda: past.submit(second, 88), lambda: past.submit(second, 40),
        KNOWING | {past.account_of(past.line(second).expert.code)}, _ids(waiting),
    )  # fmt: skip


def _grades(scoring: list[list[Assignment]], notified: list[list[Assignment]]) -> Iterator[Secret]:
    """What a case came to, before it is released; once in the liaison's own county, once in the next."""

    def way(lines: tuple[str, ...], points: int, *, told: bool) -> Callable[[], None]:
        def go() -> None:
            for public_id in lines:
                past.submit(public_id, points)
            if told:
                with transaction():
                    releases.notify(
                        actor=past.actor("manager"), round_=past.current("NOTIFIED"), now=past.LATER
                    )

        return go

    for name, case, told in (
        ("grade not notified", scoring[1], False),
        ("grade of the next county", notified[-1], True),
    ):
        ids = _ids(case)
        yield Secret(name, way(ids, 87, told=told), way(ids, 62, told=told), KNOWING | _readers(case), ids)


def _objection(case: list[Assignment]) -> Iterator[Secret]:
    """That the next county objects, and why: its own people and the owners know, the case's experts don't."""
    ids, drawn = _ids(case), past.drawn_of(_ids(case))[0]

    def way(reason: str) -> Callable[[], None]:
        def go() -> None:
            for public_id in ids:
                past.submit(public_id, 87)
            with transaction():
                releases.notify(actor=past.actor("manager"), round_=past.current("NOTIFIED"), now=past.LATER)
            if reason:
                past.object_to(drawn, by=COMMAND_LINE, now=past.LATER, reason=reason)

        return go

    yield Secret("an objection", way(""), way("扣分没有依据"), KNOWING, ids, alone=True)


def _people(cases: list[list[Assignment]]) -> Iterator[Secret]:
    """Who reads a case, and whose case it is."""
    (first, co_first), (second, co_second) = next(
        (one, other) for one in cases for other in cases
        if not {line.expert_id for line in one} & {line.expert_id for line in other}
    )  # fmt: skip
    watched = _ids((first, co_first, second, co_second))
    swapped = tuple(
        update(Assignment).where(Assignment.id == line.id).values(expert_id=other.expert_id)
        for line, other in ((first, second), (second, first))
    )
    yield Secret(
        "reviewers swapped",
        nothing,
        lambda: past.change(*swapped),
        KNOWING | _readers((first, second)),
        watched,
    )
    case = db.session.execute(
        select(FrameCase.case_id).join(SampledCase).where(SampledCase.id == first.sampled_case_id)
    ).scalar_one()
    renamed = (
        update(Case)
        .where(Case.id == case)
        .values(number="别的案号", recipient_name="别的受援人", organ="别的机关"),
        update(Practitioner)
        .where(Practitioner.id == select(Case.practitioner_id).where(Case.id == case).scalar_subquery())
        .values(name="别的承办人"),
    )
    yield Secret(
        "whose case it is",
        nothing,
        lambda: past.change(*renamed),
        KNOWING | {"above", "below"},
        watched,
        alone=True,
    )


def _ceremony() -> Iterator[Secret]:
    """What is sealed, and who said what first."""
    first, second = past.actor("manager"), past.actor("other_manager")

    def typed(*said: tuple[object, str]) -> Callable[[], None]:
        def go() -> None:
            for who, value in said:
                stories.typed(who, past.current("SEEDING"), value)  # type: ignore[arg-type]

        return go

    yield Secret(
        "who typed first", typed((first, "31"), (second, "31")), typed((second, "31"), (first, "31"))
    )
    yield Secret(
        "what was typed first", typed((first, "31")), typed((first, "27")), frozenset({"manager"}), alone=True
    )
    yield Secret(
        "a draft's plan",
        nothing,
        lambda: past.change(update(Round).where(Round.code == "DRAFT").values(title="别的")),
    )
    sealed = {"SEEDING": {"secret": B, "deal_secret": B, "salt": B}, "SCORING": {"deal_secret": B, "salt": B}}
    for code, values in sealed.items():
        yield Secret(
            f"what stays sealed in {code}", nothing,
            lambda code=code, values=values: _reseal(code, values), frozenset(),
        )  # fmt: skip


def _reseal(code: str, values: dict[str, str]) -> None:
    """Another secret under the same digests: the trigger that guards them is lifted for this one world."""
    where = " ON round" if db.engine.dialect.name == "postgresql" else ""
    past.change(
        text(f"DROP TRIGGER IF EXISTS evidence_round_update{where}"),
        update(Round).where(Round.code == code).values(**values),
    )


def _order() -> Iterator[Secret]:
    """In which order the rows were written; watched by the expert who reads most, whose list has an order."""
    top = db.session.execute(select(func.max(Assignment.id))).scalar_one()
    lines = past.lines_of("WAITING")
    loads = Counter(line.expert_id for line in lines)
    busiest = _ids(line for line in lines if line.expert_id == loads.most_common(1)[0][0])
    turned = (
        update(Assignment).where(Assignment.round_id == lines[0].round_id).values(id=10 * top - Assignment.id)
    )
    yield Secret("order of the rows", nothing, lambda: past.change(turned), frozenset({"audit"}), busiest)


def dealt_to(before: frozenset[str]) -> frozenset[str]:
    """Accounts of experts who have been dealt a file since: whoever gets one knows of it."""
    query = select(Expert.code).join(Assignment).where(Assignment.public_id.not_in(before))
    return frozenset(map(past.account_of, db.session.execute(query).scalars()))


def dealt() -> frozenset[str]:
    """Public ids of all assignments."""
    return frozenset(db.session.execute(select(Assignment.public_id)).scalars())
