"""What of the year comes before its management review (domain §5.3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from capa.machines.review import INPUTS
from capa.models.programme import Round

if TYPE_CHECKING:
    from capa.models.review import Review

SIGNED = ("report_signed", "follow_up", "closed")
"""Rounds whose report says what the audit found."""
YEAR_DAYS = 365
"""An audit of these days before counts too: a review in January rests on the audit of the year that has ended."""


def audit_missing(review: Review, day: date) -> list[str]:
    """A sentence, if no round of the review's year, or of the year before the day, has its report signed."""
    rows = Round.objects.filter(agency=review.agency_id, state__in=SIGNED, signed_on__lte=day)
    if rows.filter(Q(starts_on__year=review.year) | Q(signed_on__gt=day - timedelta(days=YEAR_DAYS))).exists():
        return []
    clause = next(one.clause for one in INPUTS if one.key == "audit")
    words = _(
        "Năm %(year)d chưa có đợt đánh giá nội bộ nào ký báo cáo: đánh giá trước khi họp xem xét, hoặc đại diện lãnh"
        " đạo miễn đầu vào %(clause)s có lý do."
    )
    return [words % {"year": review.year, "clause": clause}]
