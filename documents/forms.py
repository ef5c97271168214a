"""Forms of this app: filters, a new document, the facts of a legal document, a relation, bulk screening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from documents.facts import DAYS, TEXTS
from documents.machines.impact import BULK, IMPACT
from documents.machines.version import OPEN, VERSION
from documents.models import DocumentKind, Regulation, RelationKind, Validity
from documents.provisions import LIMIT
from documents.services.alarm import CHANGES, OUTDATED, REVIEW
from documents.services.asof import NOT_KNOWN_YET, Moment, UnknownYet
from documents.services.oddities import Oddity
from documents.services.shelf import PUBLIC_STATES, STALE, Wanted
from workflows.models import Unit
from workflows.tables import Ask
from workflows.text import nfc

ANY = ("", _("Tất cả"))
LINE = {"class": "form-control"}
AREA = {"class": "form-control", "rows": 3}
SELECT = {"class": "form-select"}
DAY = {"class": "form-control", "placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
NO_DAY = {"invalid": _("Không phải là ngày. Viết theo dạng 05/03/2026.")}


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs=DAY), error_messages=NO_DAY, **more
    )


def _choice(label: Any, choices: Iterable[Any], *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), required=required, widget=forms.Select(attrs=SELECT))


def _line(label: Any, limit: int, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=required, widget=forms.TextInput(attrs=LINE), **more)


class FilterForm(forms.Form):
    """A filter from the address: a value that is none is told of and otherwise as if it were not there."""

    def value(self, name: str) -> Any:
        """The cleaned value, or None."""
        self.is_valid()
        return self.cleaned_data.get(name)


class ShelfForm(FilterForm):
    """What a reader looks for in the library."""

    q = _line(_("Tên, mã hiệu, hoặc số văn bản viện dẫn"), 300)
    unit = _choice(_("Đơn vị"), [ANY])
    kind = _choice(_("Loại"), [ANY, *DocumentKind.choices])
    field = _choice(_("Lĩnh vực"), [ANY])
    state = _choice(
        _("Tình trạng"),
        [
            ("", _("Đang có hiệu lực")),
            (STALE, _("Viện dẫn văn bản hết hiệu lực")),
            (CHANGES, _("Thay đổi đã quá hạn chưa cập nhật")),
            (REVIEW, _("Quá kỳ rà soát định kỳ")),
            (OUTDATED, _("Lạc hậu vì một trong ba lý do trên")),
            *((state, VERSION.stage(state).label) for state in PUBLIC_STATES),
        ],
    )
    on = _day(_("Có hiệu lực vào ngày"))
    known = _day(_("Theo ghi nhận đến hết ngày"))

    def __init__(self, data: Mapping[str, Any], *, units: Iterable[Any], fields: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["unit"] = _choice(_("Đơn vị"), [ANY, *units])
        self.fields["field"] = _choice(_("Lĩnh vực"), [ANY, *((name, name) for name in fields)])

    def wanted(self, today: date) -> Wanted:
        """The search that the fields stand for."""
        texts = {name: self.value(name) or "" for name in ("q", "unit", "kind", "field", "state")}
        return Wanted(at=self._moment(today), mine=bool(self.value("mine")), **texts)

    def _moment(self, today: date) -> Moment:
        """The days asked for; a wrong one is told of, and neither counts then."""
        self.is_valid()
        if "on" in self.errors or "known" in self.errors:
            return Moment.now(today)
        try:
            return Moment(self.value("on") or today, self.value("known"), today)
        except UnknownYet:
            self.add_error("known", NOT_KNOWN_YET)
            return Moment.now(today)


class DraftsForm(ShelfForm):
    """The same for versions under way: their state is a step, and no day matters."""

    def __init__(self, data: Mapping[str, Any], *, units: Iterable[Any], fields: Iterable[str]) -> None:
        super().__init__(data, units=units, fields=fields)
        del self.fields["on"], self.fields["known"]
        stages = [(state, VERSION.stage(state).label) for state in OPEN]
        self.fields["state"] = _choice(_("Bước"), [ANY, *stages])
        self.fields["mine"] = _choice(_("Người mở"), [ANY, ("1", _("Do tôi mở"))])


class LawForm(FilterForm):
    """What a reader looks for in the register of legal documents."""

    q = _line(_("Số, ký hiệu hoặc trích yếu"), 300)
    validity = _choice(_("Hiệu lực"), [ANY, *Validity.choices])
    odd = _choice(_("Điểm lạ"), [ANY, *Oddity.choices])
    on = _day(_("Tính vào ngày"))


class ItemsForm(FilterForm):
    """Which items of a campaign to show."""

    q = _line(_("Tên, mã hiệu tài liệu"), 300)
    unit = _choice(_("Đơn vị"), [ANY])
    state = _choice(_("Trạng thái"), [ANY, *((stage.state, stage.label) for stage in IMPACT.stages)])
    mine = _choice(_("Chờ ai"), [ANY, ("1", _("Chờ tôi xử lý"))])

    def __init__(self, data: Mapping[str, Any], *, units: Iterable[Any]) -> None:
        super().__init__(data)
        self.fields["unit"] = _choice(_("Đơn vị"), [ANY, *units])

    def wanted(self) -> dict[str, Any]:
        """The search that the fields stand for."""
        texts = {name: self.value(name) or "" for name in ("q", "unit", "state")}
        return {**texts, "mine": bool(self.value("mine"))}


class TakesProblems(forms.Form):
    """A form that can show the door's refusal beside its fields."""

    def take(self, sentence: Any, problems: Any) -> None:
        """Put problems beside the fields they name, the rest above the form; without any, the sentence itself."""
        named = problems if isinstance(problems, Mapping) else {}
        for name, text in named.items():
            self.add_error(name if name in self.fields else None, str(text))
        for text in () if named else problems:
            self.add_error(None, str(text))
        if not problems:
            self.add_error(None, str(sentence))


class NewDocumentForm(TakesProblems):
    """Identity of a new document; its first draft follows."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Đơn vị"), widget=forms.Select(attrs=SELECT))
    kind = _choice(_("Loại"), DocumentKind.choices, required=True)
    code = _line(
        _("Mã hiệu"),
        60,
        required=True,
        help_text=_("Không trùng trong cơ quan, dù viết cách, chấm hay gạch khác nhau."),
    )
    title = forms.CharField(label=_("Tên"), max_length=2000, widget=forms.Textarea(attrs=AREA))
    field = _line(_("Lĩnh vực"), 120)
    note = forms.CharField(
        label=_("Lý do, căn cứ soạn thảo"), max_length=4000, required=False, widget=forms.Textarea(attrs=AREA)
    )

    def __init__(self, data: Any = None, *, units: QuerySet[Unit], kinds: Iterable[str]) -> None:
        super().__init__(data, initial={"kind": DocumentKind.TTHC_PROC})
        place = self.fields["unit"]
        if isinstance(place, forms.ModelChoiceField):
            place.queryset = units
            place.empty_label = None if units.count() == 1 else "—"
        allowed = set(kinds)
        self.fields["kind"] = _choice(
            _("Loại"), [(code, label) for code, label in DocumentKind.choices if code in allowed], required=True
        )

    def clean(self) -> dict[str, Any]:
        """One form of every letter, and one line of title."""
        data = super().clean() or {}
        return {name: " ".join(nfc(text).split()) if isinstance(text, str) else text for name, text in data.items()}


SOURCE_STATUS = (
    ("", _("Không ghi")),
    ("in_force", _("Còn hiệu lực")),
    ("in_force_partly_repealed", _("Hết hiệu lực một phần")),
    ("expired", _("Hết hiệu lực toàn bộ")),
    ("unknown", _("Nguồn không rõ")),
    ("dropped_2025_2026", _("Nguồn không còn liệt kê từ 2025–2026, không nêu lý do")),
)


# What the register already has of a number that is being typed.
KNOWN = {
    "hx-get": reverse_lazy("documents:suggest"),
    "hx-vals": '{"links": 1}',
    "hx-target": "#number-known",
    "hx-trigger": "input changed delay:300ms",
}


class FactsForm(TakesProblems):
    """Facts of a legal document; what nobody knows is left empty."""

    number = _line(_("Số, ký hiệu"), TEXTS["number"], required=True)
    issuer = _line(_("Cơ quan ban hành"), TEXTS["issuer"])
    kind = _line(_("Loại văn bản"), TEXTS["kind"], help_text=_("Để trống: suy từ số, ký hiệu."))
    title = forms.CharField(
        label=_("Trích yếu"), max_length=TEXTS["title"], required=False, widget=forms.Textarea(attrs=AREA)
    )
    issued_on = _day(_("Ngày ban hành"))
    effective_on = _day(_("Ngày có hiệu lực"), help_text=_("Không suy từ ngày ban hành; chưa biết thì để trống."))
    expired_on = _day(_("Ngày hết hiệu lực"))
    source_status = _choice(_("Tình trạng theo nguồn"), SOURCE_STATUS)
    note = _line(_("Căn cứ sửa thông tin"), 4000)

    def __init__(self, data: Any = None, *, act: Regulation | None = None) -> None:
        facts = {name: getattr(act, name) for name in (*TEXTS, *DAYS)} if act else {}
        super().__init__(data, initial=facts)
        if act is None:
            del self.fields["note"]
            lookup = {
                "hx-get": reverse_lazy("documents:suggest"),
                "hx-vals": '{"links": 1}',
                "hx-target": "#number-known",
            }
            self.fields["number"].widget.attrs |= lookup | {"hx-trigger": "input changed delay:300ms"}
        elif act.source_status not in dict(SOURCE_STATUS):
            self.fields["source_status"] = _choice(
                _("Tình trạng theo nguồn"), [*SOURCE_STATUS, (act.source_status, act.source_status)]
            )

    def facts(self) -> dict[str, Any]:
        """The answer ``facts`` for the door."""
        return {name: self.cleaned_data[name] for name in (*TEXTS, *DAYS)}


class RelationForm(TakesProblems):
    """What this legal document does to another, from a day on."""

    kind = _choice(_("Quan hệ"), RelationKind.choices, required=True)
    number = _line(_("Số, ký hiệu văn bản chịu tác động"), TEXTS["number"], required=True)
    issuer = _line(_("Cơ quan ban hành văn bản đó"), TEXTS["issuer"], help_text=_("Chỉ cần khi nhiều nơi có cùng số."))
    provisions = _line(
        _("Điều, khoản, điểm chịu tác động"),
        LIMIT,
        help_text=_("Để trống: cả văn bản, hoặc chưa rõ phần nào. Ví dụ: khoản 2 Điều 5; Điều 7."),
    )
    effective_on = _day(_("Từ ngày"), help_text=_("Để trống: từ ngày văn bản này có hiệu lực."))


class ScreenForm(TakesProblems):
    """One decision on many items, with every answer that the table asks for at one of the decisions."""

    action = _choice(_("Quyết định"), [], required=True)
    note = forms.CharField(
        label=_("Lý do, ý kiến"), required=False, max_length=4000, widget=forms.Textarea(attrs=AREA | {"rows": 2})
    )

    def __init__(self, data: Any = None, *, actions: Iterable[str] = BULK) -> None:
        super().__init__(data)
        rows = {action: IMPACT.rows_of(action)[0] for action in actions}
        self.fields["action"] = _choice(
            _("Quyết định"), [(action, row.label) for action, row in rows.items()], required=True
        )
        for action, row in rows.items():
            for ask in row.asks:
                if ask.name != "note":
                    self.fields[ask.name] = _answer(ask, action)

    def clean(self) -> dict[str, Any]:
        """“No impact” needs its reason, else nobody can tell reviewed from ignored (domain §4.4)."""
        data = super().clean() or {}
        asks = IMPACT.rows_of(data["action"])[0].asks if data.get("action") else ()
        for ask in asks:
            if ask.required and not data.get(ask.name) and ask.name not in self.errors:
                said = _("Quyết định này phải có lý do.") if ask.name == "note" else _("Quyết định này phải có ngày.")
                self.add_error(ask.name, said)
        return data

    def answers(self) -> dict[str, Any]:
        """What was answered to the chosen decision; a choice left open is not sent."""
        asked = [ask.name for ask in IMPACT.rows_of(self.cleaned_data["action"])[0].asks]
        return {name: self.cleaned_data[name] for name in asked}


def _answer(ask: Ask, action: str) -> forms.Field:
    """One more answer; ``data-for`` names the decision that asks for it, so that the page can put the others away."""
    mark, label = {"data-for": action}, cast("Any", ask.label)
    if ask.kind == "date":
        return forms.DateField(
            label=label, required=False, widget=forms.DateInput(attrs=DAY | mark), error_messages=NO_DAY
        )
    if ask.kind == "choice":
        choices = [("", _("Không đổi sẵn")), *ask.choices]
        return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.Select(attrs=SELECT | mark))
    return forms.CharField(label=label, max_length=300, required=False, widget=forms.TextInput(attrs=LINE | mark))
