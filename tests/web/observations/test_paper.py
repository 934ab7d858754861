"""The printed record of a hearing: what the ministry's form says of a record filled in by hand."""

from datetime import time

from qualityeval.core.codes import Role
from qualityeval.queries.accounts import actor_of
from qualityeval.reports.observation_record import values
from qualityeval.services.observations import form_of
from tests.channel_rows import FULL_MARKS, create_observation
from tests.factories import NOW, create_account, create_actor, create_case, create_institution
from tests.web.actor_browser import client_of


def test_the_ministrys_form(app, session):
    """All marks full: 100 points; a stranger's browser finds nothing."""
    county = create_institution()
    account = create_account(role=Role.OBSERVER, institution=county, display_name="钱旁听")
    row = create_observation(
        case=create_case(institution=county, number="2026-7"), account=account, answers=dict(FULL_MARKS),
        notes={"punctual": "提前到庭", "papers": "家属电话13800138000"}, state="submitted", submitted_at=NOW, arrived_at=time(14), left_at=time(15, 40),
    )  # fmt: skip
    said = values(row, form_of(row))
    assert (said["case"], said["observer"], said["total"]) == ("2026-7", "钱旁听", "100 / 100")
    assert (said["arrived"], said["left"], said["mode"]) == ("14:00", "15:40", "到庭旁听")
    assert [line["note"] for line in said["lines"] if line["note"]] == [
        "提前到庭",
        "家属电话［电话］",
    ]
    address = f"/observations/{row.public_id}/record.pdf"
    answer = client_of(app, actor_of(account)).get(address)
    assert answer.data.startswith(b"%PDF")
    assert client_of(app, create_actor(institution=create_institution())).get(address).status_code == 404
