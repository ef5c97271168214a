"""Citations of legal documents by versions: the live projection that answers “who cites this act”."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.content import BasisRow
from documents.models.regulation import Regulation, RegulationRelation, RelationKind, is_dead
from documents.numbers import issuer_key, number_key, suggest


class Citation(models.Model):
    """One row of a version's legal basis. ``regulation`` is None while the number is not in the register."""

    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="citations")
    position = models.PositiveIntegerField()
    row_key = models.CharField(max_length=40)
    number = models.CharField(lazy("số, ký hiệu"), max_length=300)
    regulation = models.ForeignKey(Regulation, models.PROTECT, null=True, related_name="citations")

    class Meta:
        verbose_name = lazy("viện dẫn")
        ordering = ("version", "position")
        constraints = (models.UniqueConstraint(fields=["version", "position"], name="citation_position"),)
        indexes = (models.Index(fields=["regulation", "version"], name="citation_regulation"),)

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rebuild(cls, version_id: UUID, basis: Sequence[BasisRow]) -> None:
        """Replace a draft's citations by those of its legal basis, resolved against the register; ≤ 3 statements."""
        known = resolve(basis)
        cls.objects.filter(version=version_id).delete()
        Citation.objects.bulk_create(
            Citation(
                version_id=version_id,
                position=position,
                row_key=row["key"],
                number=row["number"][:300],
                regulation=known.get(row["key"]),
            )
            for position, row in enumerate(basis)
        )


def resolve(basis: Sequence[BasisRow], on: date | None = None) -> dict[str, Regulation]:
    """Find the register's document for each row, by row key; one query.

    A number shared by several issuers resolves only if the row names the issuer. With ``on``, each document carries
    ``validity_on``.
    """
    rows = Regulation.objects.filter(number_key__in={number_key(row["number"]) for row in basis})
    return matched(basis, rows.with_validity(on) if on else rows)


def matched(basis: Sequence[BasisRow], rows: Iterable[Regulation]) -> dict[str, Regulation]:
    """Match rows of a legal basis with documents of their numbers, by row key."""
    by_number: dict[str, list[Regulation]] = {}
    for regulation in rows:
        by_number.setdefault(regulation.number_key, []).append(regulation)
    found = {}
    for row in basis:
        same = by_number.get(number_key(row["number"]), [])
        if len(same) > 1:
            same = [act for act in same if act.issuer_key == issuer_key(row["number"], row["issuer"])] or same
        if len(same) == 1:
            found[row["key"]] = same[0]
    return found


def replacements(regulation: Regulation, on: date) -> list[Regulation]:
    """Documents that replaced a dead one by a day, newest first: what “replace this citation” offers."""
    return replacements_of([regulation.pk], on).get(regulation.pk, [])


def replacements_of(dead: Collection[UUID], on: date) -> dict[UUID, list[Regulation]]:
    """The same for many at once, by the dead document; without any, it is left out. One query, none for nothing."""
    found: dict[UUID, list[Regulation]] = {}
    if not dead:
        return found
    day = Q(effective_on__lte=on) | Q(effective_on=None, source__effective_on__lte=on)
    rows = RegulationRelation.objects.filter(day, target__in=dead, kind=RelationKind.REPLACES)
    for row in rows.select_related("source").order_by(F("source__effective_on").desc(nulls_last=True)):
        found.setdefault(row.target_id, []).append(row.source)
    return found


def citation_problems(basis: Sequence[BasisRow], on: date) -> list[str]:
    """Sentences for citations that do not resolve, or cite a document that is wholly dead on the day."""
    keys = {number_key(row["number"]) for row in basis}
    acts = Regulation.objects.filter(number_key__in=keys).only("number", "number_key", "issuer_key")
    known, found = matched(basis, acts.annotate(dead=Case(When(is_dead(on), then=True), default=False))), []
    for row in basis:
        regulation = known.get(row["key"])
        if regulation is None:
            found.append(_unknown(row["number"]))
        elif regulation.dead:  # type: ignore[attr-defined]
            heirs = ", ".join(act.number for act in replacements(regulation, on))
            text = _("Căn cứ %(number)s đã hết hiệu lực") % {"number": row["number"]}
            found.append(f"{text}; {_('được thay bằng')} {heirs}." if heirs else f"{text}.")
    return found


def _unknown(number: str) -> str:
    head = number_key(number)[:3]
    near = Regulation.objects.filter(number_key__startswith=head).values_list("number", flat=True)[:500]
    text = _("Căn cứ %(number)s chưa có trong danh mục văn bản") % {"number": number}
    hints = ", ".join(suggest(number, list(near)))
    return f"{text}; {_('có phải')} {hints}?" if hints else f"{text}."
