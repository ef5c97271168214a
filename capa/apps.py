"""Audit and corrective action app: announces its machines to the kernel."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CapaConfig(AppConfig):
    """Audit programmes, rounds, findings, corrective action requests, actions and observations."""

    name = "capa"
    verbose_name = _("Đánh giá nội bộ và khắc phục")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register governed models."""
        from capa.home import audit_cards  # noqa: PLC0415
        from capa.home_cars import home_cards  # noqa: PLC0415
        from capa.models import Action, Car, Finding, Observation, Programme, Round  # noqa: PLC0415 - models first
        from capa.services.searching import Cars, Findings  # noqa: PLC0415
        from workflows import home, registry, searching  # noqa: PLC0415

        for model in (Programme, Round, Finding, Car, Action, Observation):
            registry.register(model)
        for source in (Cars(), Findings()):
            searching.register(source)
        home.register(home_cards)
        home.register(audit_cards)
