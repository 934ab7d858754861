"""What an arbitrator sees: nothing of the sheets before, unless the round says so; then without names."""

import re

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.models import Assignment, Expert
from tests import factories
from tests.web.review_world import review_world
from tests.web.signed_in import browser_of

SHOWN = "此前的评分表"


@pytest.mark.parametrize("sees", [True, False])
def test_the_sheets_before_are_shown_only_where_the_round_says_so(app, session, sees):
    world = review_world(
        app, cases=(3,), experts=4, more=f"consensus: {{arbitrator_sees: {str(sees).lower()}}}\n"
    )
    world.bring({"1": 95, "2": 70})
    line = session.execute(select(Assignment).where(Assignment.slot == "arbitration")).scalars().first()
    readers = session.execute(
        select(Expert).join(Assignment).where(Assignment.sampled_case_id == line.sampled_case_id)
    ).scalars()  # fmt: skip
    codes = {one.code for one in readers} - {line.expert.code}
    account = factories.create_account(role=Role.EXPERT, name="arbiter", expert_code=line.expert.code)
    page = browser_of(app, account).get(f"/scoring/{line.public_id}").get_data(as_text=True)
    assert (SHOWN in page) is sees
    assert ("评分表甲" in page) is sees
    assert not any(re.search(rf"\b{code}\b", page) for code in codes)
    first = session.execute(
        select(Assignment).where(Assignment.sampled_case_id == line.sampled_case_id, Assignment.slot == "1")
    ).scalar_one()
    reader = factories.create_account(role=Role.EXPERT, name="reader", expert_code=first.expert.code)
    assert SHOWN not in browser_of(app, reader).get(f"/scoring/{first.public_id}").get_data(as_text=True)
