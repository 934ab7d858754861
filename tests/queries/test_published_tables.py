"""BL10: no single sheet, and no small institution, comes of adding and subtracting all that is published of a round."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Case, Provider
from qualityeval.queries import public_results, result_pages, results
from qualityeval.queries.accounts import actor_of
from qualityeval.queries.result_items import items_for
from qualityeval.queries.training import training_for
from qualityeval.services import audit, publications, releases
from tests import factories
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")
OF = {
    "places": "institution",
    "institutions": "institution",
    "providers": "provider",
    "case_types": "case_type",
}


def released(app):
    """Four counties with 2, 6, 9 and 12 drawn cases of two firms and none, released."""
    world = review_world(app, cases=(7, 20, 30, 40))
    with transaction() as session:
        firms = [Provider(name="甲所", created_at=NOW), Provider(name="乙所", created_at=NOW)]
        session.add_all(firms)
        session.flush()
        for id_ in session.execute(select(Case.id)).scalars().all():
            if id_ % 7:
                firm = firms[0 if id_ % 5 else 1]
                session.execute(update(Case).where(Case.id == id_).values(provider_id=firm.id))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="round")
    world.bring({"1": 90, "2": 82})
    world.notify()
    for name in ("first", "second"):
        with transaction():
            releases.release(actor=world.actor(name), round_=world.round(), now=NOW + timedelta(days=30))
    return world


def published(world):
    """The cases behind every figure that a viewer of the province may read, as rows of 0 and 1."""
    round_ = world.round()
    viewer = actor_of(factories.create_account(role=Role.VIEWER, institution=round_.institution))
    cases = [case for case in results.sample_of([round_]).cases if case.is_counted]
    rows = []
    for place in ("", *(county.code for county in world.counties)):
        inside = [place in ("", case.groups["institution"]) for case in cases]
        found = result_pages.results_for(viewer, round_, by=tuple(result_pages.GROUPS), place=place)
        if not found["overall"]["suppressed"]:
            rows.append(inside)
        for key, dimension in OF.items():
            rows += [
                [here and case.groups[dimension] == line["code"] for case, here in zip(cases, inside, strict=True)]
                for line in found[key] if not line["suppressed"]
            ]  # fmt: skip
        items = items_for(viewer, round_, place=place)
        if items.items or training_for(viewer, round_, place=place).lines:
            rows.append(inside)
        rows += [[case.groups["institution"] == one.code for case in cases] for one in items.institutions]
    rows += shown_to_everybody(world, cases)
    return cases, np.array(rows, dtype=float)


def shown_to_everybody(world, cases):
    """The same of the version that the public page shows, once two managers have said so."""
    for name in ("first", "second"):
        with transaction():
            publications.publish(actor=world.actor(name), round_=world.round(), now=NOW + timedelta(days=31))
    figures = public_results.versions_of(world.code)[-1].content["figures"]
    rows = [[True for _case in cases]] if not figures["overall"]["suppressed"] else []
    for key, dimension in OF.items():
        shown = [line["code"] for line in figures[key] if not line["suppressed"]]
        rows += [[case.groups[dimension] == code for case in cases] for code in shown]
    return rows


def test_no_sheet_and_no_small_group_is_a_combination_of_published_figures(app):
    world = released(app)
    cases, tables = published(world)
    rank = np.linalg.matrix_rank(tables)
    assert 2 <= rank < len(cases)
    wanted = [np.eye(len(cases))[place] for place in range(len(cases))]
    for county in world.counties[:1]:  # two cases
        wanted.append(np.array([case.groups["institution"] == county.code for case in cases], dtype=float))
        assert 0 < wanted[-1].sum() < 5
    for one in wanted:
        assert np.linalg.matrix_rank(np.vstack([tables, one])) == rank + 1
    db.session.rollback()
