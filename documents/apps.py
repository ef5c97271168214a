"""Document control app: announces its machines and walls to the kernel."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Legal documents, controlled documents, versions, impact of changes of law."""

    name = "documents"
    verbose_name = _("Tài liệu và văn bản pháp luật")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register governed models and walls."""
        from documents import closing, gates, walls  # noqa: PLC0415 - models must be loaded first
        from documents import models as kinds  # noqa: PLC0415
        from documents.flows import VersionFlow  # noqa: PLC0415
        from documents.home import home_cards  # noqa: PLC0415
        from documents.onboarding import ROWS  # noqa: PLC0415
        from documents.services import linking, waking  # noqa: PLC0415
        from documents.services.alarm_words import record_marks  # noqa: PLC0415
        from documents.services.carriers import CARRIERS, reviews_tick  # noqa: PLC0415
        from documents.services.clock import documents_tick  # noqa: PLC0415
        from documents.services.fanout import fill_tick, overlooked  # noqa: PLC0415
        from documents.services.foreseeing import foresee  # noqa: PLC0415
        from documents.services.frameworks import frameworks_tick  # noqa: PLC0415
        from documents.services.owners import panel  # noqa: PLC0415
        from documents.services.publishing import GATES  # noqa: PLC0415
        from documents.services.republishing import publications_tick  # noqa: PLC0415
        from documents.services.searching import InForce, Law  # noqa: PLC0415
        from documents.services.stamping import connect  # noqa: PLC0415
        from workflows import carrying, home, marks, onboarding, panels, protections, registry, sources, ticking  # noqa: PLC0415

        for row in ROWS:
            onboarding.register(row)
        for model in (kinds.DocumentVersion, kinds.ImpactItem, kinds.Campaign, kinds.Regulation, kinds.Publication):
            registry.register(model)
        for modelled in (kinds.ModelVersion, kinds.Adoption, kinds.AdoptedItem, kinds.Handover):
            registry.register(modelled)
        registry.register_flow("version", VersionFlow)
        protections.register(walls.walls)
        protections.register_sql(walls.statements)
        carrying.register(*CARRIERS)
        for sweep in (reviews_tick, documents_tick, fill_tick, foresee, publications_tick, frameworks_tick):
            ticking.register(sweep)
        home.register(home_cards)
        panels.register(panel)
        for name in ("version", "impact"):
            marks.register(name, record_marks)
        for source in (InForce(), Law()):
            sources.register(source)
        for gate in GATES:
            gates.register(gate)
        closing.register("overlooked", overlooked)
        linking.connect()
        waking.connect()
        connect()
