"""The leaders' page of figures, its tables as Excel, and the list of CARs as Excel."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capa.forms import CarsForm
from capa.models import Car
from capa.services.car_filters import GROUPS, chosen
from capa.services.figure_charts import charts
from capa.services.figure_sheets import cars_file, figures_file, listing
from capa.services.figures import Figures, figures
from capa.views.cars import asked, beside_form
from workflows.models import day_of
from workflows.views.person import person
from workflows.workbooks import MEDIA_TYPE


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Figures over what the person may read; ``year`` is that of what is closed and of the causes."""
    found = _figures(request)
    drawn = charts(found)
    context = {
        "found": found,
        "tables": [(table, drawn[table.key]) for table in found.tables],
        "age_chart": drawn["age"],
        "pareto_chart": drawn["pareto"],
    }
    return render(request, "capa/figures.html", context)


@require_safe
def page_xlsx(request: HttpRequest) -> HttpResponse:
    """The same figures as a file, one sheet for each table."""
    found = _figures(request)
    return as_file(figures_file(found), f"so-lieu-khac-phuc-{found.year}.xlsx")


@require_safe
def cars_xlsx(request: HttpRequest) -> HttpResponse:
    """The list of CARs under the same filters as its page, with a sheet that says which."""
    today = day_of()
    form, given, rows = asked(request)
    found = listing(chosen(rows, given, today).order_by("-created_at", "pk"))
    return as_file(cars_file(found, _said(form, given), today), f"phieu-khac-phuc-{today:%Y-%m-%d}.xlsx")


def _said(form: CarsForm, given: Mapping[str, str]) -> dict[str, str]:
    """The filters in words."""
    said = {}
    for name, field in form.fields.items():
        if value := form.value(name):
            said[str(field.label)] = str(dict(getattr(field, "choices", ())).get(value, value))
    if given.get("group") in GROUPS:
        said[_("Nhóm phiếu")] = str(GROUPS[given["group"]])
    if others := beside_form(given):
        said[_("Chỉ gồm")] = ", ".join(others)
    return said


def _figures(request: HttpRequest) -> Figures:
    return figures(Car.objects.visible_to(person(request)), request.GET, day_of())


def as_file(content: bytes, name: str) -> HttpResponse:
    """An Excel file to keep."""
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
