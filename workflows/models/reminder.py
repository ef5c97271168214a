"""Reminders that the clock has sent: once for each threshold that a waiting record has passed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows.models.move import Move
from workflows.models.people import Unit


class Reminder(models.Model):
    """One reminder of one record's present duty, and its outbox row: ``delivered_at`` is empty until people are told.

    ``arrival``: the deed that brought the record where it waits. ``threshold``: the day whose coming made it due;
    ``escalated``: roles told beside those whose turn it is.
    """

    arrival = models.ForeignKey(Move, models.PROTECT, related_name="reminders")
    machine = models.CharField(max_length=40)
    stream = models.UUIDField()
    agency = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    threshold = models.DateField()
    escalated: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Reminder]] = models.Manager()

    class Meta:
        verbose_name = _("nhắc việc")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["stream", "due_on", "threshold"], name="reminder_once"),)
        indexes = (models.Index(fields=["id"], condition=Q(delivered_at=None), name="reminder_outbox"),)

    def __str__(self) -> str:
        return f"{self.machine}:{self.stream} {self.threshold:%d/%m/%Y}"
