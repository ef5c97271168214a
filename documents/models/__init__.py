"""Models of document control."""

from documents.models.adoption import AdoptedItem, Adoption, MergeBase
from documents.models.announced import AnnouncedChange, AnnouncedProcedure
from documents.models.citation import Citation, citation_problems, replacements, resolve
from documents.models.document import Document, DocumentKind, Register, code_key, take_number
from documents.models.event import Event, EventKind
from documents.models.framework import FrameworkModel, ModelItem, ModelVersion
from documents.models.handover import Handover, inherit, living
from documents.models.impact import Campaign, ImpactItem, revise_by, wanted_day
from documents.models.publication import Publication
from documents.models.regulation import Regulation, RegulationRelation, RelationKind, Validity
from documents.models.scope import Cause, PublicStamp, RepublicationCause, ScopeKind, ScopeRow
from documents.models.sunset import SunsetClause
from documents.models.version import DocumentVersion, open_version

__all__ = [
    "AdoptedItem",
    "Adoption",
    "AnnouncedChange",
    "AnnouncedProcedure",
    "Campaign",
    "Cause",
    "Citation",
    "Document",
    "DocumentKind",
    "DocumentVersion",
    "Event",
    "EventKind",
    "FrameworkModel",
    "Handover",
    "ImpactItem",
    "MergeBase",
    "ModelItem",
    "ModelVersion",
    "PublicStamp",
    "Publication",
    "Register",
    "Regulation",
    "RegulationRelation",
    "RelationKind",
    "RepublicationCause",
    "ScopeKind",
    "ScopeRow",
    "SunsetClause",
    "Validity",
    "citation_problems",
    "code_key",
    "inherit",
    "living",
    "open_version",
    "replacements",
    "resolve",
    "revise_by",
    "take_number",
    "wanted_day",
]
