"""Evidence packs: made and sent in one deed, and checked again by whoever holds one."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from capa import archives
from capa.models import EvidencePack, Inspection, SelfScore
from capa.services.auto import place_of
from capa.services.evidence import Source, make
from capa.services.known import Place
from capa.views.inspection import AMONG
from workflows.access import fetch
from workflows.errors import NotReadable
from workflows.models import Unit, User, day_of
from workflows.text import fold
from workflows.views.person import person, walled

SIZE_LIMIT = 200 * 2**20
"""Bytes of a pack that the page takes; the command takes any."""


def source_of_inspection(user: User, pk: UUID) -> Source:
    """What an inspection's pack is made of, for who may read the inspection."""
    found = fetch(Inspection, user, pk, among=AMONG.all().defer(None))
    if not found.is_open_to(user):
        raise NotReadable
    return Source(found, place_of(found), found.plan.template)


def source_of_self_score(user: User, pk: UUID) -> Source:
    """The same of a self-score."""
    found = fetch(SelfScore, user, pk, among=SelfScore.objects.for_list().select_related("template"))
    return Source(found, Place(found.agency, day_of(), found.year), found.template)


def sent(source: Source, user: User) -> FileResponse:
    """The pack as a file, with its digest in the answer."""
    file, row = make(source, user, timezone.now())
    name = f"bang-chung-{fold(source.place.agency.code).replace(' ', '-')}-{source.place.day:%Y%m%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Content-Length"] = str(row.size)
    response["X-Content-SHA256"] = row.sha256
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@walled
def inspection_pack(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The evidence pack of an inspected agency."""
    user = person(request)
    return sent(source_of_inspection(user, pk), user)


@require_POST
@walled
def self_score_pack(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The evidence pack of a self-score."""
    user = person(request)
    return sent(source_of_self_score(user, pk), user)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Is a pack still what its manifest says, and is it one that was made here?"""
    user, given = person(request), request.FILES.get("pack")
    if request.method != "POST":
        return render(request, "capa/inspections/check.html")
    if given is None or (given.size or 0) > SIZE_LIMIT:
        problem = _("Hãy chọn một tệp ZIP không quá 200 MB.")
        return render(request, "capa/inspections/check.html", {"problem": problem}, status=400)
    sha256, _size = archives.digest(given)  # type: ignore[arg-type]
    mine = EvidencePack.objects.filter(agency__in=Unit.objects.visible_to(user), sha256=sha256)
    context = {
        "checked": True,
        "faults": archives.faults(given),  # type: ignore[arg-type]
        "sha256": sha256,
        "known": mine.select_related("agency").order_by("at").first(),
    }
    return render(request, "capa/inspections/check.html", context)
