"""Notices app: listens to the kernel, and checks that each deed which is told has its sentence."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Notices of deeds. Knows the kernel and no domain."""

    name = "notifications"
    verbose_name = _("Thông báo")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect receivers and checks."""
        from notifications import checks, receivers  # noqa: F401, PLC0415 - models must be loaded first

        receivers.connect()
