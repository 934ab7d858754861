"""`rubric list|show|export|import|diff`: what is written out comes back as a body's own."""

import pytest

from tests.cli.running import call_json
from tests.services.registers import MAPPING, line, write


@pytest.fixture
def env(live_database):
    return live_database.environment


def test_a_rubric_goes_out_changed_comes_in_and_is_compared(env, tmp_path):
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    places = ("--under", "330000", "--create-institutions")
    call_json("import", "cases", write(tmp_path, line("A1")), "--mapping", mapping, *places, env=env)
    path = tmp_path / "duty.yaml"
    call_json("rubric", "export", "duty-lawyer@1", "-o", path, env=env)
    path.write_text(
        path.read_text("utf-8")
        .replace("code: duty-lawyer", "code: our-duty")
        .replace("minimum: 90", "minimum: 92"),
        "utf-8",
    )
    made = call_json("rubric", "import", path, "--institution", "330000", env=env)
    assert made == {"code": "our-duty", "version": 1, "institution": "330000"}
    assert "our-duty" in [one["code"] for one in call_json("rubric", "list", env=env)["rubrics"]]
    assert call_json("rubric", "show", "our-duty@1", env=env)["grades"][0]["minimum"] == 92
    (found,) = call_json("rubric", "diff", "duty-lawyer@1", "our-duty@1", env=env)["differences"]
    assert found["fields"] == [{"field": "minimum", "was": "90", "now": "92"}]
    book = tmp_path / "duty.xlsx"
    call_json("rubric", "export", "our-duty@1", "-o", book, env=env)
    refused = call_json("rubric", "import", book, "--institution", "330000", env=env, code=1)
    assert refused["error"]["code"] == "rubric.version_taken"
