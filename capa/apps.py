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
        from capa import packs, scores, walls  # noqa: PLC0415 - models must be loaded first
        from capa.home import audit_cards  # noqa: PLC0415
        from capa.home_cars import home_cards  # noqa: PLC0415
        from capa.models import GOVERNED  # noqa: PLC0415
        from capa.onboarding import ROWS  # noqa: PLC0415
        from capa.services.carriers import CARRIERS  # noqa: PLC0415
        from capa.services.measuring import measure_tick  # noqa: PLC0415
        from capa.services.passing import reports_tick  # noqa: PLC0415
        from capa.services.publishing import GATES  # noqa: PLC0415
        from capa.services.reviewing import pack_of  # noqa: PLC0415
        from capa.services.rules import computed  # noqa: PLC0415
        from capa.services.searching import Cars, Findings  # noqa: PLC0415
        from capa.services.telling import content_of, labels, unmet  # noqa: PLC0415
        from capa.services.upkeep import connect, facts_tick  # noqa: PLC0415
        from documents import gates  # noqa: PLC0415
        from workflows import carrying, home, onboarding, protections, registry, sources, ticking  # noqa: PLC0415

        for row in ROWS:
            onboarding.register(row)
        for model in GOVERNED:
            registry.register(model)
        carrying.register(*CARRIERS)
        for source in (Cars(), Findings()):
            sources.register(source)
        protections.register(walls.walls)
        packs.register(pack_of)
        packs.register_teller(packs.Teller(content_of, unmet, labels))
        scores.register(computed)
        ticking.register(measure_tick)
        ticking.register(facts_tick)
        ticking.register(reports_tick)
        connect()
        home.register(home_cards)
        home.register(audit_cards)
        for gate in GATES:
            gates.register(gate)
