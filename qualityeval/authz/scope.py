"""Which rows an actor may see, as SQL conditions: every list and every lookup begins here."""

from sqlalchemy import ColumnElement, exists, false, select, true

from qualityeval.authz.actor import Actor
from qualityeval.authz.permissions import Permission
from qualityeval.authz.policy import RELEASED, may
from qualityeval.core.codes import Role
from qualityeval.models import Case, Expert, FrameCase, Institution, Job, Round, TargetedTrack

Condition = ColumnElement[bool]


def institutions(actor: Actor, permission: Permission = Permission.REGISTER_READ) -> Condition:
    """Institutions of the actor's own subtree."""
    if actor.is_command_line:
        return true()
    if not may(actor, permission) or actor.institution_path is None:
        return false()
    return Institution.path.startswith(actor.institution_path, autoescape=True)


def cases(actor: Actor, permission: Permission = Permission.REGISTER_READ) -> Condition:
    """Cases registered by the actor's own subtree."""
    if actor.is_command_line:
        return true()
    return Case.institution_id.in_(select(Institution.id).where(institutions(actor, permission)))


def kept_cases(actor: Actor) -> Condition:
    """Cases whose papers the actor keeps: a manager's subtree, a liaison's own institution."""
    if actor.role is not Role.LIAISON:
        return cases(actor, Permission.PAPERS_KEEP)
    return false() if actor.institution_id is None else Case.institution_id == actor.institution_id


def rounds(actor: Actor, permission: Permission = Permission.ROUND_READ) -> Condition:
    """Rounds that the actor's own body owns."""
    if actor.is_command_line:
        return true()
    if not may(actor, permission) or actor.institution_id is None:
        return false()
    return (Round.institution_id == actor.institution_id) & ~_is_track()


def _is_track() -> Condition:
    """Targeted files lie beside a round: only the page of their round tells of them."""
    return exists().where(TargetedTrack.track_id == Round.id)


def published_rounds() -> Condition:
    """Rounds of which everybody may see digests and certificate: from the freeze on, withdrawn ones too."""
    return Round.frozen_at.is_not(None) & Round.plan_digest.is_not(None)


def results(actor: Actor) -> Condition:
    """Rounds of whose figures the actor may read at least the own part.

    A manager: rounds of the own body. A viewer: released ones of bodies in the own subtree, and released ones
    of bodies above with cases of that subtree. A liaison: released ones with cases of the own institution.
    """
    if actor.is_command_line or actor.role is Role.MANAGER:
        return rounds(actor, Permission.RESULTS_READ)
    if not may(actor, Permission.RESULTS_READ) or actor.institution_path is None:
        return false()
    mine = select(Institution.id).where(reported_institutions(actor))
    keys = [int(key) for key in actor.institution_path.strip("/").split("/")]
    evaluated = (  # stops at the first case: frames are long
        exists()
        .where(FrameCase.round_id == Round.id, FrameCase.case_id == Case.id, Case.institution_id.in_(mine))
        .correlate(Round)
    )
    if actor.role is Role.VIEWER:
        near = Round.institution_id.in_(mine) | (Round.institution_id.in_(keys[:-1]) & evaluated)
    else:
        near = Round.institution_id.in_(keys) & evaluated
    return Round.state.in_(RELEASED) & near


def reported_institutions(actor: Actor) -> Condition:
    """Institutions whose released figures the actor may read: a liaison the own one, a viewer the own subtree."""
    if actor.role is Role.LIAISON:
        return Institution.id == actor.institution_id
    return institutions(actor, Permission.RESULTS_READ)


def evaluated_cases(actor: Actor, permission: Permission = Permission.OBJECTION_RAISE) -> Condition:
    """Cases of the actor's own institution in rounds: a manager's only where another body owns the round."""
    if actor.is_command_line:
        return true()
    if not may(actor, permission) or actor.institution_id is None:
        return false()
    mine = (Case.institution_id == actor.institution_id) & ~_is_track()
    return mine & (Round.institution_id != actor.institution_id) if actor.role is Role.MANAGER else mine


def experts(actor: Actor, permission: Permission = Permission.EXPERTS_MANAGE) -> Condition:
    """The pool that the actor's province shares: its own experts and those who work for no institution."""
    if actor.is_command_line:
        return true()
    if not may(actor, permission) or actor.institution_path is None:
        return false()
    root = "/".join(actor.institution_path.split("/")[:2]) + "/"
    near = select(Institution.id).where(Institution.path.startswith(root, autoescape=True))
    return Expert.institution_id.is_(None) | Expert.institution_id.in_(near)


def jobs(actor: Actor) -> Condition:
    """Jobs that the actor started."""
    return true() if actor.is_command_line else Job.account_id == actor.account_id
