"""The table in which a reorganisation's lines are typed, and the one in which heirs are chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.machines.reorganisation import MANNERS, WHAT
from workflows.models import Unit
from workflows.models.tree import AGENCY_KINDS
from workflows.rearranging import MOST, Plan

SPARE = 3
"""Blank rows below those that are filled."""


def _line(limit: int, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "maxlength": str(limit), **attrs})


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


class LineForm(forms.Form):
    """One line; a row without a code is none."""

    what = forms.ChoiceField(label=_("Việc"), choices=WHAT, widget=_select())
    unit = forms.CharField(label=_("Mã cơ quan"), required=False, max_length=40, widget=_line(40, list="agencies"))
    into = forms.CharField(
        label=_("Mã nơi nhận (cách nhau bằng dấu phẩy)"), required=False, max_length=1000, widget=_line(1000)
    )
    name = forms.CharField(label=_("Tên mới"), required=False, max_length=300, widget=_line(300))
    kind = forms.ChoiceField(
        label=_("Loại (khi thành lập)"), required=False, choices=(("", "—"), *AGENCY_KINDS), widget=_select()
    )
    parent = forms.CharField(
        label=_("Mã cấp trên mới"), required=False, max_length=40, widget=_line(40, list="agencies")
    )
    documents = forms.ChoiceField(label=_("Tài liệu"), required=False, choices=MANNERS, widget=_select())


LineFormSet = forms.formset_factory(LineForm, extra=SPARE, max_num=MOST, validate_max=True)


def lines_form(rows: list[dict[str, Any]], data: Any) -> Any:
    """The table, filled with rows or with what was typed; ``more`` in the data asks for blank rows."""
    typed = [{**row, "into": ", ".join(row["into"])} for row in rows]
    form = LineFormSet(data, initial=typed)
    if data is not None and "more" in data and form.is_valid():
        return lines_form(line_rows(form), None)
    return form


def line_rows(form: Any) -> list[dict[str, Any]]:
    """The answer ``lines`` for the door."""
    rows = [one.cleaned_data for one in form if one.cleaned_data.get("unit")]
    return [{**row, "into": [code for code in re.split(r"[,;\s]+", row["into"]) if code]} for row in rows]


class HeirForm(forms.Form):
    """Who takes over what each unit of the agencies that end holds; "" leaves it to the rule.

    ``lone``: after the decision only those that have something which nobody takes, each with how much.
    """

    def __init__(
        self, plan: Plan, chosen: dict[str, str], data: Any = None, *, lone: Mapping[Unit, int] | None = None
    ) -> None:
        super().__init__(data)
        for agency in plan.endings:
            nobody = _("— theo quy tắc —") if lone is None else _("— chưa chọn —")
            for unit in plan.parts.get(agency, ()):
                if lone is not None and unit not in lone:
                    continue
                self.fields[str(unit.pk)] = forms.ChoiceField(
                    label=str(unit),
                    required=False,
                    choices=[("", nobody), *plan.places(agency).items()],
                    initial=chosen.get(str(unit.pk), ""),
                    widget=_select(),
                    help_text=_("%(number)d việc chưa có nơi nhận") % {"number": lone[unit]} if lone else "",
                )
