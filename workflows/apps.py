"""Kernel app: checks and walls."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    """People, seats, tables, the door, the ledger and the inbox."""

    name = "workflows"
    verbose_name = _("Nhân sự và quy trình")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register system checks, and lay the database's walls after each migration."""
        from workflows import catching_up, checks, files, protections, registry, reminding, searching, ticking  # noqa: F401, PLC0415 - models must be loaded first
        from workflows.api.idempotency import forget_old_answers  # noqa: PLC0415
        from workflows.models import Attachment, Move  # noqa: PLC0415
        from workflows.searched_files import Files  # noqa: PLC0415

        protections.register(lambda: protections.append_only(Move))
        protections.register(lambda: protections.bound_to_ledger(Attachment))
        protections.register(
            lambda: [wall for model in registry.models() for wall in protections.state_with_ledger(model)]
        )
        ticking.register(forget_old_answers)
        ticking.register(reminding.remind)
        ticking.register(files.sweep)
        ticking.register(catching_up.catch_up)
        protections.register_sql(catching_up.statements)
        searching.register(Files())
        post_migrate.connect(_lay_walls, sender=self, dispatch_uid="workflows.walls")


def _lay_walls(using: str, **_kwargs: Any) -> None:
    from workflows import files, protections  # noqa: PLC0415

    protections.lay(using)
    files.prepare()
