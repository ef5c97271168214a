"""Which two versions of a document are worth comparing, and the comparison."""

from __future__ import annotations

from dataclasses import dataclass

from documents.models import DocumentVersion
from documents.models.difference import bases_of
from documents.redline import SectionDiff, legal_basis_only, redline, summary


@dataclass(frozen=True)
class Comparison:
    """What a version changes. ``base`` None: there is nothing before it, so all of it is new."""

    base: DocumentVersion | None
    diffs: list[SectionDiff]
    lines: list[str]

    @property
    def changed(self) -> list[SectionDiff]:
        """Sections that differ, in the table's order."""
        return [diff for diff in self.diffs if diff.status != "same"]

    @property
    def unchanged(self) -> list[SectionDiff]:
        """The other sections."""
        return [diff for diff in self.diffs if diff.status == "same"]

    @property
    def basis_only(self) -> bool:
        """Whether only the legal basis changed: the light kind of revision."""
        return legal_basis_only(self.diffs)


def compared(version: DocumentVersion, base: DocumentVersion | None) -> Comparison:
    """Compare a version with an older one."""
    diffs = redline(base.content if base else None, version.content)
    return Comparison(base, diffs, summary(diffs))


def base_of(version: DocumentVersion) -> DocumentVersion | None:
    """What readers compare with: the signed version that this one will follow, else the one it followed."""
    return bases_of([version])[version.pk]
