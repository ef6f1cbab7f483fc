"""Every table, imported in one place so that the metadata is whole."""

from portal.storage.tables.base import Base, Instant
from portal.storage.tables.finding import EventDate, KnownWord, SearchEntry, SitemapPart, ToLearn, WordGram
from portal.storage.tables.mail import Delivery, MailPace, Outbox
from portal.storage.tables.newsletter import (
    DigestDelivery,
    DigestIssue,
    DigestItem,
    ErasedReader,
    Subscriber,
    Subscription,
    Suppression,
)
from portal.storage.tables.operations import ClockHold, ClockLease, PublicGeneration
from portal.storage.tables.organisations import IdentityRecord, Membership, Organisation
from portal.storage.tables.people import (
    AccountEvent,
    KnownNetwork,
    LoginAttempt,
    ParkedForm,
    PressedForm,
    Registration,
    Session,
    SingleUseToken,
    User,
)
from portal.storage.tables.records import ChainHead, ChainLock, TimelineEntry
from portal.storage.tables.releases import Edition, IdempotencyKey, Place, Release, Revision
from portal.storage.tables.reviewing import (
    CheckRecord,
    Decision,
    DecisionReason,
    Endorsement,
    Examination,
    Message,
    Note,
    SimilarityBand,
)

__all__ = [
    "AccountEvent",
    "Base",
    "ChainHead",
    "ChainLock",
    "CheckRecord",
    "ClockHold",
    "ClockLease",
    "Decision",
    "DecisionReason",
    "Delivery",
    "DigestDelivery",
    "DigestIssue",
    "DigestItem",
    "Edition",
    "Endorsement",
    "ErasedReader",
    "EventDate",
    "Examination",
    "IdempotencyKey",
    "IdentityRecord",
    "Instant",
    "KnownNetwork",
    "KnownWord",
    "LoginAttempt",
    "MailPace",
    "Membership",
    "Message",
    "Note",
    "Organisation",
    "Outbox",
    "ParkedForm",
    "Place",
    "PressedForm",
    "PublicGeneration",
    "Registration",
    "Release",
    "Revision",
    "SearchEntry",
    "Session",
    "SimilarityBand",
    "SingleUseToken",
    "SitemapPart",
    "Subscriber",
    "Subscription",
    "Suppression",
    "TimelineEntry",
    "ToLearn",
    "User",
    "WordGram",
]
