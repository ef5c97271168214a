"""The form in which somebody types what a report on paper says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capa.indicators import INDICATORS
from capa.services.reported import LARGEST
from documents.forms import LINE, SELECT
from workflows.forms import AreaField

PARTS_HINT = _("Mỗi dòng một phần, viết “tên: số”, ví dụ “Cấp xã: 135”. Các phần phải cộng đúng thành số báo cáo.")


class ReportedForm(forms.Form):
    """One total with its parts."""

    indicator = forms.TypedChoiceField(
        label=_("Chỉ tiêu"),
        choices=[(one.number, f"{one.key}") for one in INDICATORS],
        coerce=int,
        widget=forms.Select(attrs=SELECT),
    )
    numerator = forms.IntegerField(
        label=_("Số báo cáo"), min_value=0, max_value=LARGEST, widget=forms.TextInput(attrs=LINE)
    )
    denominator = forms.IntegerField(
        label=_("Trên tổng số"), min_value=0, max_value=LARGEST, required=False, widget=forms.TextInput(attrs=LINE)
    )
    parts = AreaField(
        label=_("Gồm"),
        max_length=4000,
        required=False,
        help_text=PARTS_HINT,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
    )
    source = forms.CharField(label=_("Theo báo cáo (số, ngày)"), max_length=300, widget=forms.TextInput(attrs=LINE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.number, f"{one.key}. {one.label}") for one in INDICATORS]
        self.fields["indicator"].choices = choices  # type: ignore[attr-defined]
