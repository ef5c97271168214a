"""The table in which a committee's members are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workflows.models import Unit, User
from workflows.models.committee import COMMITTEE_ROLES, MEMBER_LIMIT
from workflows.roles import Role

SPARE = 3
"""Blank rows below those that are filled."""
SHOWN = 200
"""People offered by name while typing."""

ROLES = tuple((role, Role(role).label) for role in COMMITTEE_ROLES)


class MemberForm(forms.Form):
    """One member; a row without a name is none."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "people", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Vai trò"), choices=ROLES, widget=forms.Select(attrs={"class": "form-select"}))
    unit = forms.TypedChoiceField(label=_("Đơn vị"), coerce=int, widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined] # a choice field


MemberFormSet = forms.formset_factory(MemberForm, extra=SPARE, max_num=MEMBER_LIMIT, validate_max=True)


def members_form(about: Unit, rows: list[dict[str, Any]], data: Any) -> Any:
    """The table of an agency, filled with rows or with what was typed; ``more`` in the data asks for blank rows."""
    units = [(unit.pk, unit.name) for unit in Unit.objects.filter(agency=about).order_by("path")]
    form = MemberFormSet(data, initial=rows, form_kwargs={"units": units})
    if data is not None and "more" in data and form.is_valid():
        return MemberFormSet(initial=member_rows(form), form_kwargs={"units": units})
    return form


def member_rows(form: Any) -> list[dict[str, Any]]:
    """The answer ``members`` for the door."""
    rows = [one.cleaned_data for one in form if one.cleaned_data.get("username")]
    return [{"username": row["username"], "role": row["role"], "unit": row["unit"]} for row in rows]


def members_of(about: Unit) -> QuerySet[User]:
    """People who have held a seat in the agency: those whose names are offered."""
    known = User.objects.filter(seats__unit__agency=about, is_active=True).distinct()
    return known.order_by("full_name")[:SHOWN]
