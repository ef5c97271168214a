"""Trying a change of law before it happens: a form in the address, an answer, and nothing written."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from documents.forms import AREA, LINE, NO_DAY, SELECT
from documents.machines.impact import CAMPAIGN
from documents.models import Regulation
from documents.numbers import find_numbers, number_key
from documents.services.lookup import near_misses
from documents.services.simulation import Foretold, Supposition, foretell
from documents.views.regulation import places_for
from workflows.models import Unit, User, day_of
from workflows.views.person import person

DAY = {"class": "form-control", "placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
KINDS = ("replaces", "repeals", "amends", "repeals_part", "guides")
"""Relations that a person can try."""
MANY = 40


def _numbers(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=4000, widget=forms.Textarea(attrs=AREA | {"rows": 2})
    )


class TrialForm(forms.Form):
    """What is supposed: an act by its number, its day, and what it does to others."""

    number = forms.CharField(label=lazy("Số, ký hiệu văn bản"), max_length=120, widget=forms.TextInput(attrs=LINE))
    event = forms.ChoiceField(
        label=lazy("Điều xảy ra"),
        choices=[
            ("effective", lazy("bắt đầu có hiệu lực")),
            ("amended", lazy("được sửa đổi, bổ sung")),
            ("suspended", lazy("ngưng hiệu lực")),
            ("expired", lazy("hết hiệu lực")),
        ],
        required=False,
        widget=forms.Select(attrs=SELECT),
    )
    effective_on = forms.DateField(
        label=lazy("Từ ngày"), required=False, widget=forms.DateInput(attrs=DAY), error_messages=NO_DAY
    )
    replaces = _numbers(lazy("Thay thế các văn bản"))
    repeals = _numbers(lazy("Bãi bỏ các văn bản"))
    amends = _numbers(lazy("Sửa đổi, bổ sung các văn bản"))
    repeals_part = _numbers(lazy("Bãi bỏ một phần các văn bản"))
    guides = _numbers(lazy("Hướng dẫn các văn bản"))

    def clean(self) -> dict[str, Any]:
        """Read the numbers of each kind; a number that is not in the register is said, with what it may be."""
        data = super().clean() or self.cleaned_data
        found: list[tuple[str, Regulation]] = []
        for kind in KINDS:
            text = data.get(kind, "")
            keys = {number.key: number.text for number in find_numbers(text)}
            if text.strip() and not keys:
                self.add_error(kind, _("Không thấy số, ký hiệu văn bản nào."))
            if len(keys) > MANY:
                self.add_error(kind, _("Nhiều nhất %(many)d văn bản.") % {"many": MANY})
                continue
            acts = {act.number_key: act for act in Regulation.objects.filter(number_key__in=keys)}
            for key in keys.keys() - acts.keys():
                self.add_error(kind, _unknown(keys[key]))
            found += [(kind, acts[key]) for key in sorted(acts)]
        data["relations"] = found
        return data

    def supposition(self) -> Supposition:
        """The act of the register, or a new one, as supposed."""
        data = self.cleaned_data
        act = Regulation.objects.by_number(data["number"]).first()
        act = act or Regulation(number=data["number"], number_key=number_key(data["number"]))
        day = data["effective_on"] or (act.expired_on if data["event"] == "expired" else act.effective_on)
        return Supposition(act, day, data["relations"], data["event"] or "effective")


def _unknown(number: str) -> str:
    text = _("%(number)s chưa có trong danh mục văn bản") % {"number": number}
    hints = ", ".join(near_misses(number))
    return f"{text}; {_('có phải')} {hints}?" if hints else f"{text}."


@require_safe
def simulation(request: HttpRequest) -> HttpResponse:
    """The form, and once it is filled in, who would get which work and which bases would die, by unit."""
    user, today = person(request), day_of()
    places = places_for(user, CAMPAIGN, "launch") or [seat.agency for seat in user.seats_held()][:1]
    if not places:
        raise PermissionDenied(_("Bạn chưa giữ vị trí nào trong cơ quan."))
    wanted = request.GET.get("agency", "")
    place = next((one for one in places if wanted == str(one.pk)), places[0])
    asked = "number" in request.GET
    form = TrialForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "places": places, "place": place, "today": today}
    if asked and form.is_valid():
        context |= _answer(form.supposition(), place, user)
    return render(request, "documents/simulation.html", context, status=400 if form.errors else 200)


def _answer(supposition: Supposition, place: Unit, user: User) -> dict[str, Any]:
    found = foretell(supposition, agency=place, user=user, day=day_of())
    groups = [(unit, list(rows)) for unit, rows in groupby(found, key=lambda one: one.touched.version.unit)]
    return {
        "supposition": supposition,
        "known": not supposition.act._state.adding,
        "groups": groups,
        "number": len(found),
        "dying": sum(one.dead_from is not None for one in found),
        "without_owner": _without_owner(found),
        "due_on": found[0].due_on if found else None,
    }


def _without_owner(found: list[Foretold]) -> list[Unit]:
    """Units whose work nobody could take: they have no drafter."""
    units = {one.touched.version.unit_id: one.touched.version.unit for one in found if not one.owners}
    return sorted(units.values(), key=lambda unit: unit.path)
