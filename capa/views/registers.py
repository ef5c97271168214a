"""Registers behind F16 and F17: certificates of agencies, and who may advise and assess."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capa.models import Certificate, Provider
from workflows.models import day_of
from workflows.views.person import person, walled

PAGE = 50


@require_safe
@walled
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates of the agencies that the person sees, the newest first."""
    rows = Certificate.objects.visible_to(person(request)).select_related("agency")
    context = {"page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")), "today": day_of()}
    return render(request, "capa/certificates.html", context)


@require_safe
@walled
def providers(request: HttpRequest) -> HttpResponse:
    """Organisations and persons that are registered, for everybody: the list is public."""
    page_obj = Paginator(Provider.objects.all(), PAGE).get_page(request.GET.get("page"))
    return render(request, "capa/providers.html", {"page_obj": page_obj, "today": day_of()})
