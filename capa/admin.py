"""Audits and corrective action in the admin: to look at, never to write."""

from __future__ import annotations

from django.contrib import admin

from capa.models import (
    GOVERNED,
    Certificate,
    Demand,
    EvidencePack,
    InputText,
    Judgement,
    Measurement,
    Pack,
    Provider,
    ReportedTotal,
    Snapshot,
    TeamMember,
    Visit,
)
from workflows.admin import ReadOnlyAdmin, RecordAdmin, SuperuserAdmin

admin.site.register(GOVERNED, RecordAdmin)


@admin.register(TeamMember)
class TeamMemberAdmin(ReadOnlyAdmin):
    """Who is in the team of an inspection plan, from when until when."""

    list_display = ("plan", "user", "duty", "decision_no", "valid_from", "valid_to")
    list_select_related = ("plan", "user")


@admin.register(Judgement)
class JudgementAdmin(ReadOnlyAdmin):
    """What inspectors judged of an agency, on which evidence."""

    list_display = ("inspection", "flag", "value", "seen_on", "by", "at")
    list_select_related = ("inspection__plan", "inspection__about", "by")


@admin.register(EvidencePack)
class EvidencePackAdmin(ReadOnlyAdmin):
    """Which evidence packs were made."""

    list_display = ("agency", "as_of", "sha256", "files", "by", "at")
    list_select_related = ("agency", "by")


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    """Which unit a round visits, and under whom."""

    list_display = ("round", "unit", "lead", "size")
    list_select_related = ("round", "unit", "lead")


@admin.register(Demand)
class DemandAdmin(ReadOnlyAdmin):
    """Which document a CAR demands to be changed."""

    list_display = ("car", "document", "revision", "waived_until")
    list_select_related = ("car", "document", "revision")


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin):
    """What was measured of an objective, by whom."""

    list_display = ("objective", "period", "value", "part", "whole", "as_of", "by")
    list_select_related = ("objective__owner_set", "by")


@admin.register(InputText)
class InputTextAdmin(ReadOnlyAdmin):
    """What was reported of an input of a review."""

    list_display = ("review", "subject", "waived", "by", "at")
    list_select_related = ("review", "by")


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    """The inputs of a review as they stood when it was held."""

    list_display = ("review", "as_of")
    list_select_related = ("review",)


@admin.register(Certificate)
class CertificateAdmin(SuperuserAdmin):
    """Certificates, entered as the bodies report them."""

    list_display = ("number", "agency", "body", "issued_on", "valid_to", "withdrawn_on")
    list_select_related = ("agency",)
    raw_id_fields = ("agency",)


@admin.register(Provider)
class ProviderAdmin(SuperuserAdmin):
    """Who may advise and assess, as the register says."""

    list_display = ("name", "kind", "number", "valid_from", "valid_to")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """Figures as they stood."""

    list_display = ("node", "day", "taken_at", "taken_by", "sha256")
    list_select_related = ("node", "taken_by")


@admin.register(ReportedTotal)
class ReportedTotalAdmin(ReadOnlyAdmin):
    """What reports on paper say."""

    list_display = ("node", "indicator", "day", "numerator", "denominator", "source", "entered_by")
    list_select_related = ("node", "entered_by")
