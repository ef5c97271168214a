"""The ISO year of an agency on one page: what is done, what is under way, what waits for what."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capa.models.programme import YEARS
from capa.services.isoyear import year_of
from capa.services.known import COUNTS, Place
from capa.services.listing import lines
from workflows.access import fetch
from workflows.errors import NotVisible
from workflows.models import Unit, User, day_of
from workflows.views.person import person, walled

BEHIND = 50
YEAR_DIGITS = 4


def _agency(user: User, text: str) -> Unit:
    """The agency that the address names, or that of the first seat."""
    if text:
        if not (text.isascii() and text.isdecimal()) or len(text) > 9:  # noqa: PLR2004 - fits every integer column
            raise NotVisible
        found = fetch(Unit, user, int(text))
        if not found.is_agency:
            raise NotVisible
        return found
    first = next((seat.agency for seat in user.seats_held()), None)
    if first is None:
        raise PermissionDenied(_("Cần có vai trò trong cơ quan thì mới xem được năm ISO."))
    return first


def _year(text: str) -> int:
    """A year that is one of ours; else this year."""
    fits = text.isascii() and text.isdecimal() and len(text) <= YEAR_DIGITS
    return int(text) if fits and YEARS[0] <= int(text) <= YEARS[1] else day_of().year


@require_safe
@walled
def iso_year(request: HttpRequest) -> HttpResponse:
    """The steps of a year in their order, each with the records and numbers on which its state rests."""
    agency = _agency(person(request), request.GET.get("agency", ""))
    year = _year(request.GET.get("year", ""))
    place = Place(agency, day_of(), year)
    context = {
        "agency": agency,
        "year": year,
        "today": place.day,
        "steps": year_of(place),
        "years": (year - 1, year + 1),
    }
    return render(request, "capa/isoyear.html", context)


@require_safe
@walled
def behind(request: HttpRequest, agency: int, year: int, key: str) -> HttpResponse:
    """The list behind a number of the year."""
    user = person(request)
    if key not in COUNTS or not YEARS[0] <= year <= YEARS[1]:
        raise NotVisible
    place = Place(_agency(user, str(agency)), day_of(), year)
    page = Paginator(COUNTS[key].rows(place), BEHIND).get_page(request.GET.get("page"))
    context = {"place": place, "count": COUNTS[key], "page_obj": page, "rows": lines(page, user)}
    return render(request, "capa/isoyear_behind.html", context)
