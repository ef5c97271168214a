"""Texts in the forms in which they are searched, cut into passages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Passage(models.Model):
    """A piece of what one record says. It is derived and can be made again; the record's own walls say who finds it.

    ``source``: name of the search's source; ``owner``: the record's id; ``place``: 0 for its title, then on.
    ``part``: the source's own name of where the text stands. ``marked``, ``folded``: forms of ``workflows.spelling``,
    the last with the record's codes. ``day`` orders: the newest first. ``agency``: id of the record's agency, 0 for the
    national register; it narrows what is looked through and decides nothing.
    """

    source = models.CharField(max_length=20)
    owner = models.UUIDField()
    agency = models.BigIntegerField(default=0)
    place = models.PositiveIntegerField()
    body = models.BooleanField()
    day = models.DateField()
    part = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    marked = models.TextField()
    folded = models.TextField()

    objects: ClassVar[models.Manager[Passage]] = models.Manager()

    class Meta:
        ordering = ("body", "-day", "owner", "place")
        constraints = (models.UniqueConstraint(fields=["source", "owner", "place"], name="passage_once"),)
        indexes = (
            models.Index("source", "body", models.F("day").desc(), "owner", "place", name="passage_order"),
            models.Index(fields=["source", "agency", "body"], name="passage_agency"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.owner} {self.place}"
