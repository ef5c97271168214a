"""Filters of the register of CARs. The names are those of ``services.car_filters``, which the figures use too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capa.analysis import Category
from capa.clauses import clause_label
from capa.machines.car import SEVERITIES, SOURCES
from capa.services.car_filters import NONE
from documents.forms import ANY, LINE, SELECT, FilterForm

UNSAID = (NONE, _("Chưa ghi"))


def _choice(label: Any, choices: Iterable[Any]) -> forms.ChoiceField:
    select = forms.Select(attrs=SELECT)
    return forms.ChoiceField(label=label, choices=[ANY, *choices], required=False, widget=select)


class CarsForm(FilterForm):
    """What a reader looks for among CARs."""

    q = forms.CharField(
        label=_("Số phiếu, nội dung"), max_length=300, required=False, widget=forms.TextInput(attrs=LINE)
    )
    unit = _choice(_("Đơn vị"), ())
    clause = _choice(_("Điều khoản"), ())
    cause = _choice(_("Nhóm nguyên nhân"), [*Category.choices, UNSAID])
    source = _choice(_("Nguồn"), SOURCES)
    severity = _choice(_("Mức độ"), SEVERITIES)

    def __init__(self, data: Mapping[str, Any], *, units: Iterable[Any], clauses: Iterable[Any]) -> None:
        super().__init__(data)
        named = [(code, clause_label(code)) for code, _label in clauses]
        self.fields["unit"] = _choice(_("Đơn vị"), units)
        self.fields["clause"] = _choice(_("Điều khoản"), [*named, UNSAID])
