"""The page that says, for each thing the source reports mention, where the product answers it (``config.mentions``)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.mentions import COMMAND, MENTIONS, PLACES, Mention, Place

SOURCES = {
    "S0": "Hà Nội, 6/2013",
    "S1": "Yên Bái, 2021",
    "S2": "Cả nước, 4/2021",
    "S3": "Cơ quan bộ, 11/2013",
    "S4": "Cả nước, 2012",
}
"""Which report a number begins with."""


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Every mention with links to its answers, by report."""
    groups = [
        (name, [_line(one) for one in MENTIONS if one.number.startswith(f"{report}.")])
        for report, name in SOURCES.items()
    ]
    return render(request, "guide.html", {"groups": groups, "number": len(MENTIONS)})


def _line(one: Mention) -> dict[str, Any]:
    return {"mention": one, "places": [_place(PLACES[key]) for key in one.places]}


def _place(place: Place) -> dict[str, Any]:
    if place.kind == COMMAND:
        return {"command": f"manage.py {place.target}"}
    url = reverse(place.target)
    return {"url": url, "label": place.label or url}
