"""Every table, imported once so that migrations and tests see all of them."""

from qualityeval.models.account import Account, AccountSession, SignInAttempt
from qualityeval.models.api_token import ApiToken
from qualityeval.models.appointment import Appointment, Clearance, Leave
from qualityeval.models.audit import AuditEvent, AuditHead
from qualityeval.models.calibration import Anchor, Calibration, CalibrationSheet
from qualityeval.models.call_in import FileEvent, FileLoan, TicketOpening
from qualityeval.models.callback import CallAttempt, Callback
from qualityeval.models.campaign import Campaign, CampaignTask
from qualityeval.models.case import Case
from qualityeval.models.case_file import CaseFile
from qualityeval.models.composite import CompositeWeights
from qualityeval.models.expert import Expert
from qualityeval.models.expert_call import ExpertApplication, ExpertCall
from qualityeval.models.follow_up import FollowUp
from qualityeval.models.identity import IdentityProposal, WatchProposal
from qualityeval.models.institution import Institution, Practitioner, Provider
from qualityeval.models.interest import FileAnswer, Interest, InterestSaying
from qualityeval.models.job import IdempotencyKey, Job, Outbox, Setting, StoredFile
from qualityeval.models.kept import KeptResult
from qualityeval.models.masking import MaskedName, MaskedPage, PageReading, Unmasking
from qualityeval.models.model_case import ModelCase
from qualityeval.models.objection import Objection
from qualityeval.models.observation import Observation, ObservationPhoto, ObservationVersion
from qualityeval.models.opinion import OrganOpinion
from qualityeval.models.practitioner_link import PractitionerLink
from qualityeval.models.proof import Proof
from qualityeval.models.recipient_link import ContactChoice, RecipientLink
from qualityeval.models.restatement import ReleasedReview, Restatement, ResultsVersion
from qualityeval.models.review import ArbitrationNeed, Assignment, CaseResult, Sheet, SheetDraft
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
from qualityeval.models.rubric import OwnRubric
from qualityeval.models.staff_part import StaffAnswer, WaitingSheet
from qualityeval.models.track import SubsidyLine, SubsidyList, TargetedCase, TargetedTrack

__all__ = [
    "Account",
    "AccountSession",
    "Anchor",
    "ApiToken",
    "Appointment",
    "ArbitrationNeed",
    "Assignment",
    "AuditEvent",
    "AuditHead",
    "Calibration",
    "CalibrationSheet",
    "CallAttempt",
    "Callback",
    "Campaign",
    "CampaignTask",
    "Case",
    "CaseFile",
    "CaseResult",
    "Clearance",
    "CompositeWeights",
    "ContactChoice",
    "Draw",
    "Expert",
    "ExpertApplication",
    "ExpertCall",
    "FileAnswer",
    "FileEvent",
    "FileLoan",
    "FollowUp",
    "FrameCase",
    "IdempotencyKey",
    "IdentityProposal",
    "Institution",
    "Interest",
    "InterestSaying",
    "Job",
    "KeptResult",
    "Leave",
    "LiveFrameCase",
    "MaskedName",
    "MaskedPage",
    "ModelCase",
    "Objection",
    "Observation",
    "ObservationPhoto",
    "ObservationVersion",
    "OrganOpinion",
    "Outbox",
    "OwnRubric",
    "PageReading",
    "Practitioner",
    "PractitionerLink",
    "Proof",
    "Provider",
    "RecipientLink",
    "ReleasedReview",
    "Restatement",
    "ResultsVersion",
    "Round",
    "RoundSeed",
    "RoundStratum",
    "RubricVersion",
    "SampledCase",
    "Saying",
    "SeedTyping",
    "Setting",
    "Sheet",
    "SheetDraft",
    "SignInAttempt",
    "StaffAnswer",
    "StoredFile",
    "SubsidyLine",
    "SubsidyList",
    "TargetedCase",
    "TargetedTrack",
    "TicketOpening",
    "Unmasking",
    "WaitingSheet",
    "WatchProposal",
]
