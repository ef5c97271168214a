"""Rows of a new agency's checklist that audits answer: an approved programme, a first round with its report signed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.models import Programme, Round
from workflows.onboarding import Found, Row

APPROVED = ("approved", "running", "completed")
SIGNED = ("report_signed", "follow_up", "closed")


def programmed(agencies: Collection[int], day: date) -> dict[int, Found]:
    """An audit programme has been approved."""
    del day
    rows = Programme.objects.filter(agency__in=agencies, state__in=APPROVED).order_by()
    first = rows.values_list("agency_id").annotate(Min("year"))
    return {pk: Found(done=True, said=_("Năm %(year)d") % {"year": year}) for pk, year in first}


def audited(agencies: Collection[int], day: date) -> dict[int, Found]:
    """A round of internal audit has ended with its report signed."""
    rows = Round.objects.filter(agency__in=agencies, state__in=SIGNED, ends_on__lte=day).order_by()
    first = rows.values_list("agency_id").annotate(Min("ends_on"))
    return {pk: Found(done=True, said=f"{ended:%d/%m/%Y}") for pk, ended in first}


ROWS = (
    Row("programmed", lazy("Phê duyệt chương trình đánh giá nội bộ"), programmed, "capa:programmes"),
    Row("audited", lazy("Đánh giá nội bộ lần đầu, báo cáo đã ký"), audited, "capa:programmes"),
)
