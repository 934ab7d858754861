"""The verbs of the call-in, in one story: called in, handed in by table, missing, replaced, supplemented, weighted."""

import csv

from config import from_environment
from qualityeval.app import create_app
from qualityeval.database import db
from qualityeval.models import FrameCase, SampledCase
from tests.cli.running import call_json, environment
from tests.databases import Instance, close
from tests.services.files import files_world


def test_from_the_call_in_to_the_weights(live_database: Instance, tmp_path) -> None:
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        files_world(app, call=False, deadline="2099-12-31")
        rows = db.session.execute(
            db.select(FrameCase.key, SampledCase.stratum)
            .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
            .order_by(SampledCase.stratum, SampledCase.place)
        ).all()
        db.session.rollback()
    close(app)
    env = environment(
        tmp_path, **{k: v for k, v in live_database.environment.items() if k.startswith("QUALITYEVAL_")}
    )
    keys = [key for key, _stratum in rows]

    def call(*arguments, code=0):
        return call_json("round", *arguments, env=env, code=code)

    assert call("status", "R2026")["call_in"]["due"] == 15
    assert call("call-in", "R2026", "--as", "first")["state"] == "called_in"
    assert call("assign", "R2026", code=1)["error"]["code"] == "deal.files_due"
    table = tmp_path / "files.csv"
    table.write_text("case,pages\n" + "".join(f"{key},{n}\n" for n, key in enumerate(keys[:3])))
    refused = call("hand-in", "R2026", table, code=1)
    assert [(one["row"], one["column"]) for one in refused["rejected"]] == [(2, "pages")]
    table.write_text("case,pages,note\n" + "".join(f"{key},12,正卷\n" for key in keys[:3]))
    assert call("hand-in", "R2026", table, "--dry-run")["created"] == 3
    assert call("hand-in", "R2026", table, "--as", "liaison0")["created"] == 3
    assert call("hand-in", "R2026", table)["unchanged"] == 3
    assert call("missing", "R2026", code=1)["error"]["code"] == "file.not_overdue"
    assert call("return", "R2026", keys[0], "--reason", "缺页")["call_in"]["handed_in"] == 2
    replace = ("replace", "R2026", keys[3], "--reason", "duplicate")
    assert call(*replace, code=1)["error"]["code"] == "replace.account_needed"
    assert call(*replace, "--as", "first")["pending"] == {"replace": 1}
    done = call(*replace, "--as", "second")
    assert (done["pending"], done["call_in"]["replaced"], done["call_in"]["opened"]) == ({}, 1, 16)
    other = ("replace", "R2026", keys[4], "--as")
    call(*other, "first", "--reason", "sealed")
    assert call(*other, "second", "--reason", "not_closed", code=1)["error"]["code"] == "replace.mismatch"
    assert call("status", "R2026")["pending"] == {}
    assert call("supplement", "R2026", rows[0].stratum, "9")["call_in"]["opened"] == 18
    target = tmp_path / "weights.csv"
    assert call("weights", "R2026", "-o", target)["rows"] == 18
    with target.open(newline="") as opened:
        lines = list(csv.DictReader(opened))
    # nine of twenty opened, one out of scope; nobody has a result yet
    assert {one["design_weight"] for one in lines[:9]} == {"10/3"}
    assert [one["state"] for one in lines[:9]].count("replaced") == 1
    assert {one["final_weight"] for one in lines} == {""}
