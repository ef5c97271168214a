"""The ledger: one row per deed, which is audit trail, outbox and proof at once. Append-only in the database."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models.people import Seat, Unit, User
from workflows.registry import machine
from workflows.roles import label_of
from workflows.tables import Step


class MoveQuerySet(models.QuerySet["Move"]):
    """Deeds by record."""

    def of(self, stream: UUID) -> MoveQuerySet:
        """The history of one record, oldest first, with people and seats."""
        return self.filter(stream=stream).select_related("actor", "seat__unit", "unit").order_by("seq")


class Move(models.Model):
    """One deed on one record. ``body`` is canonical JSON: what is stored is what is hashed.

    ``hash = SHA-256(0x00 ‖ prev_hash ‖ body)`` in hex; the first ``prev_hash`` is SHA-256("genesis:" ‖ stream).
    ``mac`` is HMAC-SHA-256 over the hash with a key that is not in the database (RFC 2104; leaf hash as RFC 6962).
    ``role``, ``seat`` and ``ground`` keep what was held then, whatever happens to the seat later.
    """

    stream = models.UUIDField(editable=False)
    seq = models.PositiveIntegerField(editable=False)
    machine = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)
    agency = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="moves")
    role = models.CharField(max_length=30)
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    ground = models.CharField(_("căn cứ giữ vai trò"), max_length=90, blank=True)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    body = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    objects = MoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("sự việc")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["stream", "seq"], name="move_stream_seq"),)
        indexes = (
            models.Index(fields=["actor", "-id"], name="move_actor"),
            models.Index(fields=["agency", "-id"], name="move_agency"),
        )

    def __str__(self) -> str:
        return f"{self.machine}:{self.stream}#{self.seq} {self.action}"

    @property
    def step(self) -> Step | None:
        """The table row that was followed."""
        return machine(self.machine).step(self.action, self.source)

    @property
    def action_label(self) -> str:
        """What was done, in the user's language; the bare code if the row has since left the table."""
        return str(self.step.label) if self.step else self.action

    @property
    def stage_label(self) -> str:
        """Where the record went."""
        return str(machine(self.machine).stage(self.target).label)

    @property
    def role_label(self) -> str:
        """The role in which it was done."""
        return label_of(self.role)


class Pending(models.Model):
    """Outbox: a deed that somebody must still be told of. Written with the deed, deleted when delivered."""

    move = models.OneToOneField(Move, models.PROTECT, primary_key=True, related_name="pending")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("thông báo chờ gửi")

    def __str__(self) -> str:
        return str(self.move_id)
