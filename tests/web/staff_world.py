"""A dealt round under a rubric with a staff part."""

from flask import Flask

from qualityeval.core.codes import Role
from qualityeval.database import transaction
from qualityeval.services import dealing, own_rubrics
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories
from tests.staff_rubric import divided_indicators, divided_rubric
from tests.web.review_world import ReviewWorld


@kept
def divided_world(app: Flask, *, indicators: bool = False) -> ReviewWorld:
    """Two drawn cases, one reader each; 20 points are staff's, or one of seven indicators."""
    root, counties = stories.bureau(cases=(2,))
    for name in ("first", "second"):
        factories.create_account(role=Role.MANAGER, institution=root, name=name)
    factories.create_account(role=Role.MANAGER, institution=counties[0], name="county")
    factories.create_experts(range(2))
    made = ReviewWorld(app, tuple(counties))
    first, second = made.actor("first"), made.actor("second")
    with transaction():
        own_rubrics.bring(
            actor=first,
            mapping=divided_indicators() if indicators else divided_rubric(),
            institution=root,
            now=NOW,
        )
    spec = stories.spec(root.code).replace("criminal-trial@1", "divided@1") + "reviewers: 1\n"
    stories.drawn(first, second, spec)
    with transaction():
        dealing.assign(actor=first, round_=made.round(), now=NOW)
    return made
