"""What a version says that stops to hold on a day: the projection that answers “whose text runs out” (domain §3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from documents.sections import SECTIONS
from documents.sunset import Ending, endings

Place = tuple[str, int]
"""Section's key, and row from 1; row 0 for a text."""


class SunsetClause(models.Model):
    """One wording of a version that holds until the end of a day. Derived from the content and frozen with it."""

    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="sunsets")
    until = models.DateField(lazy("áp dụng đến hết"))
    section = models.CharField(max_length=20)
    row = models.PositiveIntegerField(default=0)
    text = models.TextField()

    class Meta:
        verbose_name = lazy("nội dung có thời hạn")
        ordering = ("version", "until", "section", "row")
        constraints = (models.UniqueConstraint(fields=["version", "until", "section", "row"], name="sunset_once"),)
        indexes = (models.Index(fields=["until", "version"], name="sunset_until"),)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def rebuild(cls, version_id: UUID, content: Mapping[str, Any]) -> None:
        """Replace a draft's clauses by those of its content; one statement, two if there are any."""
        cls.objects.filter(version=version_id).delete()
        found = [
            SunsetClause(version_id=version_id, until=one.until, section=key, row=row, text=one.text)
            for (key, row), one in clauses(content)
        ]
        if found:
            SunsetClause.objects.bulk_create(found)


def clauses(content: Mapping[str, Any]) -> list[tuple[Place, Ending]]:
    """Every clause of a content with its place."""
    return [((key, row), one) for key, row, text in texts(content) for one in endings(text)]


def texts(content: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """Every text of a content: section's key, row from 1 (0: no table), and the row's cells joined."""
    found: list[tuple[str, int, str]] = []
    for item in SECTIONS:
        value = content.get(item.key) or ""
        if item.kind == "rows":
            for number, row in enumerate(value or (), start=1):
                found.append((item.key, number, " · ".join(row[column.key] for column in item.columns)))
        else:
            found.append((item.key, 0, value["text"] if isinstance(value, dict) else value))
    return found
