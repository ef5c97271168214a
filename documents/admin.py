"""Document control in the admin: to look at, never to write."""

from __future__ import annotations

from django.contrib import admin

from documents.models import Campaign, Citation, Document, DocumentVersion, ImpactItem, Regulation, RegulationRelation
from workflows.admin import ReadOnlyAdmin, RecordAdmin

admin.site.register([DocumentVersion, ImpactItem, Campaign], RecordAdmin)


@admin.register(Regulation)
class RegulationAdmin(RecordAdmin):
    """The national register."""

    list_display = ("number", "kind", "issued_on", "effective_on", "expired_on", "state")
    search_fields = ("search", "number_key")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Documents: the identity over their versions."""

    list_display = ("code", "title", "kind", "agency", "unit")
    list_filter = ("kind",)
    list_select_related = ("agency", "unit")
    search_fields = ("search",)


@admin.register(Citation, RegulationRelation)
class LinkAdmin(ReadOnlyAdmin):
    """Citations and relations."""

    list_select_related = True
