"""What is stored: mapped classes with constraints, no behaviour beyond properties."""

from desktop.models.base import Base, UtcDateTime
from desktop.models.case import (
    Assignment,
    Attachment,
    Case,
    CaseDocument,
    CaseSubType,
    HandOver,
    InventoryItem,
    OutsideRequest,
    RequirementCheck,
)
from desktop.models.checkpoint import JournalCheckpoint
from desktop.models.command import Claim
from desktop.models.confirming import Confirmation
from desktop.models.exchange import ConnectedSystem, ExchangeRecord, IncomingPackage
from desktop.models.files import Blob, BlobChunk, BlobProof
from desktop.models.installation import Installation
from desktop.models.journal import JournalEntry
from desktop.models.journal_chain import JournalHead, JournalImage, JournalLink
from desktop.models.law import LawMove, LawOfficeMove, LawStart, LawStep
from desktop.models.licence import Licence, LicenceChange, RegisterCounter, RegisterNumber
from desktop.models.office import (
    ActingHead,
    CodeKey,
    DayOverride,
    FeeRate,
    Office,
    Person,
    PersonRole,
    RegulationText,
    TrustRoot,
    WorkingHours,
)
from desktop.models.presence import Presence
from desktop.models.result import ResultCustody, SurveyAnswer
from desktop.models.sittings import Hearing, Sitting

__all__ = [
    "ActingHead",
    "Assignment",
    "Attachment",
    "Base",
    "Blob",
    "BlobChunk",
    "BlobProof",
    "Case",
    "CaseDocument",
    "CaseSubType",
    "Claim",
    "CodeKey",
    "Confirmation",
    "ConnectedSystem",
    "DayOverride",
    "ExchangeRecord",
    "FeeRate",
    "HandOver",
    "Hearing",
    "IncomingPackage",
    "Installation",
    "InventoryItem",
    "JournalCheckpoint",
    "JournalEntry",
    "JournalHead",
    "JournalImage",
    "JournalLink",
    "LawMove",
    "LawOfficeMove",
    "LawStart",
    "LawStep",
    "Licence",
    "LicenceChange",
    "Office",
    "OutsideRequest",
    "Person",
    "PersonRole",
    "Presence",
    "RegisterCounter",
    "RegisterNumber",
    "RegulationText",
    "RequirementCheck",
    "ResultCustody",
    "Sitting",
    "SurveyAnswer",
    "TrustRoot",
    "UtcDateTime",
    "WorkingHours",
]
