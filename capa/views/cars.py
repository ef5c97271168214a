"""The register of corrective action: filters, groups with their numbers, and twenty lines a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capa.forms import CarsForm
from capa.models.car_rows import CarQuerySet
from capa.services.car_filters import AGES, GROUPS, chosen, year_of
from capa.services.cars import TABS, count, find, places
from capa.views.reporting import place
from workflows.models import day_of
from workflows.views.person import person

PAGE = 20
EXTRA = ("age", "timely", "year")
"""What a figure's link may say and the form does not ask."""


@dataclass(frozen=True)
class Tab:
    """A group with its number."""

    code: str
    label: str | Promise
    number: int
    on: bool


@require_safe
def cars(request: HttpRequest) -> HttpResponse:
    """CARs that the person may read; ``group`` is one of the tabs."""
    user, today = person(request), day_of()
    form, given, rows = asked(request)
    group = given.get("group", "") if given.get("group") in GROUPS else ""
    numbers = count(rows, given, today)
    shown = chosen(rows, given, today).for_list().order_by("-created_at", "pk")
    paginator = Paginator(shown, PAGE)
    paginator.count = numbers[group]  # counted already
    context = {
        "form": form,
        "group": group,
        "page_obj": paginator.get_page(request.GET.get("page")),
        "tabs": _tabs(numbers, group),
        "extra": [(name, given[name]) for name in EXTRA if given.get(name)],
        "said": beside_form(given),
        "may_report": place(user) is not None,
    }
    return render(request, "capa/cars.html", context, status=400 if form.errors else 200)


def asked(request: HttpRequest) -> tuple[CarsForm, dict[str, str], CarQuerySet]:
    """The form, the filters as far as they are sound, and the rows that have the words; for the list and its export.

    A value that is no choice is told of, and otherwise as if it were not there.
    """
    user = person(request)
    form = CarsForm(request.GET, **places(user))
    given = {name: value for name, value in request.GET.dict().items() if name not in form.errors}
    return form, given, find(user, form.value("q") or "")


def _tabs(numbers: Mapping[str, int], group: str) -> list[Tab]:
    """Every group but the one that only figures lead to, unless one came from there."""
    names = {"": _("Tất cả"), **GROUPS}
    shown = [code for code in TABS if code != "raised" or group == "raised"]
    return [Tab(code, names[code], numbers[code], code == group) for code in shown]


def beside_form(given: Mapping[str, str]) -> list[str]:
    """What a figure's link narrows beside the form, in words."""
    found = []
    if given.get("age") in AGES:
        found.append(_("tuổi phiếu %(age)s") % {"age": AGES[given["age"]]})
    if given.get("timely") == "1":
        found.append(_("làm xong đúng hạn của kế hoạch"))
    if year := year_of(given):
        found.append(_("năm %(year)d") % {"year": year})
    return found
