"""Every table, imported once so that migrations and tests see all of them."""

from qualityeval.models.account import Account, AccountSession, SignInAttempt
from qualityeval.models.audit import AuditEvent, AuditHead
from qualityeval.models.case import Case
from qualityeval.models.institution import Institution, Practitioner, Provider
from qualityeval.models.job import IdempotencyKey, Job, Outbox, Setting, StoredFile
from qualityeval.models.round import (
    Draw,
    FrameCase,
    LiveFrameCase,
    Round,
    RoundSeed,
    RoundStratum,
    RubricVersion,
    SampledCase,
    Saying,
    SeedTyping,
)

__all__ = [
    "Account",
    "AccountSession",
    "AuditEvent",
    "AuditHead",
    "Case",
    "Draw",
    "FrameCase",
    "IdempotencyKey",
    "Institution",
    "Job",
    "LiveFrameCase",
    "Outbox",
    "Practitioner",
    "Provider",
    "Round",
    "RoundSeed",
    "RoundStratum",
    "RubricVersion",
    "SampledCase",
    "Saying",
    "SeedTyping",
    "Setting",
    "SignInAttempt",
    "StoredFile",
]
