"""Document control in the admin: to look at, never to write."""

from __future__ import annotations

from django.contrib import admin

from documents.models import (
    AdoptedItem,
    Adoption,
    AnnouncedProcedure,
    Campaign,
    Citation,
    Document,
    DocumentVersion,
    FrameworkModel,
    Handover,
    ImpactItem,
    MergeBase,
    ModelItem,
    ModelVersion,
    Publication,
    Regulation,
    RegulationRelation,
    RepublicationCause,
    ScopeRow,
)
from workflows.admin import ReadOnlyAdmin, RecordAdmin

admin.site.register(
    [DocumentVersion, ImpactItem, Campaign, Publication, ModelVersion, Adoption, AdoptedItem, Handover], RecordAdmin
)
admin.site.register([FrameworkModel, ModelItem, MergeBase], ReadOnlyAdmin)


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


@admin.register(AnnouncedProcedure)
class AnnouncedAdmin(ReadOnlyAdmin):
    """Announced lists of administrative procedures."""

    list_display = ("code", "title", "agency", "change", "decision", "effective_on", "ended_on")
    list_filter = ("change",)
    list_select_related = ("agency",)
    search_fields = ("code", "code_key", "title", "decision_key")


@admin.register(ScopeRow, RepublicationCause)
class PublishedAdmin(ReadOnlyAdmin):
    """Frozen lists of publications, and causes to publish again."""

    list_select_related = ("publication",)
