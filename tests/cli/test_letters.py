"""`opinions …` and `practitioners …`: letters for organs by the thousand, a part in memory at a time."""

import subprocess
import sys
import time
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from config import from_environment
from qualityeval import clock
from qualityeval.app import create_app
from qualityeval.authz import COMMAND_LINE
from qualityeval.core import letter_parts
from qualityeval.database import db, new_public_id, transaction
from qualityeval.models import Case, OrganOpinion
from qualityeval.services import audit
from qualityeval.services.one_time import digest_of
from qualityeval.services.opinions import token_of
from tests.cli.running import call_json
from tests.databases import close
from tests.factories import create_cases, create_institution, create_round

MOST_MB = 512  # of a province's letters as of a county's
MEASURED = """
import resource, sys
from qualityeval.cli import main
try:
    main(sys.argv[1:])
finally:
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss // 1024, file=sys.stderr)
"""


def asked(environment, count):
    """A county of so many cases whose organs were asked, and a round of which nothing is drawn."""
    app = create_app(from_environment(environment).mapping())
    with app.app_context():
        county = create_institution(code="330102", name="雁汀区法律援助中心")
        create_round(institution=county, code="R1", state="drawn")
        create_cases(institution=county, numbers=map(str, range(count)), organ="临州市人民法院")
        ids = db.session.execute(select(Case.id)).scalars().all()
        with transaction():
            db.session.execute(insert(OrganOpinion), [request_about(id_) for id_ in ids])
            audit.record(COMMAND_LINE, "opinions.asked", now=clock.now(), object_type="round")
    close(app)


def request_about(case_id):
    public_id = new_public_id()
    return {
        "public_id": public_id, "case_id": case_id, "form": "opinion@1", "organ": "临州市人民法院", "officer": "李法官",
        "via": "link", "token_hash": digest_of(token_of(public_id)), "asked_by": "m", "asked_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=15), "answers": {}, "version": 1,
    }  # fmt: skip


def test_letters_in_one_file_or_in_parts(live_database, tmp_path, monkeypatch):
    def verb(*arguments, code=0):
        return call_json(*arguments, env=live_database.environment, code=code)

    asked(live_database.environment, 3)
    whole = verb("opinions", "letters", "-o", tmp_path / "all.pdf")
    assert (whole["letters"], whole["parts"]) == (3, 1)
    assert (tmp_path / "all.pdf").read_bytes().startswith(b"%PDF")
    monkeypatch.setattr(letter_parts, "PART", 2)
    assert verb("opinions", "letters", "-o", tmp_path / "all.zip")["parts"] == 2
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert packed.namelist() == ["letters-00001-00002.pdf", "letters-00003-00003.pdf"]
    refused = verb("opinions", "letters", "-o", tmp_path / "more.pdf", code=1)
    assert (refused["error"]["code"], list(tmp_path.glob("*more*"))) == ("letters.part", [])
    for arguments, why in (
        (("opinions", "letters", "R1", "-o", tmp_path / "none.zip"), "letters.none"),
        (("opinions", "ask", "R1"), "opinion.nobody"),
        (("practitioners", "tell", "R1"), "practitioner.not_notified"),
        (("practitioners", "letters", "R1", "-o", tmp_path / "none.zip"), "letters.none"),
    ):
        assert verb(*arguments, code=1)["error"]["code"] == why


@pytest.mark.proof("letters", heavy=True)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_two_thousand_letters_need_no_more_memory_than_a_part(
    live_database, tmp_path, proof_count, record_property
):
    count, file = proof_count(2000), tmp_path / "all.zip"
    asked(live_database.environment, count)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "opinions", "letters", "-o", str(file)],
        env=dict(live_database.environment), capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, own, child = time.monotonic() - began, *map(int, done.stderr.split()[-2:])
    with zipfile.ZipFile(file) as packed:
        names = len(packed.namelist())
    size = f"{file.stat().st_size / 1e6:.1f} MB on disk"
    record_property(
        "letters", f"{count} letters, {names} files: {seconds:.0f} s, {own} + {child} MB at most, {size}"
    )
    assert names == count // letter_parts.PART
    assert own + child < MOST_MB
