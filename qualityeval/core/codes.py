"""Codes that are stored, sent and compared; their words for people are in `words`."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for; one account holds one role."""

    MANAGER = "manager"
    EXPERT = "expert"
    OBSERVER = "observer"
    CALLER = "caller"
    LIAISON = "liaison"
    VIEWER = "viewer"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


ADMINISTRATORS = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDIT})
SECOND_FACTOR = ADMINISTRATORS | {Role.MANAGER}
WITH_INSTITUTION = frozenset({Role.MANAGER, Role.OBSERVER, Role.CALLER, Role.LIAISON, Role.VIEWER})


class Level(StrEnum):
    """Where an institution stands in the tree, after GB/T 2260."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STATION = "station"


class CaseType(StrEnum):
    CRIMINAL = "criminal"
    CIVIL = "civil"
    ADMINISTRATIVE = "administrative"


class AidForm(StrEnum):
    DEFENCE = "defence"
    REPRESENTATION = "representation"
    ARBITRATION = "arbitration"
    NONLITIGATION = "nonlitigation"
    DUTY = "duty"


class Stage(StrEnum):
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    TRIAL = "trial"
    APPEAL = "appeal"
    RETRIAL = "retrial"
    ARBITRATION = "arbitration"
    ENFORCEMENT = "enforcement"
    NONE = "none"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
