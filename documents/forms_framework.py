"""Forms of framework models: a new model, the facts of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.deviating import PARTS
from documents.models import DocumentKind
from documents.models.item_facts import LIMITS
from workflows.models import Unit
from workflows.models.tree import AGENCY_KINDS

LINE = {"class": "form-control"}
SELECT = {"class": "form-select"}
YES, NO = "True", "False"


class _Taking(forms.Form):
    """A form that shows what the door refused."""

    def take(self, sentence: object, problems: Sequence[str] | Mapping[str, str]) -> None:
        """Beside the fields, or above the form."""
        if isinstance(problems, Mapping):
            for name, said in problems.items():
                self.add_error(name if name in self.fields else None, str(said))
        for said in (problems or [str(sentence)]) if not isinstance(problems, Mapping) else ():
            self.add_error(None, str(said))


class NewModelForm(_Taking):
    """What a model is called and whom it is for."""

    title = forms.CharField(label=_("Tên mô hình"), max_length=300, widget=forms.TextInput(attrs=LINE))
    sector = forms.CharField(
        label=_("Ngành, lĩnh vực"), max_length=120, required=False, widget=forms.TextInput(attrs=LINE)
    )
    kinds = forms.MultipleChoiceField(
        label=_("Loại cơ quan áp dụng"), choices=AGENCY_KINDS, widget=forms.CheckboxSelectMultiple
    )
    below = forms.ModelChoiceField(
        label=_("Áp dụng cho các cơ quan thuộc"),
        queryset=Unit.objects.none(),
        widget=forms.Select(attrs=SELECT),
        help_text=_("Sở viết mô hình cho các xã của tỉnh thì chọn tỉnh."),
    )

    def __init__(self, data: Any = None, *, place: Unit) -> None:
        super().__init__(data)
        above = (place.parent.agency_id if place.parent else None) or place.pk
        self.fields["below"].queryset = Unit.objects.filter(pk__in=(place.pk, above)).order_by("path")  # type: ignore[attr-defined]
        self.initial = {"below": place.pk}


class ItemForm(_Taking):
    """An item of a model, without its content."""

    key = forms.CharField(
        label=_("Khoá"),
        max_length=40,
        widget=forms.TextInput(attrs=LINE),
        help_text=_("Chữ thường không dấu, số, gạch; giữ nguyên qua các bản của mô hình."),
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=DocumentKind.choices, widget=forms.Select(attrs=SELECT))
    code = forms.CharField(
        label=_("Mẫu mã hiệu"),
        max_length=LIMITS["code"],
        widget=forms.TextInput(attrs=LINE),
        help_text=_("{agency} được thay bằng mã của cơ quan áp dụng."),
    )
    title = forms.CharField(label=_("Tên"), max_length=LIMITS["title"], widget=forms.TextInput(attrs=LINE))
    required = forms.TypedChoiceField(
        label=_("Mức độ"),
        choices=((YES, _("Bắt buộc")), (NO, _("Không bắt buộc"))),
        coerce=lambda chosen: chosen == YES,
        widget=forms.Select(attrs=SELECT),
    )
    open_parts = forms.MultipleChoiceField(
        label=_("Phần mà cơ quan áp dụng được sửa khác"),
        choices=[(name, part.label) for name, part in PARTS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
