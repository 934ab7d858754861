"""A round whose files are called in, for tests of what becomes of them: two counties, 6 + 9 files drawn."""

from datetime import timedelta

from flask import Flask

from qualityeval.authz import Actor
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import FrameCase, SampledCase
from qualityeval.queries import call_in as queries
from qualityeval.services import call_in, hand_in, replacement
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories
from tests.web.review_world import ReviewWorld

DEADLINE = "2026-12-01"
IN_TIME, LATE = NOW + timedelta(days=2), NOW + timedelta(days=8)


class Files(ReviewWorld):
    """What managers and liaisons do with files; every step is a transaction of its own."""

    def liaison(self, county: int = 0) -> Actor:
        """The liaison of one of the counties."""
        return self.actor(f"liaison{county}")

    def keys(self, county: int = 0, *, state: str = "due") -> list[str]:
        """Public ids of the county's drawn files that stand so, by place."""
        found = [
            one for one in queries.dispositions(self.round())
            if one.key.startswith(f"{self.counties[county].code}:") and one.state == state
        ]  # fmt: skip
        return [db.session.get_one(SampledCase, one.sampled_id).public_id for one in found]

    def file(self, public_id: str) -> SampledCase:
        """The drawn case."""
        return db.session.execute(db.select(SampledCase).filter_by(public_id=public_id)).scalar_one()

    def key_of(self, public_id: str) -> str:
        """Its key in the frame file."""
        return db.session.get_one(FrameCase, self.file(public_id).frame_case_id).key

    def call(self) -> int:
        """Call the files in."""
        with transaction():
            return call_in.call_in(actor=self.actor(), round_=self.round(), now=NOW)

    def bring_in(self, *public_ids: str, who: str = "first", now=IN_TIME, pages: int = 20) -> None:
        """Hand these files in."""
        with transaction():
            for one in public_ids:
                hand_in.hand_in(
                    actor=self.actor(who), sampled=self.file(one), pages=pages, handed_in_on=None, now=now
                )

    def bring_all(self) -> None:
        """Hand in whatever is due."""
        self.bring_in(*self.keys(0), *self.keys(1))

    def miss(self, *public_ids: str, now=LATE) -> None:
        """Declare these missing."""
        with transaction():
            for one in public_ids:
                call_in.declare_missing(actor=self.actor(), sampled=self.file(one), now=now)

    def replace(self, public_id: str, who: str = "first", reason: str = "duplicate", now=IN_TIME):
        """One manager's word."""
        with transaction():
            outcome = replacement.replace(
                actor=self.actor(who), sampled=self.file(public_id), reason=reason, now=now
            )
            return outcome.state, outcome.successor.public_id if outcome.successor else None

    def replaced(self, public_id: str, reason: str = "duplicate") -> str | None:
        """Both managers' word; the successor's public id."""
        self.replace(public_id, "first", reason)
        return self.replace(public_id, "second", reason)[1]


@kept
def files_world(
    app: Flask,
    *,
    cases=(20, 30),
    call: bool = True,
    extra: str = "",
    required: bool = True,
    deadline: str = DEADLINE,
) -> Files:
    """The round, drawn and (unless told) called in."""
    root, counties = stories.bureau(cases=cases)
    for name in ("first", "second", "third"):
        factories.create_account(role=Role.MANAGER, institution=root, name=name, display_name=f"管理员{name}")
    for number, county in enumerate(counties):
        factories.create_account(
            role=Role.LIAISON,
            institution=county,
            name=f"liaison{number}",
            email=f"liaison{number}@example.org",
        )
    factories.create_account(role=Role.MANAGER, institution=counties[0], name="county")
    factories.create_experts(range(10))
    world = Files(app, tuple(counties))
    text = stories.spec(root.code, call_in="required" if required else "none")
    text += f"deadlines: {{hand_in: {deadline}}}\n{extra}"
    stories.drawn(world.actor("first"), world.actor("second"), text)
    if call and required:
        world.call()
    return world
