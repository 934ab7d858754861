"""Which records of the other channels an actor may see, as SQL conditions."""

from sqlalchemy import false, select, true

from qualityeval.authz import scope
from qualityeval.authz.actor import Actor
from qualityeval.authz.permissions import Permission
from qualityeval.authz.policy import may
from qualityeval.authz.scope import Condition
from qualityeval.core.codes import Role
from qualityeval.core.follow_up import FROM_REVIEW
from qualityeval.models import (
    Account,
    Callback,
    Campaign,
    Case,
    FollowUp,
    Institution,
    Observation,
    OrganOpinion,
)


def observations(actor: Actor, permission: Permission = Permission.OBSERVATION_READ) -> Condition:
    """An observer's own records; for a manager those about cases of the own subtree."""
    if actor.role is Role.OBSERVER and may(actor, permission):
        return Observation.observer_id == actor.account_id
    return Observation.case_id.in_(select(Case.id).where(scope.cases(actor, permission)))


def own_calls(actor: Actor) -> Condition:
    """Recipients dealt to this caller."""
    if not may(actor, Permission.CALLBACK_CALL) or actor.account_id is None:
        return false()
    return Callback.caller_id == actor.account_id


def callbacks(actor: Actor) -> Condition:
    """Callbacks about cases of the manager's own subtree."""
    return Callback.case_id.in_(select(Case.id).where(scope.cases(actor, Permission.CALLBACK_PLAN)))


def campaigns(actor: Actor) -> Condition:
    """Campaigns of bodies in the manager's own subtree."""
    if actor.is_command_line:
        return true()
    return Campaign.institution_id.in_(
        select(Institution.id).where(scope.institutions(actor, Permission.CALLBACK_PLAN))
    )


def opinions(actor: Actor) -> Condition:
    """Requests about cases of the manager's own subtree."""
    return OrganOpinion.case_id.in_(select(Case.id).where(scope.cases(actor, Permission.OPINION_ASK)))


def accounts(actor: Actor, permission: Permission, role: Role) -> Condition:
    """Active accounts of a role at institutions of the manager's own subtree."""
    near: Condition = true()
    if not actor.is_command_line:
        near = Account.institution_id.in_(select(Institution.id).where(scope.institutions(actor, permission)))
    return Account.active & (Account.role == role.value) & near


def follow_ups(actor: Actor, permission: Permission = Permission.FOLLOW_UP_ANSWER) -> Condition:
    """Leads that bodies of the manager's own subtree see to; for a liaison what the own institution is asked for.

    To keep a ticket from a review: those of rounds of the own body alone.
    """
    if actor.is_command_line:
        return true()
    if not may(actor, permission):
        return false()
    if actor.role is Role.LIAISON:
        return FollowUp.kind.in_(FROM_REVIEW) & (FollowUp.institution_id == actor.institution_id)
    near: Condition = FollowUp.institution_id.in_(
        select(Institution.id).where(scope.institutions(actor, permission))
    )
    if permission is Permission.FOLLOW_UP_KEEP:
        return near & (FollowUp.keeper_id.is_(None) | (FollowUp.keeper_id == actor.institution_id))
    return near
