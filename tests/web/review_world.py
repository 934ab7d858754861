"""A round that is dealt, for tests of the pages that come after the draw."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from qualityeval.authz import Actor
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Account, Institution, Round
from qualityeval.queries import rounds as queries
from qualityeval.queries.accounts import actor_of, by_name
from qualityeval.services import dealing, releases, sheet_import
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import chain, stories
from tests.web.signed_in import browser_of


@dataclass(frozen=True)
class ReviewWorld:
    """Two counties with 20 and 30 cases, ten experts, two managers; 6 + 9 cases drawn (27.7 %, rounded up)."""

    app: Flask
    counties: tuple[Institution, ...]
    code: str = "R2026"

    def actor(self, name: str = "first") -> Actor:
        """One of the two managers."""
        return actor_of(self._account(name))

    def browser(self, name: str = "first") -> FlaskClient:
        """Their browser."""
        return browser_of(self.app, self._account(name))

    @staticmethod
    def _account(name: str) -> Account:
        found = by_name(name)
        if found is None:
            raise LookupError(name)
        return found

    def round(self) -> Round:
        """The round as it stands."""
        db.session.expire_all()
        return queries.by_code_for(self.actor(), self.code)

    def deal(self) -> None:
        """Deal every slot."""
        with transaction():
            dealing.assign(actor=self.actor(), round_=queries.by_code_for(self.actor(), self.code), now=NOW)

    def bring(self, points: dict[str, int], **more: tuple[str, ...]) -> None:
        """Submit sheets of so many points by slot."""
        with transaction():
            round_ = queries.by_code_for(self.actor(), self.code)
            sheet_import.import_sheets(
                actor=self.actor(), round_=round_, lines=list(chain.lines(round_, points, **more)), now=NOW
            )

    def notify(self) -> None:
        """Open the objection window."""
        with transaction():
            releases.notify(actor=self.actor(), round_=queries.by_code_for(self.actor(), self.code), now=NOW)


@kept
def review_world(
    app: Flask, *, cases: tuple[int, ...] = (20, 30), experts: int = 10, dealt: bool = True, more: str = ""
) -> ReviewWorld:
    """The round, drawn and (unless told) dealt; `more` lines end its specification."""
    root, counties = stories.bureau(cases=cases)
    for name in ("first", "second"):
        factories.create_account(role=Role.MANAGER, institution=root, name=name, display_name=f"管理员{name}")
    factories.create_account(role=Role.MANAGER, institution=counties[0], name="county")
    factories.create_experts(range(experts))
    world = ReviewWorld(app, tuple(counties))
    stories.drawn(world.actor("first"), world.actor("second"), stories.spec(root.code) + more)
    if dealt:
        world.deal()
    return world
