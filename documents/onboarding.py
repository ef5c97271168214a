"""Rows of a new agency's checklist that documents answer: its leading documents, its list of procedures, coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.models import AnnouncedProcedure, DocumentKind
from documents.models.document import SYSTEM_KINDS
from documents.services.asof import Moment, versions_in_force
from workflows.onboarding import Found, Row
from workflows.tree import without_procedures

Keys = Mapping[int, set[str]]


def _in_force(agencies: Collection[int], day: date, column: str, *, procedures: bool) -> Keys:
    versions = versions_in_force(Moment.now(day)).filter(agency__in=agencies)
    kinds = {DocumentKind.TTHC_PROC} if procedures else SYSTEM_KINDS
    found: dict[int, set[str]] = defaultdict(set)
    rows = versions.filter(document__kind__in=kinds).order_by().values_list("agency_id", f"document__{column}")
    for agency, key in rows.distinct():
        found[agency].add(key)
    return found


def _announced(agencies: Collection[int], day: date) -> Keys:
    found: dict[int, set[str]] = defaultdict(set)
    rows = AnnouncedProcedure.objects.standing(day).filter(agency__in=agencies).order_by()
    for agency, key in rows.values_list("agency_id", "code_key").distinct():
        found[agency].add(key)
    return found


def leading(agencies: Collection[int], day: date) -> dict[int, Found]:
    """Policy, objectives, scope, model and system procedures, at least one of each in force (domain §1.4)."""
    there, found = _in_force(agencies, day, "kind", procedures=False), {}
    for pk in agencies:
        lacking = [str(kind.label) for kind in DocumentKind if kind in SYSTEM_KINDS - there.get(pk, set())]
        found[pk] = Found(not lacking, _("Còn thiếu: %(kinds)s") % {"kinds": ", ".join(lacking)} if lacking else "")
    return found


def listed(agencies: Collection[int], day: date) -> dict[int, Found]:
    """The announced procedures are known, or it is decided that the agency has none."""
    known, none = _announced(agencies, day), without_procedures(agencies, day)
    found = {pk: Found(done=True, said=_("%(n)d thủ tục") % {"n": len(keys)}) for pk, keys in known.items()}
    return found | {pk: Found(done=True, said=_("Không có thủ tục hành chính")) for pk in none}


def covered(agencies: Collection[int], day: date) -> dict[int, Found]:
    """Every announced procedure has its document in force; nothing is said where no list is known."""
    known, none = _announced(agencies, day), without_procedures(agencies, day)
    there, found = _in_force(agencies, day, "code_key", procedures=True), {}
    for pk, keys in known.items():
        have = len(keys & there.get(pk, set()))
        found[pk] = Found(have == len(keys), _("%(have)d/%(n)d thủ tục") % {"have": have, "n": len(keys)})
    return found | {pk: Found(done=True, said=_("Không có thủ tục hành chính")) for pk in none}


ROWS = (
    Row(
        "leading",
        lazy("Ban hành chính sách, mục tiêu, phạm vi, mô hình, quy trình hệ thống"),
        leading,
        "documents:library",
    ),
    Row("listed", lazy("Có danh mục thủ tục hành chính đã công bố"), listed, "documents:coverage"),
    Row("covered", lazy("Mọi thủ tục có quy trình đang hiệu lực"), covered, "documents:coverage"),
)
