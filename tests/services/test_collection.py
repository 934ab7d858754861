"""The collector rests inside the block only, and is left as it was found."""

import gc

import pytest

from qualityeval.services.collection import collection_paused


def test_it_rests_inside_and_works_afterwards() -> None:
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_refusal_wakes_it_too() -> None:
    with pytest.raises(RuntimeError, match="no"), collection_paused():
        raise RuntimeError("no")
    assert gc.isenabled()


def test_one_that_rested_before_goes_on_resting() -> None:
    gc.disable()
    try:
        with collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
