"""A body's own rubrics: brought, copied, edited; from the first freeze on they never change."""

import pytest

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongState
from qualityeval.database import transaction
from qualityeval.queries import own_rubrics as queries
from qualityeval.services import own_rubrics, scoring
from tests import factories
from tests.core.rubric_samples import rubric_mapping
from tests.factories import NOW
from tests.services import stories


@pytest.fixture
def world(session):
    root, (county, *_) = stories.bureau(cases=(5,))
    return root, county, stories.managers(root)[0], stories.managers(county)[0]


def copied(actor, root, code="our-criminal", key=""):
    with transaction():
        if not key:  # five items are read in no time
            mapping = rubric_mapping(code=code)
            return own_rubrics.bring(actor=actor, mapping=mapping, institution=root, now=NOW).public_id
        return own_rubrics.copy(actor=actor, key=key, code=code, institution=root, now=NOW).public_id


def saved(actor, public_id, change, *, seen=None):
    with transaction():
        own = queries.get_for(actor, public_id)
        mapping = load_text(own.text)
        change(mapping)
        own_rubrics.save(
            actor=actor, own=own, mapping=mapping, seen=own.edits if seen is None else seen, now=NOW
        )
    return queries.get_for(actor, public_id)


def raised_by(actor, root, key):
    text = stories.spec(root.code, code=f"OWN{root.code}").replace("criminal-trial@1", key)
    return stories.frozen(actor, text)


def test_a_rubric_is_copied_edited_used_and_then_fixed(world):
    root, _county, manager, _other = world
    public_id = copied(manager, root)
    own = saved(
        manager, public_id, lambda mapping: mapping.update(title="本市刑事审判标准", code="else", version="9")
    )
    assert own.key == "our-criminal@1"
    assert queries.rubric_for(manager, own.key).title.zh == "本市刑事审判标准"
    raised_by(manager, root, own.key)
    assert scoring.frozen_rubric(own.key).title.zh == "本市刑事审判标准"
    assert [(line.row.key, line.used) for line in queries.list_for(manager)] == [("our-criminal@1", True)]
    for act in (lambda: saved(manager, public_id, lambda m: m), lambda: discarded(manager, public_id)):
        with pytest.raises(WrongState, match=r"rubric\.used"):
            act()
    copied(manager, root, key=own.key)
    assert [line.row.key for line in queries.list_for(manager)] == ["our-criminal@2", "our-criminal@1"]


def discarded(actor, public_id):
    with transaction():
        own_rubrics.discard(actor=actor, own=queries.get_for(actor, public_id), now=NOW)


def test_what_is_half_written_is_kept_but_not_used(world):
    root, _county, manager, _other = world
    public_id = copied(manager, root)
    saved(manager, public_id, lambda mapping: mapping["sections"].pop())
    (line,) = queries.list_for(manager)
    assert line.rubric is None
    assert line.fault.code == "rubric.sum"
    with pytest.raises(InvalidInput, match=r"rubric\.unfinished"):
        raised_by(manager, root, "our-criminal@1")
    with pytest.raises(Stale):
        saved(manager, public_id, lambda mapping: mapping, seen=99)
    discarded(manager, public_id)
    assert queries.list_for(manager) == []


def test_a_body_below_may_use_it_a_body_beside_may_not_and_nobody_else_edits_it(world):
    root, county, manager, other = world
    public_id = copied(manager, root)
    with pytest.raises(NotFound):
        queries.get_for(other, public_id)
    with pytest.raises(NotFound):
        queries.rubric_for(other, "our-criminal@1")
    copied(other, county, code="county-criminal")
    with pytest.raises(InvalidInput, match=r"rubric\.not_found"):
        raised_by(manager, root, "county-criminal@1")
    raised_by(other, county, "our-criminal@1")
    assert queries.rubric_for(other, "our-criminal@1").code == "our-criminal"


@pytest.mark.parametrize(
    ("code", "refusal"), [("criminal-trial", "rubric.shipped"), ("Ours!", "rubric.code"), ("theirs", "rubric.code_taken")]
)  # fmt: skip
def test_a_code_that_is_no_code_or_anothers_is_refused(world, code, refusal):
    root, county, manager, other = world
    copied(other, county, code="theirs")
    with pytest.raises(InvalidInput) as refused:
        copied(manager, root, code=code)
    assert refused.value.code == refusal


def test_a_file_is_brought_once_and_by_a_manager_of_the_body(world):
    root, county, manager, other = world
    mapping = rubric_mapping(code="our-civil", version="3")
    with transaction():
        own = own_rubrics.bring(actor=manager, mapping=mapping, institution=root, now=NOW)
        assert read_rubric(own.text).key == "our-civil@3"
    for actor, body, refusal in (
        (manager, root, "rubric.version_taken"), (other, county, "rubric.code_taken"), (other, root, "rubric.other_body"),
    ):  # fmt: skip
        with pytest.raises((InvalidInput, WrongState), match=refusal.replace(".", r"\.")), transaction():
            own_rubrics.bring(actor=actor, mapping=mapping, institution=body, now=NOW)
    expert = factories.create_account(role="expert", institution=root, expert_code="E1")
    with pytest.raises(NotAllowed), transaction():
        own_rubrics.bring(actor=stories.actor_of(expert), mapping=mapping, institution=root, now=NOW)
