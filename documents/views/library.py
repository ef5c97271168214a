"""The library: what is in force on a day by unit and kind, and what is being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.forms import DraftsForm, ShelfForm
from documents.models import Document, DocumentKind, DocumentVersion
from documents.models.version import VersionQuerySet
from documents.services.alarm import CAUSES, LAW, alarms
from documents.services.alarm_words import sentences
from documents.services.asof import Moment
from documents.services.drafting import CREATE
from documents.services.lines import Line, lines
from documents.services.shelf import PUBLIC_STATES, Wanted, by_unit_and_kind, drafts, shelf
from workflows.models import Unit, User, day_of
from workflows.views.person import person

PAGE = 50


@dataclass(frozen=True)
class Group:
    """A heading and the versions under it. ``mixed``: of several units, so that each row must name its own."""

    title: str
    rows: Sequence[DocumentVersion | Line]
    mixed: bool = False


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Documents in force on a day (``on``) by what was recorded on another (``known``), or in another public state; the
    tab ``drafts`` shows versions under way.
    """
    user, today = person(request), day_of()
    under_way = request.GET.get("tab") == "drafts"
    names, fields = unit_names(user), _fields(user)
    form = (DraftsForm if under_way else ShelfForm)(request.GET, units=names.items(), fields=fields)
    wanted = form.wanted(today)
    rows = drafts(user, wanted) if under_way else shelf(user, wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    timeless = under_way or wanted.state in PUBLIC_STATES
    moment = Moment.now(today) if timeless else wanted.at
    written = list(page) if under_way else []
    standing = [] if under_way else lines(cast("VersionQuerySet", page.object_list), moment)
    # What is not in force can only cite dead law: it owes nobody an update or a review.
    found = alarms([*written, *standing], moment, {LAW} if timeless else CAUSES)
    said = {pk: sentences(alarm) for pk, alarm in found.items()}
    plain = not (under_way or wanted.q or wanted.state or wanted.unit or wanted.kind or wanted.field)
    overview = _overview(user, wanted, names) if plain else []
    context = {
        "form": form,
        "page_obj": page,
        "groups": [Group("", written, mixed=True)] if written else _groups(standing, wanted, names),
        "said": said,
        "drafts": under_way,
        "by_state": wanted.state in PUBLIC_STATES,
        "moment": moment,
        "timeless": timeless and not wanted.at.is_now,
        "overview": overview,
        "kinds": len({kind["code"] for line in overview for kind in line["kinds"]}),
        "may_write": bool(user.roles().intersection(CREATE.by)),
    }
    return render(request, "documents/library.html", context, status=400 if form.errors else 200)


def unit_names(user: User) -> dict[str, str]:
    """Units that have documents the person may know of, by id; with the agency where several are seen. One query."""
    mine = Document.objects.in_agencies_of(user).values("unit")
    units = list(Unit.objects.filter(pk__in=mine).select_related("agency").order_by("path"))
    several = len({unit.agency_id for unit in units}) > 1
    return {str(unit.pk): f"{unit} – {unit.agency}" if several and not unit.is_agency else str(unit) for unit in units}


def _fields(user: User) -> list[str]:
    mine = Document.objects.in_agencies_of(user).exclude(field="")
    return list(mine.order_by("field").values_list("field", flat=True).distinct())


def _groups(rows: list[Line], wanted: Wanted, names: dict[str, str]) -> list[Group]:
    """By unit and kind; a search by how exactly it hit."""
    if wanted.q:
        titles = {0: _("Khớp với từ đã gõ"), 1: _("Khớp khi bỏ dấu, theo mã hiệu hoặc theo viện dẫn")}
        hits = groupby(rows, key=lambda line: line.exact)
        return [Group(titles[exact], list(found), mixed=True) for exact, found in hits]
    shelves = groupby(rows, key=lambda line: (line.unit_id, line.kind))
    return [
        Group(f"{names.get(str(unit), '')} · {DocumentKind(kind).label}", list(found))
        for (unit, kind), found in shelves
    ]


def _overview(user: User, wanted: Wanted, names: dict[str, str]) -> list[dict[str, Any]]:
    """Numbers by unit and kind over the whole shelf of the day, the fullest unit first."""
    units: dict[int, dict[str, Any]] = {}
    for pk, kind, number in by_unit_and_kind(shelf(user, Wanted(at=wanted.at))):
        line = units.setdefault(pk, {"unit": pk, "name": names.get(str(pk), ""), "kinds": [], "total": 0})
        line["kinds"].append({"code": kind, "label": DocumentKind(kind).label, "n": number})
        line["total"] += number
    return sorted(units.values(), key=lambda line: -line["total"])
