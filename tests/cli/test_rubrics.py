"""`rubric export|import|diff`: what is written out comes back as a body's own."""

import pytest

from qualityeval.adapters.yaml_writing import dump_text
from tests.cli.running import call_json
from tests.core.rubric_samples import rubric_mapping
from tests.services.registers import MAPPING, line, write


@pytest.fixture
def env(live_database):
    return live_database.environment


def test_a_rubric_comes_in_goes_out_and_is_compared(env, tmp_path):
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    places = ("--under", "330000", "--create-institutions")
    call_json("import", "cases", write(tmp_path, line("A1")), "--mapping", mapping, *places, env=env)
    path, book = tmp_path / "ours.yaml", tmp_path / "ours.xlsx"
    path.write_text(dump_text(rubric_mapping(code="ours")), "utf-8")
    made = call_json("rubric", "import", path, "--institution", "330000", env=env)
    assert made == {"code": "ours", "version": 1, "institution": "330000"}
    call_json("rubric", "export", "ours@1", "-o", book, env=env)
    refused = call_json("rubric", "import", book, "--institution", "330000", env=env, code=1)
    assert refused["error"]["code"] == "rubric.version_taken"
    (found, *_more) = call_json("rubric", "diff", "duty-lawyer@1", "ours@1", env=env)["differences"]
    assert found["fields"][0] == {"field": "title", "was": "值班律师法律帮助评分标准", "now": "样例"}
