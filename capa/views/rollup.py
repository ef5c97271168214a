"""The roll-up of a node on a day: seventeen figures, each number a link to what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capa.indicators import BY_NUMBER
from capa.services.behind import DENOMINATOR, NUMERATOR, behind, lines
from capa.services.compared import SILENT, compared, is_quick, one_compared, with_live
from capa.services.nodes import WHOLE_COUNTRY, node_asked, watches
from capa.services.reported import told_of
from capa.services.rollup import Place, counted, references, rows_of
from capa.services.snapshots import may_take
from workflows.errors import NotVisible
from workflows.models import Unit, User, day_of
from workflows.models.people import UnitQuerySet
from workflows.views.person import person, walled
from workflows.views.tree import asked_day

BEHIND, BELOW = 50, 100


@dataclass(frozen=True)
class Asked:
    """What the address asks for. ``problem``: why there are no figures of that day."""

    place: Place
    problem: str = ""

    @property
    def query(self) -> str:
        """The same place and day in another address."""
        return query_of(self.place)


def query_of(place: Place) -> str:
    """A place and a day as parameters."""
    node = WHOLE_COUNTRY if place.node is None else place.node.pk
    return urlencode({"node": node, "on": place.day.isoformat()})


def asked(request: HttpRequest) -> Asked:
    """Place and day of an address; a day to come has no figures."""
    node, (day, wrong) = node_asked(person(request), request.GET.get("node", "")), asked_day(request)
    if wrong:
        wrong = _("Không hiểu ngày “%(day)s”.") % {"day": request.GET.get("on", "").strip()}
    elif day > day_of():
        wrong = _("Ngày %(day)s chưa đến: chưa ai biết số liệu của ngày này.") % {"day": f"{day:%d/%m/%Y}"}
    return Asked(Place(node, day), wrong)


@require_safe
@walled
def page(request: HttpRequest) -> HttpResponse:
    """All figures of a node on a day, with the agencies below to go on to."""
    user, wanted = person(request), asked(request)
    place = wanted.place
    context: dict[str, Any] = {"asked": wanted, "place": place, "today": day_of(), "watches": watches(user)}
    if wanted.problem:
        return render(request, "capa/rollup.html", context, status=400)
    rows = rows_of(place)
    found = counted(rows, references(place))
    context["is_compared"] = is_quick(rows) or request.GET.get("live") == "1"
    if context["is_compared"]:
        found = compared(found, with_live(place, rows))
    told = told_of(place, place.day)
    context["lines"] = [(one, told.get(one.indicator.number)) for one in found]
    context["silent"] = SILENT
    context["shares"] = [one for one in found if one.percent is not None]
    context["may_take"] = may_take(user, place)
    context["above"] = _above(user, place)
    context["page_obj"] = Paginator(_below(user, place), BELOW).get_page(request.GET.get("page"))
    return render(request, "capa/rollup.html", context)


def _below(user: User, place: Place) -> UnitQuerySet:
    """Agencies right below on the day; those that have gone elsewhere since only if the person sees them there."""
    found = Unit.objects.agencies().standing_on(place.day).order_by("path")
    if place.then is None:
        return found.filter(parent=place.node)
    return found.filter(place.then.below(place.node), pk__in=Unit.objects.visible_to(user).values("pk"))


def _above(user: User, place: Place) -> Unit | None:
    """The agency above on the day, if the person sees it."""
    node = place.node
    above = None if node is None else node.parent if place.then is None else place.then.parent(node)
    return above if above is not None and Unit.objects.visible_to(user).filter(pk=above.pk).exists() else None


@require_safe
@walled
def behind_number(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """The list behind one number: as long as the number, or adding up to it."""
    wanted = asked(request)
    if number not in BY_NUMBER or wanted.problem:
        raise NotVisible
    user, place = person(request), wanted.place
    rows, figure = one_compared(place, number, key)
    found = behind(place, figure, key)
    if found is None:
        raise NotVisible
    page_obj = Paginator(found.ids, BEHIND).get_page(request.GET.get("page"))
    context = {
        "asked": wanted,
        "place": place,
        "figure": figure,
        "found": found,
        "page_obj": page_obj,
        "rows": lines(place, rows, figure, found, list(page_obj), user=user),
        "is_whole": key == DENOMINATOR,
        "is_part": key not in (NUMERATOR, DENOMINATOR),
    }
    return render(request, "capa/rollup_behind.html", context)
