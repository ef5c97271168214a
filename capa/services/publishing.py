"""What audits and corrective action ask of an agency before it publishes (``documents.gates``)."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.car import OVER
from capa.models import Car, Review, Round
from capa.models.review import HELD
from documents.gates import Gate
from documents.services.alarm import months_later
from workflows.models import Unit

SIGNED = ("report_signed", "follow_up", "closed")
"""Rounds whose report says what the audit found."""
YEAR = -12
"""Months: an audit is done at least once a year (domain §5.3)."""
NAMED = 5
"""Numbers of CARs named in the sentence; the list behind the link has all."""


def _audit(agency: Unit, day: date) -> str | None:
    """An internal audit with a signed report within the year that ends today."""
    since = months_later(day, YEAR)
    done = Round.objects.filter(agency=agency, state__in=SIGNED, signed_on__gt=since, signed_on__lte=day)
    if done.exists():
        return None
    return _("Từ %(day)s đến nay chưa có đợt đánh giá nội bộ nào ký báo cáo.") % {"day": f"{since:%d/%m/%Y}"}


def _review(agency: Unit, day: date) -> str | None:
    """A management review held within the year that ends today (domain §5.3)."""
    since = months_later(day, YEAR)
    held = Review.objects.filter(agency=agency, state__in=HELD, held_on__gt=since, held_on__lte=day)
    if held.exists():
        return None
    return _("Từ %(day)s đến nay lãnh đạo chưa họp xem xét hệ thống.") % {"day": f"{since:%d/%m/%Y}"}


def _majors(agency: Unit, day: date) -> str | None:
    """No major nonconformity is open."""
    del day
    rows = Car.objects.filter(agency=agency, severity="major").exclude(state__in=OVER)
    numbers = list(rows.order_by("created_at").values_list("number", flat=True))
    if not numbers:
        return None
    named = ", ".join(number or _("chưa có số") for number in numbers[:NAMED])
    words = {"number": len(numbers), "named": named + (", …" if len(numbers) > NAMED else "")}
    return _("Còn %(number)d sự không phù hợp nặng chưa đóng: %(named)s.") % words


def _majors_page(_agency: Unit) -> str:
    return f"{reverse('capa:cars')}?{urlencode({'severity': 'major'})}"


GATES = (
    Gate("audit", lazy("Đã đánh giá nội bộ trong năm"), _audit, lambda _agency: reverse("capa:programmes")),
    Gate(
        "review", lazy("Lãnh đạo đã họp xem xét hệ thống trong năm"), _review, lambda _agency: reverse("capa:reviews")
    ),
    Gate("major", lazy("Không còn sự không phù hợp nặng"), _majors, _majors_page),
)
