"""The moves of a round and of a file: the whole life, and everything that isn't in the table."""

from itertools import product

import pytest

from qualityeval.core.errors import WrongState
from qualityeval.core.workflow import (
    FILE_MOVES,
    ROUND_MOVES,
    FileAct,
    FileState,
    RoundAct,
    RoundState,
    file_acts,
    file_after,
    round_acts,
    round_after,
)

LIFE = [
    ("edit", "draft"), ("freeze", "frozen"), ("type_seed", "frozen"), ("draw", "drawn"), ("call_in", "called_in"),
    ("hand_in", "called_in"), ("replace", "called_in"), ("assign", "assigned"), ("score", "scoring"),
    ("arbitrate", "arbitration"), ("score", "arbitration"), ("notify", "objection"), ("object", "objection"),
    ("release", "released"), ("close", "closed"),
]  # fmt: skip


def test_the_life_of_a_round():
    state = RoundState.DRAFT
    for act, expected in LIFE:
        state = round_after(state, RoundAct(act))
        assert state == expected


def test_withdrawn_from_any_state_before_the_release_and_no_other():
    for state in RoundState:
        if state in ("released", "closed", "withdrawn"):
            with pytest.raises(WrongState, match=r"round\.withdraw"):
                round_after(state, RoundAct.WITHDRAW)
        else:
            assert round_after(state, RoundAct.WITHDRAW) is RoundState.WITHDRAWN


def test_what_must_never_be_allowed():
    for state, act in product(RoundState, RoundAct):
        allowed = (state, act) in ROUND_MOVES
        if act in ("edit", "freeze"):
            assert allowed is (state == "draft"), "a frozen plan is immutable"
        if act in ("draw", "type_seed"):
            assert allowed is (state == "frozen"), "a round is drawn once, from a frozen plan"
        if act == "release":
            assert allowed is (state == "objection")
        if act in {"review", "publish"}:
            assert allowed is (state in ("released", "closed")), (
                "what was published, and nothing else, is restated"
            )
        elif state in ("closed", "withdrawn"):
            assert not allowed, "closed and withdrawn are ends"


def test_every_refusal_has_code_and_words():
    for state, act in product(RoundState, RoundAct):
        assert (act in round_acts(state)) is ((state, act) in ROUND_MOVES)
        if (state, act) not in ROUND_MOVES:
            with pytest.raises(WrongState) as refusal:
                round_after(state.value, act)
            assert refusal.value.code == f"round.{act}"
            assert refusal.value.params["state"] == state
            assert refusal.value.message


def test_a_file():
    moves = {(state.value, act.value): after.value for (state, act), after in FILE_MOVES.items()}
    assert moves == {
        ("due", "hand_in"): "handed_in",
        ("missing", "hand_in"): "handed_in",
        ("handed_in", "return"): "due",
        ("due", "declare_missing"): "missing",
        ("due", "replace"): "replaced",
        ("handed_in", "replace"): "replaced",
    }
    for state, act in product(FileState, FileAct):
        assert (act in file_acts(state)) is ((state, act) in FILE_MOVES)
        if (state, act) in FILE_MOVES:
            assert file_after(state.value, act) is FILE_MOVES[state, act]
        else:
            with pytest.raises(WrongState, match=rf"file\.{act}"):
                file_after(state, act)


def test_a_missing_file_is_never_replaced():
    with pytest.raises(WrongState, match=r"file\.replace"):
        file_after(FileState.MISSING, FileAct.REPLACE)


def test_an_unknown_state_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="nowhere"):
        round_after("nowhere", RoundAct.DRAW)
