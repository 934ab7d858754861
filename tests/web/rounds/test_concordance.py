"""A recheck: drawn from evaluated cases, read by others, set beside the first results."""

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.database import transaction
from qualityeval.queries import assignments, rechecks
from qualityeval.queries import rounds as queries
from qualityeval.services import dealing, sheet_import
from tests import factories
from tests.factories import NOW
from tests.services import chain, stories
from tests.web.clients import client_of, text_of


def evaluated(first, round_, points):
    with transaction():
        dealing.assign(actor=first, round_=queries.by_code_for(first, round_.code), now=NOW)
    with transaction():
        sheet_import.import_sheets(
            actor=first,
            round_=queries.by_code_for(first, round_.code),
            lines=chain.lines(round_, points),
            now=NOW,
        )


def test_the_story_of_a_recheck(app, session):
    root, _counties = stories.bureau(cases=(4, 6))
    first, second = stories.managers(root)
    factories.create_experts(range(8), provider="律所{}")
    evaluated(first, stories.drawn(first, second, stories.spec(root.code)), {"1": 92, "2": 92})
    text = (
        stories.spec(root.code, code="RC")
        .replace("kind: peer", "kind: recheck\nrounds: [R2026]")
        .replace("{default: 27.7%, minimum: 2}", "{default: 100%}")
    )
    recheck = stories.drawn(first, second, text)
    # the frame are the four evaluated cases, 2 of 4 and 2 of 6
    assert recheck.frame_size == 4
    before = rechecks.earlier_readers(recheck, ["R2026"])
    client, path = client_of(app, first), f"/rounds/{recheck.public_id}"
    assert "复查还没有结果" in text_of(client.get(path + "/concordance"))
    evaluated(first, recheck, {"1": 70, "2": 70})
    for row in assignments.rows_of(recheck):
        assert row.expert not in before[row.case]
    found = rechecks.concordance_of(first, queries.by_code_for(first, "RC"))
    assert (found.table.n, found.table.agreed, found.table.mean_change) == (4, 0.0, -2200)
    assert found.estimate.value == 0.0  # none was good the second time
    page = text_of(client.get(path + "/concordance"))
    assert "−22.0" in page
    with pytest.raises(InvalidInput) as refusal:
        stories.frozen(first, text.replace("code: RC", "code: RX").replace("[R2026]", "[R2025]"))
    assert refusal.value.code == "recheck.round"


def test_only_a_recheck_has_a_table(app, session):
    root, _counties = stories.bureau(cases=(2, 2))
    first, _second = stories.managers(root)
    made = stories.frozen(first, stories.spec(root.code))
    assert client_of(app, first).get(f"/rounds/{made.public_id}/concordance").status_code == 409
