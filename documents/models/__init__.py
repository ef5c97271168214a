"""Models of document control."""

from documents.models.citation import Citation, citation_problems, replacements, resolve
from documents.models.document import Document, DocumentKind, Register, code_key, take_number
from documents.models.impact import Campaign, ImpactItem, revise_by
from documents.models.regulation import Regulation, RegulationRelation, RelationKind, Validity
from documents.models.version import DocumentVersion, open_version

__all__ = [
    "Campaign",
    "Citation",
    "Document",
    "DocumentKind",
    "DocumentVersion",
    "ImpactItem",
    "Register",
    "Regulation",
    "RegulationRelation",
    "RelationKind",
    "Validity",
    "citation_problems",
    "code_key",
    "open_version",
    "replacements",
    "resolve",
    "revise_by",
    "take_number",
]
