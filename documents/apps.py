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
        from documents import walls  # noqa: PLC0415 - models must be loaded first
        from documents.flows import VersionFlow  # noqa: PLC0415
        from documents.home import home_cards  # noqa: PLC0415
        from documents.models import Campaign, DocumentVersion, ImpactItem, Regulation  # noqa: PLC0415
        from documents.services.clock import documents_tick  # noqa: PLC0415
        from documents.services.searching import InForce, Law  # noqa: PLC0415
        from workflows import home, protections, registry, searching, ticking  # noqa: PLC0415

        for model in (DocumentVersion, ImpactItem, Campaign, Regulation):
            registry.register(model)
        registry.register_flow("version", VersionFlow)
        protections.register(walls.walls)
        protections.register_sql(walls.statements)
        ticking.register(documents_tick)
        home.register(home_cards)
        for source in (InForce(), Law()):
            searching.register(source)
