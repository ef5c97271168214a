"""Forms made from the tables: a step's ``asks`` are its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from workflows.answers import FILES_LIMIT, LINE_LIMIT, NUMBER_LIMIT
from workflows.errors import WorkflowError
from workflows.machines.tree import OBLIGATION
from workflows.models import Attachment, CalendarException, Record, User
from workflows.models.tree import AGENCY_KINDS, values_of
from workflows.models.tree import NUMBER_LIMIT as DECISION_LIMIT
from workflows.tables import Ask, Step

DAY_HINT = _("Viết ngày/tháng/năm, ví dụ 05/03/2026.")


def day_input() -> forms.DateInput:
    """A day typed as dd/mm/yyyy: the browser's own picker would follow the machine's language, not ours."""
    attrs = {"class": "form-control", "placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
    return forms.DateInput(attrs=attrs)


class AreaField(forms.CharField):
    """Text of several lines, counted as the door counts it: browsers send each line end as two characters."""

    def to_python(self, value: Any) -> str:
        """The text with single line ends."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


FILES_HINT = format_lazy(
    _("PDF, PNG, JPEG, WebP, DOCX, XLSX hoặc .txt; nhiều nhất {limit} tệp, mỗi tệp đến 20 MB."), limit=FILES_LIMIT
)


class FilesInput(forms.Widget):
    """A chooser for several files; above it those that are stored already, each to be kept or left out.

    Its value is ids: the files themselves are stored before the form is read (``workflows.uploading``).
    """

    template_name = "workflows/parts/files_input.html"
    needs_multipart_form = True
    kept: Iterable[Attachment] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Every id under the name."""
        del files
        found: list[str] = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return found

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Without ``required`` on the chooser: what is kept answers it as well."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("required", None)
        return {**context, "kept": self.kept}


class FilesField(forms.Field):
    """Ids of files; the door finds out whose they are."""

    widget = FilesInput

    def to_python(self, value: Any) -> list[str]:
        """Those that can be ids at all: a hidden field that somebody has bent is no file."""
        return [one for one in value or [] if _is_id(one)]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _field(ask: Ask, record: Record) -> forms.Field:
    options: dict[str, Any] = {
        "label": ask.label,
        "required": ask.required,
        "error_messages": {"required": format_lazy(_("Cần nhập: {label}."), label=ask.label)},
    }
    if ask.kind == "date":
        return forms.DateField(widget=day_input(), help_text=DAY_HINT, **options)
    if ask.kind in ("choice", "pick"):
        select = forms.Select(attrs={"class": "form-select"})
        choices = ask.choices if ask.kind == "choice" else record.options(ask.name)
        return forms.ChoiceField(choices=[("", "—"), *choices], widget=select, **options)
    if ask.kind == "files":
        return FilesField(help_text=FILES_HINT, **options)
    if ask.kind == "number":
        digits = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
        return forms.IntegerField(min_value=0, max_value=NUMBER_LIMIT, widget=digits, **options)
    if ask.kind in ("text", "prose"):
        area = forms.Textarea(attrs={"class": "form-control", "rows": 3})
        return AreaField(max_length=ask.limit, widget=area, strip=ask.kind == "text", **options)
    line = forms.TextInput(attrs={"class": "form-control"})
    return forms.CharField(max_length=LINE_LIMIT, widget=line, **options)


def is_simple(step: Step) -> bool:
    """True if a step's answers fit a plain form; structured (JSON) answers have pages of their own, and where they may
    be left out the form goes without.
    """
    return not any(ask.kind == "json" and ask.required for ask in step.asks)


def demands_reason(step: Step) -> bool:
    """True for a step that must be explained: returning, recalling, cancelling."""
    return any(ask.kind == "text" and ask.required for ask in step.asks)


def button_style(step: Step) -> str:
    """CSS class of a step's button: one that must be explained is not the inviting one."""
    return "btn-danger-line" if demands_reason(step) else "btn-primary"


class StepForm(forms.Form):
    """Answers to a step that is simple. ``user``: whose stored files are shown again; needed with files in ``data``."""

    def __init__(self, step: Step, record: Record, data: Any = None, user: User | None = None) -> None:
        super().__init__(data, auto_id=f"{step.action}_%s")
        for ask in step.asks:
            if ask.kind == "json":
                continue
            self.fields[ask.name] = _field(ask, record)
            widget = self.fields[ask.name].widget
            if isinstance(widget, FilesInput) and data is not None and user is not None:
                ids = [one for one in widget.value_from_datadict(data, None, ask.name) if _is_id(one)]
                widget.kept = Attachment.objects.waiting(record.pk, user).filter(pk__in=ids).order_by("uploaded_at")

    def take(self, problems: Sequence[str] | Mapping[str, str]) -> None:
        """Show the door's problems beside the fields, or above the form where they belong to none."""
        if isinstance(problems, Mapping):
            for name, sentence in problems.items():
                self.add_error(name if name in self.fields else None, str(sentence))
        else:
            for sentence in problems:
                self.add_error(None, str(sentence))


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg] # not a generic when it runs
    """One exception to the working calendar."""

    is_working = forms.TypedChoiceField(
        label=_("Ngày này là"),
        choices=(("no", _("Ngày nghỉ")), ("yes", _("Ngày làm việc"))),
        coerce=lambda chosen: chosen == "yes",
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    class Meta:
        model = CalendarException
        fields = ("day", "is_working", "reason")
        widgets = {
            "day": day_input(),
            "reason": forms.TextInput(attrs={"class": "form-control"}),
        }
        labels = {"day": _("Ngày"), "reason": _("Lý do, số văn bản")}
        help_texts = {"day": DAY_HINT}
        error_messages = {"day": {"unique": _("Ngày này đã có trong bảng ngoại lệ; hãy bỏ dòng cũ trước.")}}


class DecisionForm(forms.Form):
    """A decision on one aspect of a unit."""

    def __init__(self, aspect: str, data: Any = None) -> None:
        super().__init__(data)
        select = forms.Select(attrs={"class": "form-select"})
        line = forms.TextInput(attrs={"class": "form-control"})
        if choices := values_of(aspect):
            self.fields["value"] = forms.ChoiceField(label=_("Giá trị mới"), choices=choices, widget=select)
        else:
            self.fields["value"] = forms.CharField(label=_("Tên mới"), max_length=LINE_LIMIT, widget=line)
        if aspect == OBLIGATION:
            kinds = (
                (kind, format_lazy(_("Mọi cơ quan cấp dưới loại: {kind}"), kind=name)) for kind, name in AGENCY_KINDS
            )
            self.fields["below"] = forms.ChoiceField(
                label=_("Áp dụng cho"),
                choices=(("", _("Riêng cơ quan này")), *kinds),
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self.fields["valid_from"] = forms.DateField(
            label=_("Có hiệu lực từ ngày"), widget=day_input(), help_text=DAY_HINT
        )
        self.fields["decision_no"] = forms.CharField(
            label=_("Số quyết định"), max_length=DECISION_LIMIT, widget=forms.TextInput(attrs={"class": "form-control"})
        )
        self.fields["decision_on"] = forms.DateField(label=_("Ngày quyết định"), widget=day_input())

    def take(self, error: WorkflowError) -> None:
        """Show what the door refused beside the fields, or above the form."""
        if not error.problems:
            self.add_error(None, str(error.sentence))
        elif isinstance(error.problems, Mapping):
            for name, sentence in error.problems.items():
                self.add_error(name if name in self.fields else None, str(sentence))
        else:
            for sentence in error.problems:
                self.add_error(None, str(sentence))
