"""The one table that says who may do what. Everything not written here is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qualityeval.authz.actor import Actor
from qualityeval.authz.permissions import Permission
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotAllowed
from qualityeval.core.follow_up import FROM_REVIEW
from qualityeval.core.workflow import RoundState

Over = Callable[[Actor, Any], bool]


def any_object(actor: Actor, thing: Any) -> bool:
    """The right doesn't depend on the object."""
    del actor, thing
    return True


def own_body(actor: Actor, thing: Any) -> bool:
    """The object (a round) belongs to the actor's own body, not to one below or above it."""
    return actor.institution_id is not None and thing.institution_id == actor.institution_id


def own_subtree(actor: Actor, thing: Any) -> bool:
    """The object (a case or an institution) lies in the actor's institution or below it."""
    place = getattr(thing, "institution", thing)
    return actor.institution_path is not None and place.path.startswith(actor.institution_path)


def the_body_itself(actor: Actor, thing: Any) -> bool:
    """The institution is the actor's own, none below it."""
    return actor.institution_id is not None and thing.id == actor.institution_id


def own_institution(actor: Actor, thing: Any) -> bool:
    """The object (a case) is the actor's own institution's, not one of those below it."""
    return actor.institution_id is not None and thing.institution_id == actor.institution_id


def own_assignment(actor: Actor, thing: Any) -> bool:
    """The assignment was dealt to the expert whose account this is."""
    return actor.expert_code is not None and thing.expert.code == actor.expert_code


def case_in_subtree(actor: Actor, thing: Any) -> bool:
    """The case that the object (a record of another channel) is about lies in the actor's subtree."""
    return own_subtree(actor, getattr(thing, "case", thing))


def own_observation(actor: Actor, thing: Any) -> bool:
    """The hearing is this observer's to attend."""
    return actor.account_id is not None and thing.observer_id == actor.account_id


def own_call(actor: Actor, thing: Any) -> bool:
    """The recipient was dealt to this caller."""
    return actor.account_id is not None and thing.caller_id == actor.account_id


def own_papers(actor: Actor, thing: Any) -> bool:
    """The follow-up asks the actor's own institution for papers or better work; complaints aren't theirs to see."""
    return thing.kind in FROM_REVIEW and own_institution(actor, thing)


def kept_follow_up(actor: Actor, thing: Any) -> bool:
    """In the own subtree, and where it came from a review: of a round of the actor's own body, which re-checks."""
    keeper = getattr(thing, "keeper_id", None)
    return own_subtree(actor, thing) and keeper in (None, actor.institution_id)


RELEASED = frozenset({RoundState.RELEASED, RoundState.CLOSED})


def released_below(actor: Actor, thing: Any) -> bool:
    """The round is released and belongs to a body of the actor's own subtree."""
    return thing.state in RELEASED and own_subtree(actor, thing)


def released_above(actor: Actor, thing: Any) -> bool:
    """The round is released and belongs to the actor's institution or to a body over it: it may be evaluated."""
    path = actor.institution_path
    return thing.state in RELEASED and path is not None and path.startswith(thing.institution.path)


@dataclass(frozen=True)
class Rule:
    """One way to hold a right: being in one of the roles, and the object fitting."""

    roles: frozenset[Role]
    over: Over = any_object


def _rule(*roles: Role, over: Over = any_object) -> tuple[Rule, ...]:
    return (Rule(frozenset(roles), over),)


EVERYBODY = tuple(Role)
POLICY: dict[Permission, tuple[Rule, ...]] = {
    Permission.SIGNED_IN: _rule(*EVERYBODY),
    Permission.ACCOUNTS_MANAGE: _rule(Role.SYSTEM),
    Permission.SETTINGS_CHANGE: _rule(Role.SYSTEM),
    Permission.ROLES_GRANT: _rule(Role.SECURITY),
    Permission.AUDIT_READ: _rule(Role.AUDIT),
    Permission.REGISTER_READ: _rule(Role.MANAGER, over=own_subtree),
    Permission.REGISTER_IMPORT: _rule(Role.MANAGER, over=own_subtree),
    Permission.CASE_REVEAL: _rule(Role.MANAGER, over=own_subtree),
    Permission.PAPERS_KEEP: (
        *_rule(Role.MANAGER, over=own_subtree),
        *_rule(Role.LIAISON, over=own_institution),
    ),
    Permission.ROUND_READ: _rule(Role.MANAGER, over=own_body),
    Permission.ROUND_PLAN: _rule(Role.MANAGER, over=own_body),
    Permission.ROUND_SEED: _rule(Role.MANAGER, over=own_body),
    Permission.ROUND_DRAW: _rule(Role.MANAGER, over=own_body),
    Permission.CALL_IN_MANAGE: _rule(Role.MANAGER, over=own_body),
    # in a round of another body the manager of an evaluated one is a liaison
    Permission.FILE_HAND_IN: _rule(Role.LIAISON, Role.MANAGER, over=own_institution),
    Permission.ROUND_ASSIGN: _rule(Role.MANAGER, over=own_body),
    Permission.ROUND_PROXY: _rule(Role.MANAGER, over=own_body),
    Permission.ROUND_RELEASE: _rule(Role.MANAGER, over=own_body),
    Permission.ROUND_RESULTS: (
        *_rule(Role.MANAGER, over=own_body),
        *_rule(Role.VIEWER, over=released_below),
    ),
    Permission.RESULTS_READ: (
        *_rule(Role.MANAGER, over=own_body),
        *_rule(Role.VIEWER, over=released_below),
        *_rule(Role.VIEWER, Role.LIAISON, over=released_above),
    ),
    # in a round of another body the manager of an evaluated one is a liaison
    Permission.OBJECTION_RAISE: _rule(Role.LIAISON, Role.MANAGER, over=own_institution),
    Permission.OBJECTION_DECIDE: _rule(Role.MANAGER, over=own_body),
    Permission.INDEX_DECLARE: _rule(Role.MANAGER, over=the_body_itself),
    Permission.EXPERTS_MANAGE: _rule(Role.MANAGER),
    Permission.SHEET_WRITE: _rule(Role.EXPERT, over=own_assignment),
    Permission.ROUND_WITHDRAW: _rule(Role.MANAGER, over=own_body),
    Permission.RUBRIC_READ: _rule(Role.MANAGER, Role.EXPERT, Role.LIAISON, Role.VIEWER),
    Permission.RUBRIC_EDIT: _rule(Role.MANAGER, over=own_body),
    Permission.CHANNELS_READ: _rule(Role.MANAGER, over=case_in_subtree),
    Permission.OBSERVATION_PLAN: _rule(Role.MANAGER, over=case_in_subtree),
    Permission.OBSERVATION_READ: (
        *_rule(Role.MANAGER, over=case_in_subtree),
        *_rule(Role.OBSERVER, over=own_observation),
    ),
    Permission.OBSERVATION_WRITE: _rule(Role.OBSERVER, over=own_observation),
    Permission.CALLBACK_PLAN: _rule(Role.MANAGER, over=case_in_subtree),
    Permission.CALLBACK_CALL: _rule(Role.CALLER, over=own_call),
    Permission.OPINION_ASK: _rule(Role.MANAGER, over=case_in_subtree),
    Permission.FOLLOW_UP_KEEP: _rule(Role.MANAGER, over=kept_follow_up),
    Permission.FOLLOW_UP_ANSWER: (
        *_rule(Role.MANAGER, over=own_subtree),
        *_rule(Role.LIAISON, over=own_papers),
    ),
}
NEEDS_NO_ROLE = frozenset({Permission.SIGNED_IN})


def may(actor: Actor | None, permission: Permission, thing: Any = None) -> bool:
    """Whether the actor holds the right, over `thing` where one is given, at all otherwise."""
    if actor is None:
        return False
    if actor.is_command_line or (actor.role is None and permission in NEEDS_NO_ROLE):
        return True
    return any(
        actor.role in rule.roles and (thing is None or rule.over(actor, thing)) for rule in POLICY[permission]
    )


def require(actor: Actor | None, permission: Permission, thing: Any = None) -> None:
    """Refuse with NotAllowed unless `may` says yes."""
    if not may(actor, permission, thing):
        raise NotAllowed(where=permission.value)
