"""Kernel app: checks and walls."""

from __future__ import annotations

from functools import partial
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
        """Register system checks, machines, walls and sweeps, and lay the database's walls after each migration."""
        from workflows import carrying, checks, handing, onboarding, panels, registry, sources, vacancies  # noqa: F401, PLC0415 - models must be loaded first
        from workflows.models import Establishment, Reorganisation, UnitDecision, VacantSeat  # noqa: PLC0415
        from workflows.searched_files import Files  # noqa: PLC0415
        from workflows.signals import moved  # noqa: PLC0415

        for model in (UnitDecision, Establishment, VacantSeat, Reorganisation):
            registry.register(model)
        carrying.register(handing.CARRIER)
        _register_walls()
        _register_sweeps()
        panels.register(onboarding.panel)
        moved.connect(vacancies.after_deed, dispatch_uid="workflows.vacancies")
        sources.register(Files())
        post_migrate.connect(_lay_walls, sender=self, dispatch_uid="workflows.walls")


def _register_walls() -> None:
    from workflows import catching_up, protections, registry  # noqa: PLC0415
    from workflows.models import (  # noqa: PLC0415
        Attachment,
        FormerParent,
        Move,
        ObligationRule,
        ReferenceSet,
        UnitDecision,
    )
    from workflows.models.tree import DECIDED  # noqa: PLC0415

    for written in (Move, FormerParent):
        protections.register(partial(protections.append_only, written))
    protections.register(lambda: protections.bound_to_ledger(Attachment))
    protections.register(lambda: protections.written_once(UnitDecision, *DECIDED))
    for table in (ObligationRule, ReferenceSet):
        protections.register(partial(protections.kept, table))
    protections.register(lambda: [wall for model in registry.models() for wall in protections.state_with_ledger(model)])
    protections.register_sql(catching_up.statements)


def _register_sweeps() -> None:
    """In the order in which a tick takes them."""
    from workflows import catching_up, files, handing, reminding, ticking, tree, vacancies  # noqa: PLC0415
    from workflows.api.idempotency import forget_old_answers  # noqa: PLC0415

    tidying = (forget_old_answers, reminding.remind, files.sweep, catching_up.catch_up)
    for sweep in (*tidying, handing.sweep, tree.settle, vacancies.sweep):
        ticking.register(sweep)


def _lay_walls(using: str, **_kwargs: Any) -> None:
    from workflows import files, protections, shipped  # noqa: PLC0415

    protections.lay(using)
    shipped.lay(using)
    files.prepare()
