"""The tree of places under a round's results: which institutions an actor may see, and what lies below a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Institution, Round


@dataclass(frozen=True)
class Place:
    """An institution in the tree; `path` holds the keys from the root."""

    id: int
    code: str
    name: str
    path: str

    def holds(self, other: "Place") -> bool:
        """Whether the other one is this one or lies below it."""
        return other.path.startswith(self.path)


@dataclass(frozen=True)
class View:
    """What one look at results is about.

    `top` is the highest place that the actor may see, `here` the one asked for, `codes` the institutions in it
    (None: all of the round), `children` the group of each institution right below `here`.
    """

    top: Place
    here: Place
    codes: frozenset[str] | None
    children: Mapping[str, Place]
    crumbs: tuple[Place, ...]

    def below(self) -> list[Place]:
        """The places right below, by code; `here` itself among them where it has cases of its own."""
        return sorted(set(self.children.values()), key=lambda place: place.code.encode())


def view_of(actor: Actor, rounds: Sequence[Round], code: str = "") -> View:
    """The part of these rounds' results that the actor asks for; NotFound for a place that isn't theirs to see."""
    tree = {place.id: place for place in _places(actor)}
    whole = all(may(actor, Permission.ROUND_RESULTS, round_) for round_ in rounds)
    top = tree.get(rounds[0].institution_id if whole else actor.institution_id or 0)
    if top is None:
        raise NotFound(where="round")
    here = next((place for place in tree.values() if place.code == code), None) if code else top
    if here is None or not top.holds(here):
        raise NotFound(where="place")
    inside = [place for place in tree.values() if here.holds(place)]
    return View(
        top, here, None if whole and here == top else frozenset(place.code for place in inside),
        {place.code: _child(here, place, tree) for place in inside},
        tuple(tree[key] for key in _keys(here) if key in tree and top.holds(tree[key])),
    )  # fmt: skip


def _places(actor: Actor) -> list[Place]:
    """Every institution that the actor may see in results; for owners those outside the subtree too."""
    query = select(Institution.id, Institution.code, Institution.name, Institution.path)
    return [Place(*row) for row in db.session.execute(query.where(scope.reported_institutions(actor)))]


def _child(here: Place, place: Place, tree: Mapping[int, Place]) -> Place:
    keys = _keys(place)
    after = keys.index(here.id) + 1
    return tree[keys[after]] if after < len(keys) else here


def _keys(place: Place) -> list[int]:
    return [int(key) for key in place.path.strip("/").split("/")]


def has_levels(view: View) -> bool:
    """Whether some place below holds several institutions: there is a level between."""
    return any(place.code != code for code, place in view.children.items())
