"""Guardian's tables on units, as direct foreign keys: a projection of seats, rebuilt by ``rebuild_grants``."""

from __future__ import annotations

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from workflows.models.people import Unit, User


class UnitUserGrant(UserObjectPermissionBase):
    """A permission on a unit for one person: used for nothing today but what guardian's API expects."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE)


class UnitGroupGrant(GroupObjectPermissionBase):
    """A permission on a unit for the group of one role in one unit."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE)


class KeptAnswer(models.Model):
    """The answer once given to a request with an ``Idempotency-Key``: a repeat gets it again, and does nothing.

    ``fingerprint``: SHA-256 of method, path and body, hex; the same key with another request is refused (422).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "kept answer"
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once"),)

    def __str__(self) -> str:
        return self.key
