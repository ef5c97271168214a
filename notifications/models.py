"""One notice: a person is told of a deed, once."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows.models import Move, Reminder, User


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by person and by what is still to do."""

    def of(self, user: User) -> NoticeQuerySet:
        """The person's own notices."""
        return self.filter(user=user)

    def unread(self) -> NoticeQuerySet:
        """Notices not read yet."""
        return self.filter(read_at=None)

    def mail_due(self, now: datetime) -> NoticeQuerySet:
        """Notices whose letter should go now, the longest waiting first."""
        return self.filter(mail_next_at__lte=now).order_by("mail_next_at", "pk")


class Notice(models.Model):
    """A person is told of a deed, or reminded of what it left them to do. What it says is made when it is shown.

    ``mail_next_at`` is when its letter is tried next; empty: sent, given up, or the person has no address.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    move = models.ForeignKey(Move, models.PROTECT, related_name="notices")
    reminder = models.ForeignKey(Reminder, models.PROTECT, null=True, related_name="notices")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_next_at = models.DateTimeField(null=True)
    mail_error = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["user", "move"], condition=Q(reminder=None), name="notice_once"),
            models.UniqueConstraint(fields=["user", "reminder"], name="notice_of_reminder_once"),
        )
        indexes = (
            models.Index(fields=["user", "read_at"], name="notice_unread"),
            models.Index(fields=["mail_next_at"], condition=Q(mail_next_at__isnull=False), name="notice_mail_due"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.move_id}"
