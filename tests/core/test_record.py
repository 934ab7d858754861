"""Stored rows against the certificate: by hand-made departures, each seen by the check that is for it."""

from dataclasses import replace

import pytest

from qualityeval.core.certificate import read_certificate
from qualityeval.core.frame import build_frame
from qualityeval.core.record import FACTS, Record, StoredTicket, check_record
from qualityeval.core.verification import verify
from tests.core.draw_vectors import drawn

CERTIFICATE, FRAME, DRAW = drawn(build_frame((f"1:{n}", "甲" if n % 3 else "乙") for n in range(12)))


def stored(stratum, ticket):
    return StoredTicket(stratum.label, ticket.place, ticket.key, ticket.ticket, stratum.N, stratum.n)


def record(**changes):
    read = read_certificate(CERTIFICATE)
    made = Record(
        facts={name: getattr(read, name) for name in FACTS},
        frame_size=12,
        size=DRAW.n,
        strata={one.label: (one.N, one.n) for one in DRAW.strata},
        sample=[stored(stratum, ticket) for stratum, ticket in DRAW.drawn()],
    )
    return replace(made, **changes)


def failed(made, certificate=CERTIFICATE):
    found = check_record(made, certificate, verify(certificate, FRAME))
    return [check.name for check in found.checks if not check.ok]


def test_what_was_drawn_is_what_is_stored():
    assert failed(record()) == []


def test_an_opened_reserve_follows_in_order():
    stratum = DRAW.strata[0]
    first, second = (stored(stratum, one) for one in stratum.reserve[:2])
    assert failed(record(sample=[*record().sample, first])) == []
    assert failed(record(sample=[*record().sample, second])) == ["sample"]


@pytest.mark.parametrize("name", FACTS)
def test_another_fact_is_seen(name):
    assert failed(record(facts={**record().facts, name: "0"})) == ["record"]


@pytest.mark.parametrize("change", [{"frame_size": 11}, {"size": DRAW.n + 1}, {"strata": {}}])
def test_another_size_is_seen(change):
    assert failed(record(**change)) == ["record"]


@pytest.mark.parametrize(
    "change",
    [
        {"stratum": "丙"}, {"stratum": "乙"}, {"place": 0}, {"place": 2}, {"place": 99}, {"key": "1:x"}, {"ticket": "0" * 64},
        {"numerator": 1}, {"denominator": 99},
    ],
)  # fmt: skip
def test_another_sampled_case_is_seen(change):
    rows = record().sample
    at = next(n for n, row in enumerate(rows) if row.stratum == "甲")
    changed = [row._replace(**change) if n == at else row for n, row in enumerate(rows)]
    assert failed(record(sample=changed)) == ["sample"]


def test_a_missing_or_doubled_case_is_seen():
    rows = record().sample
    for changed in (rows[1:], rows[:-1], [*rows, rows[0]]):
        assert failed(record(sample=changed)) == ["sample"]


def test_both_stay_open_where_the_files_do_not_agree():
    changed = CERTIFICATE.replace(b'"public":"1', b'"public":"2')
    assert failed(record(), changed)[-2:] == ["record", "sample"]
