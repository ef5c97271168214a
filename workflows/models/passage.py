"""Texts in the forms in which they are searched: titles, and what lies under them cut into passages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Said(models.Model):
    """What one record says. It is derived and can be made again; the record's own walls say who finds it.

    ``source``: name of the search's source; ``owner``: the record's id. ``marked``, ``folded``: forms of
    ``workflows.spelling``. ``day`` orders: the newest first. ``agency``: id of the record's agency, 0 for the national
    register; it narrows what is looked through and decides nothing.
    """

    source = models.CharField(max_length=20)
    owner = models.UUIDField()
    agency = models.BigIntegerField(default=0)
    day = models.DateField()
    text = models.TextField()
    marked = models.TextField()
    folded = models.TextField()

    class Meta:
        abstract = True


class Heading(Said):
    """What one record is called; ``folded`` with the record's codes. A table of its own: titles are looked through
    first, and what is common among them is not what is common in the texts below.
    """

    place: ClassVar[int] = 0
    part: ClassVar[str] = ""

    objects: ClassVar[models.Manager[Heading]] = models.Manager()

    class Meta:
        ordering = ("-day", "owner")
        constraints = (models.UniqueConstraint(fields=["source", "owner"], name="heading_once"),)
        indexes = (
            models.Index("source", models.F("day").desc(), "owner", name="heading_order"),
            models.Index(fields=["source", "agency"], name="heading_agency"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.owner}"


class Passage(Said):
    """A piece of the text of one record. ``place``: from 1 on; ``part``: the source's own name of where it stands."""

    place = models.PositiveIntegerField()
    part = models.CharField(max_length=40, blank=True)

    objects: ClassVar[models.Manager[Passage]] = models.Manager()

    class Meta:
        ordering = ("-day", "owner", "place")
        constraints = (models.UniqueConstraint(fields=["source", "owner", "place"], name="passage_once"),)
        indexes = (
            models.Index("source", models.F("day").desc(), "owner", "place", name="passage_order"),
            models.Index(fields=["source", "agency"], name="passage_agency"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.owner} {self.place}"
