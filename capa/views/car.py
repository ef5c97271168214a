"""One CAR: the seven parts of the paper form, or the same parts under the headings of 8D."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from capa.models import Car, Spread
from capa.printing import car_form_pdf
from capa.services.papers import car_form
from capa.services.recurrence import differences, recurrence
from capa.services.sheet import Sheet
from capa.views.starting import starting_place
from workflows import engine
from workflows.access import fetch
from workflows.engine import Offer
from workflows.models import User
from workflows.views.person import person, walled

AMONG = Car.objects.select_related(
    "agency", "unit", "document", "concerns", "verifier", "created_by", "finding", "repeats__unit"
)
PARTS: dict[str, str | Promise] = {
    "people": _("Người tham gia"),
    "description": _("Mô tả sự không phù hợp"),
    "correction": _("Khắc phục tức thời"),
    "cause": _("Phân tích nguyên nhân"),
    "repeats": _("Chuỗi phiếu và khả năng lặp lại"),
    "plan": _("Kế hoạch hành động"),
    "demands": _("Tài liệu phải sửa"),
    "tasks": _("Thực hiện từng việc"),
    "verification": _("Kiểm tra hiệu lực"),
    "closure": _("Đóng phiếu"),
}
PAPER: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("1. Mô tả sự không phù hợp"), ("description", "people")),
    (_("2. Khắc phục tức thời"), ("correction",)),
    (_("3. Phân tích nguyên nhân"), ("cause", "repeats")),
    (_("4. Kế hoạch hành động"), ("plan",)),
    (_("5. Thực hiện"), ("tasks", "demands")),
    (_("6. Kiểm tra hiệu lực"), ("verification",)),
    (_("7. Đóng phiếu"), ("closure",)),
)
EIGHT: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("D1. Lập nhóm"), ("people",)),
    (_("D2. Mô tả vấn đề"), ("description",)),
    (_("D3. Khắc phục tức thời"), ("correction",)),
    (_("D4. Nguyên nhân gốc"), ("cause",)),
    (_("D5. Chọn hành động khắc phục"), ("plan",)),
    (_("D6. Thực hiện và kiểm tra hiệu lực"), ("tasks", "verification")),
    (_("D7. Ngăn lặp lại"), ("demands", "repeats")),
    (_("D8. Kết thúc"), ("closure",)),
)
EDITORS = {"analyse": ("capa:car_analysis", _("Soạn phân tích")), "draft_plan": ("capa:car_plan", _("Soạn kế hoạch"))}
"""Structured steps have pages of their own."""


@dataclass(frozen=True)
class Section:
    """A heading of the form, and the parts under it: name, title and template."""

    title: str | Promise
    parts: list[tuple[str, str | Promise, str]]


@require_safe
@walled
def car(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The record; ``profile=8d`` arranges the same parts otherwise."""
    user = person(request)
    found = fetch(Car, user, pk, among=AMONG)
    eight = request.GET.get("profile") == "8d"
    history = recurrence(found, user)
    offers = engine.offers(found, user)
    context: dict[str, Any] = {
        "car": found,
        "sheet": Sheet(found, user),
        "sections": sections(EIGHT if eight else PAPER),
        "eight": eight,
        "history": history,
        "similar": differences(found, history.similar),
        "offers": offers,
        "may": {offer.step.action for offer in offers if offer.refusal is None},
        "editors": editors(found, offers),
        "may_spread": starting_place(Spread, "ask", user) is not None,
    }
    return render(request, "capa/car.html", context)


def sections(arrangement: Iterable[tuple[str | Promise, tuple[str, ...]]]) -> list[Section]:
    """An arrangement of the parts with their templates."""
    return [
        Section(title, [(name, PARTS[name], f"capa/parts/car_{name}.html") for name in names])
        for title, names in arrangement
    ]


def editors(found: Car, offers: Iterable[Offer]) -> list[tuple[str, str | Promise]]:
    """Addresses and names of the editor pages that are open to the person."""
    may = {offer.step.action for offer in offers if offer.refusal is None}
    return [(reverse(name, args=[found.pk]), label) for action, (name, label) in EDITORS.items() if action in may]


@require_safe
@walled
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form as the agency prints it."""
    user: User = person(request)
    found = fetch(Car, user, pk, among=AMONG)
    name = f"Phiếu CAR {found.number.replace('/', '-') or str(found.pk)[:8]}.pdf"
    answer = HttpResponse(car_form_pdf(car_form(found)), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
