"""The audit chain's arithmetic. The one hash below was made with `printf … | sha256sum`."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from qualityeval.core.audit_chain import GENESIS, Link, canonical, seal, stamp, walk

AT = datetime(2026, 11, 25, 4, 5, 6, 789, tzinfo=UTC)


def chain(length: int) -> list[Link]:
    links, previous = [], GENESIS
    for seq in range(1, length + 1):
        fields = {
            "seq": seq, "at": AT, "actor": "li", "action": "case.revealed", "object_type": "case",
            "object_id": str(seq), "detail": canonical({"n": seq}), "previous": previous,
        }  # fmt: skip
        links.append(Link(**fields, hash=seal(**fields)))
        previous = links[-1].hash
    return links


def test_the_hash_covers_every_field_in_a_written_order() -> None:
    text = "\x1f".join(
        ["0" * 64, "1", "2026-11-25T04:05:06.000789Z", "li", "case.revealed", "case", "1", '{"n":1}']
    )
    assert chain(1)[0].hash == hashlib.sha256(text.encode()).hexdigest()


def test_same_facts_are_the_same_text() -> None:
    assert canonical({"b": "案", "a": None}) == canonical({"a": None, "b": "案"}) == '{"a":null,"b":"案"}'


def test_the_stamp_is_utc_with_microseconds() -> None:
    assert stamp(datetime.fromisoformat("2026-11-25T12:05:06.000789+08:00")) == "2026-11-25T04:05:06.000789Z"


def test_an_untouched_chain_holds_and_names_its_head() -> None:
    links = chain(5)
    verdict = walk(links)
    assert (verdict.ok, verdict.events, verdict.head, verdict.first_bad) == (True, 5, links[-1].hash, None)


def test_an_empty_chain_holds() -> None:
    assert walk([]).ok
    assert walk([]).head == GENESIS


@pytest.mark.parametrize(
    "field", ["at", "actor", "action", "object_type", "object_id", "detail", "previous", "hash", "seq"]
)
def test_an_edit_of_any_field_is_found_where_it_is(field: str) -> None:
    links = chain(5)
    value = {"at": AT.replace(second=7), "seq": 9}.get(field, "x")
    links[2] = replace(links[2], **{field: value})
    verdict = walk(links)
    assert (verdict.ok, verdict.first_bad) == (False, 3)


@pytest.mark.parametrize("damage", ["delete", "swap", "insert"])
def test_a_deletion_a_swap_and_an_insertion_are_found(damage: str) -> None:
    links = chain(5)
    if damage == "delete":
        del links[1]
    elif damage == "swap":
        links[1], links[2] = links[2], links[1]
    else:
        links.insert(1, replace(links[1], object_id="other"))
    assert (walk(links).ok, walk(links).first_bad) == (False, 2)


def test_a_cut_tail_shows_only_against_a_head_noted_elsewhere() -> None:
    links = chain(5)
    noted = links[-1].hash
    assert walk(links[:3]).ok
    assert not walk(links[:3], expected_head=noted).ok
    assert walk(chain(5), expected_head=links[2].hash).ok, "an earlier head must still be in the chain"
