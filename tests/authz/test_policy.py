"""The policy against a table written by hand from the roles of the design: permission × role, and over which object."""

from types import SimpleNamespace

import pytest

from qualityeval.authz import COMMAND_LINE, Actor, Permission, may, require
from qualityeval.authz.actor import VISITOR
from qualityeval.authz.policy import POLICY
from qualityeval.core.codes import ADMINISTRATORS, Role
from qualityeval.core.errors import NotAllowed

ALL = frozenset(Role)
MANAGER = frozenset({Role.MANAGER})
HOLDERS = {
    "signed_in": ALL,
    "accounts.manage": {Role.SYSTEM},
    "settings.change": {Role.SYSTEM},
    "roles.grant": {Role.SECURITY},
    "audit.read": {Role.AUDIT},
    "register.read": MANAGER,
    "register.import": MANAGER,
    "case.reveal": MANAGER,
    "papers.keep": {Role.MANAGER, Role.LIAISON},
    "round.read": MANAGER,
    "round.plan": MANAGER,
    "round.seed": MANAGER,
    "round.draw": MANAGER,
    "round.withdraw": MANAGER,
    "call_in.manage": MANAGER,
    "file.hand_in": {Role.LIAISON, Role.MANAGER},
    "round.assign": MANAGER,
    "round.proxy": MANAGER,
    "round.release": MANAGER,
    "round.results": {Role.MANAGER, Role.VIEWER},
    "results.read": {Role.MANAGER, Role.LIAISON, Role.VIEWER},
    "experts.manage": MANAGER,
    "index.declare": MANAGER,
    "sheet.write": {Role.EXPERT},
    "channels.read": MANAGER,
    "observation.plan": MANAGER,
    "observation.read": {Role.MANAGER, Role.OBSERVER},
    "observation.write": {Role.OBSERVER},
    "callback.plan": MANAGER,
    "callback.call": {Role.CALLER},
    "opinion.ask": MANAGER,
    "follow_up.keep": MANAGER,
    "follow_up.answer": {Role.LIAISON, Role.MANAGER},
    "objection.raise": {Role.LIAISON, Role.MANAGER},
    "objection.decide": MANAGER,
    "rubric.read": {Role.MANAGER, Role.EXPERT, Role.LIAISON, Role.VIEWER},
    "rubric.edit": MANAGER,
}
OVER_BODY = {
    "round.read",
    "round.plan",
    "round.seed",
    "round.draw",
    "round.withdraw",
    "call_in.manage",
    "round.assign",
    "round.proxy",
    "round.release",
    "round.results",
    "results.read",
    "objection.decide",
    "rubric.edit",
}
OVER_SUBTREE = {"register.read", "register.import", "case.reveal"}


def actor(role, *, place=7, path="/1/7/"):
    return Actor(
        account_id=1, name="x", display_name="x", role=role, institution_id=place, institution_path=path
    )


@pytest.mark.parametrize("permission", sorted(HOLDERS))
def test_who_holds_what(permission):
    holders = {role for role in Role if may(actor(role), Permission(permission))}
    assert holders == set(HOLDERS[permission])


def test_every_permission_has_its_rules_and_its_row_here():
    assert set(POLICY) == set(Permission)
    assert set(HOLDERS) == {permission.value for permission in Permission}


def test_nobody_and_visitors_hold_nothing():
    for permission in Permission:
        assert not may(None, permission)
        if permission is not Permission.SIGNED_IN:
            assert not may(VISITOR, permission)
            assert not may(actor(None), permission)


def test_an_account_without_a_role_has_its_own_pages():
    assert may(actor(None), Permission.SIGNED_IN)


def test_the_command_line_may_what_somebody_with_the_shell_can_do_anyway():
    assert all(may(COMMAND_LINE, permission) for permission in Permission)
    assert not VISITOR.is_command_line


def test_the_three_administrators_share_nothing_and_see_no_case():
    for permission in set(Permission) - {Permission.SIGNED_IN}:
        holders = {role for role in ADMINISTRATORS if may(actor(role), permission)}
        assert len(holders) <= 1, permission
    for role in ADMINISTRATORS:
        assert not any(may(actor(role), Permission(name)) for name in OVER_BODY | OVER_SUBTREE)


@pytest.mark.parametrize("permission", sorted(OVER_BODY))
def test_a_round_belongs_to_its_body_alone(permission):
    for place, allowed in ((7, True), (1, False), (8, False), (70, False)):
        assert (
            may(actor(Role.MANAGER), Permission(permission), SimpleNamespace(institution_id=place)) == allowed
        )
    nowhere = actor(Role.MANAGER, place=None, path=None)
    assert not may(nowhere, Permission(permission), SimpleNamespace(institution_id=None))


@pytest.mark.parametrize(
    ("role", "permission", "seen"),
    [
        (Role.VIEWER, "round.results", {"/1/7/", "/1/7/9/"}),
        (Role.VIEWER, "results.read", {"/1/", "/1/7/", "/1/7/9/"}),
        (Role.LIAISON, "round.results", set()),
        (Role.LIAISON, "results.read", {"/1/", "/1/7/"}),
    ],
)
def test_released_results_go_down_the_tree_whole_and_up_in_part(role, permission, seen):
    """A viewer reads all of a round from the own subtree; of one from above, as a liaison does, the own part."""
    for state in ("scoring", "objection", "withdrawn", "released", "closed"):
        rounds = {
            path: SimpleNamespace(institution=SimpleNamespace(path=path), state=state, institution_id=None)
            for path in ("/1/", "/1/7/", "/1/7/9/", "/1/70/", "/2/")
        }
        found = {path for path, one in rounds.items() if may(actor(role), Permission(permission), one)}
        assert found == (seen if state in {"released", "closed"} else set()), state


@pytest.mark.parametrize("permission", sorted(OVER_SUBTREE))
def test_the_register_is_the_own_subtree(permission):
    for path, allowed in (
        ("/1/7/", True),
        ("/1/7/9/", True),
        ("/1/", False),
        ("/1/70/", False),
        ("/2/7/", False),
    ):
        case = SimpleNamespace(institution=SimpleNamespace(path=path))
        assert may(actor(Role.MANAGER), Permission(permission), case) == allowed, path
        assert may(actor(Role.MANAGER), Permission(permission), SimpleNamespace(path=path)) == allowed, path


def test_require_names_what_was_missing():
    with pytest.raises(NotAllowed) as refusal:
        require(actor(Role.VIEWER), Permission.ROUND_DRAW)
    assert refusal.value.where == "round.draw"
