"""Forms of a change that is tried before it is made, and opened as a campaign once it is certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.forms import AREA, LINE, NO_DAY, SELECT
from documents.models import Document, Event, EventKind, Regulation, code_key
from documents.numbers import Found, find_numbers, issuer_key, number_key
from documents.services.lookup import near_misses
from documents.services.simulation import Change, Supposition
from workflows.models import Unit

DAY = {"class": "form-control", "placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
KINDS = ("replaces", "repeals", "amends", "repeals_part", "guides")
"""Relations that a person can try."""
MANY = 40
ISSUER_WORDS = 150
"""Letters after a number in which its issuer is looked for."""
ACT_EVENTS = (
    (EventKind.EFFECTIVE, lazy("bắt đầu có hiệu lực")),
    (EventKind.AMENDED, lazy("được sửa đổi, bổ sung")),
    (EventKind.SUSPENDED, lazy("ngưng hiệu lực")),
    (EventKind.EXPIRED, lazy("hết hiệu lực")),
)


def _numbers(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=4000, widget=forms.Textarea(attrs=AREA | {"rows": 2})
    )


def _day(label: Any, *, required: bool) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs=DAY), error_messages=NO_DAY)


class Trial(forms.Form):
    """A change tried in an agency. ``certain``: after ``is_valid``, whether it can be opened as a campaign as it is."""

    label: ClassVar[str | Promise]

    def __init__(self, data: Mapping[str, Any] | None, *, place: Unit) -> None:
        super().__init__(data)
        self.place = place

    def change(self) -> Change:
        """What is tried, not saved."""
        raise NotImplementedError

    @property
    def certain(self) -> bool:
        """True if nothing in it is supposed that the product does not know."""
        return True

    def event(self) -> Event:
        """The event itself, for a campaign; the same form gives the same one."""
        raise NotImplementedError


class ActTrial(Trial):
    """An act by its number, its day, and what it does to others."""

    label = lazy("Văn bản")

    number = forms.CharField(label=lazy("Số, ký hiệu văn bản"), max_length=120, widget=forms.TextInput(attrs=LINE))
    issuer = forms.CharField(
        label=lazy("Cơ quan ban hành (khi nhiều văn bản cùng số)"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs=LINE),
    )
    kind = forms.ChoiceField(
        label=lazy("Điều xảy ra"), choices=ACT_EVENTS, required=False, widget=forms.Select(attrs=SELECT)
    )
    effective_on = _day(lazy("Từ ngày"), required=False)
    replaces = _numbers(lazy("Thay thế các văn bản"))
    repeals = _numbers(lazy("Bãi bỏ các văn bản"))
    amends = _numbers(lazy("Sửa đổi, bổ sung các văn bản"))
    repeals_part = _numbers(lazy("Bãi bỏ một phần các văn bản"))
    guides = _numbers(lazy("Hướng dẫn các văn bản"))

    def clean(self) -> dict[str, Any]:
        """Read the numbers of each kind; a number that is not in the register is said, with what it may be, and one
        that several issuers share, with their names: none of them is taken silently.
        """
        data = super().clean() or self.cleaned_data
        found: list[tuple[str, Regulation]] = []
        for kind in KINDS:
            text = data.get(kind, "")
            numbers = find_numbers(text)
            if text.strip() and not numbers:
                self.add_error(kind, _("Không thấy số, ký hiệu văn bản nào."))
            if len({number.key for number in numbers}) > MANY:
                self.add_error(kind, _("Nhiều nhất %(many)d văn bản.") % {"many": MANY})
                continue
            found += [(kind, act) for act in self._acts(kind, text, numbers)]
        data["relations"] = found
        self._act(data)
        return data

    def _acts(self, kind: str, text: str, numbers: Sequence[Found]) -> list[Regulation]:
        """The acts that a text numbers, in the order of their numbers; the issuer is looked for after the number."""
        known: dict[str, list[Regulation]] = {}
        keys = {number.key for number in numbers}
        for act in Regulation.objects.filter(number_key__in=keys).order_by("number_key", "issuer_key"):
            known.setdefault(act.number_key, []).append(act)
        found: dict[UUID, Regulation] = {}
        said: set[str] = set()
        for number, after in pairwise([*numbers, None]):
            words = text[number.end : after.start if after else None] if number else ""
            same = known.get(number.key, []) if number else []
            same = _issued(same, words) if len(same) > 1 else same
            if number and len(same) != 1 and number.key not in said:
                said.add(number.key)
                shared = known.get(number.key)
                self.add_error(kind, _shared(number.text, shared) if shared else _unknown(number.text))
            found |= {act.pk: act for act in same[:1]}
        return sorted(found.values(), key=lambda act: (act.number_key, act.issuer_key))

    def _act(self, data: dict[str, Any]) -> None:
        """The act itself, None for a new one; of a shared number the issuer must be said."""
        number, issuer = data.get("number", ""), data.get("issuer", "")
        same = list(Regulation.objects.by_number(number).order_by("issuer_key"))
        if issuer and same:
            key = issuer_key(number, issuer)
            same = [act for act in same if act.issuer_key == key]
        elif len(same) > 1:
            self.add_error("issuer", _shared(number, same))
        data["act"] = same[0] if len(same) == 1 else None

    def change(self) -> Supposition:
        """The act of the register, or a new one, as supposed."""
        data = self.cleaned_data
        number, issuer = data["number"], data["issuer"]
        fresh = Regulation(number=number, number_key=number_key(number), issuer=issuer)
        act = data["act"] or fresh
        day = data["effective_on"] or (act.expired_on if data["kind"] == EventKind.EXPIRED else act.effective_on)
        return Supposition(act, day, data["relations"], data["kind"] or EventKind.EFFECTIVE)

    @property
    def certain(self) -> bool:
        """An act of the register with the relations and the day that the register has."""
        tried = self.change()
        own = tried.act.expired_on if tried.event == EventKind.EXPIRED else tried.act.effective_on
        return not tried.act._state.adding and not tried.relations and tried.effective_on == own

    def event(self) -> Event:
        """What happens to the act of the register."""
        tried = self.change()
        return Event.objects.of_act(tried.act, tried.event)


class UnitTrial(Trial):
    """A unit gets another name, or another unit takes over its work."""

    label = lazy("Đơn vị")

    unit = forms.ChoiceField(label=lazy("Đơn vị"), widget=forms.Select(attrs=SELECT))
    new_name = forms.CharField(
        label=lazy("Tên mới"), max_length=300, required=False, widget=forms.TextInput(attrs=LINE)
    )
    successor = forms.ChoiceField(label=lazy("Hoặc nhập vào đơn vị"), required=False, widget=forms.Select(attrs=SELECT))
    effective_on = _day(lazy("Từ ngày"), required=True)

    def __init__(self, data: Mapping[str, Any] | None, *, place: Unit) -> None:
        super().__init__(data, place=place)
        self.units = {str(unit.pk): unit for unit in Unit.objects.filter(agency=place).order_by("path")}
        choices = [("", "—"), *((pk, str(unit)) for pk, unit in self.units.items())]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]
        self.fields["successor"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two is said, and it is a change."""
        data = super().clean() or self.cleaned_data
        name, successor = data.get("new_name", "").strip(), data.get("successor", "")
        if bool(name) == bool(successor):
            self.add_error("new_name", _("Ghi tên mới, hoặc chọn đơn vị nhập vào: một trong hai."))
        elif (successor and successor == data.get("unit")) or (name and name == self._name(data)):
            self.add_error("successor" if successor else "new_name", _("Như vậy đơn vị không thay đổi gì."))
        return data

    def _name(self, data: Mapping[str, Any]) -> str:
        unit = self.units.get(data.get("unit", ""))
        return unit.name if unit else ""

    def _facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"name": data["new_name"].strip(), "successor": self.units.get(data["successor"])}

    def change(self) -> Event:
        """The event, not saved."""
        data, facts = self.cleaned_data, self._facts()
        unit = self.units[data["unit"]]
        return Event(
            kind=EventKind.REORGANISED,
            unit=unit,
            unit_name=unit.name,
            occurs_on=data["effective_on"],
            new_name=facts["name"],
            successor=facts["successor"],
        )

    def event(self) -> Event:
        """The event of that unit and day."""
        data = self.cleaned_data
        return Event.objects.of_unit(self.units[data["unit"]], data["effective_on"], **self._facts())


class WithdrawalTrial(Trial):
    """A document of the agency goes."""

    label = lazy("Tài liệu")

    code = forms.CharField(label=lazy("Mã hiệu tài liệu"), max_length=60, widget=forms.TextInput(attrs=LINE))
    effective_on = _day(lazy("Bãi bỏ từ ngày"), required=True)

    def clean_code(self) -> Document:
        """The agency's document of this code in any spelling."""
        found = Document.objects.filter(agency=self.place, code_key=code_key(self.cleaned_data["code"])).first()
        if found is None:
            raise forms.ValidationError(_("Cơ quan không có tài liệu nào mang mã hiệu này."))
        return found

    def change(self) -> Event:
        """The event, not saved."""
        data = self.cleaned_data
        return Event(kind=EventKind.WITHDRAWN, document=data["code"], occurs_on=data["effective_on"])

    def event(self) -> Event:
        """The event of that document and day."""
        data = self.cleaned_data
        return Event.objects.of_withdrawal(data["code"], data["effective_on"])


TRIALS: dict[str, type[Trial]] = {"act": ActTrial, "unit": UnitTrial, "document": WithdrawalTrial}
"""What can be tried, by its name in the address."""


def _issued(acts: Sequence[Regulation], words: str) -> list[Regulation]:
    """Those of the acts whose issuer the words name; of one name within another the longer."""
    named = {
        act.pk: act.issuer_key
        for act in acts
        if act.issuer and f" {act.issuer_key} " in f" {issuer_key(act.number, words[:ISSUER_WORDS])} "
    }
    inner = {pk for pk, name in named.items() if any(name in other != name for other in named.values())}
    return [act for act in acts if act.pk in named.keys() - inner]


def _shared(number: str, acts: Iterable[Regulation]) -> str:
    issuers = "; ".join(act.issuer or _("chưa rõ cơ quan") for act in acts)
    return _("%(number)s là số của nhiều văn bản (%(issuers)s): hãy ghi thêm cơ quan ban hành.") % {
        "number": number,
        "issuers": issuers,
    }


def _unknown(number: str) -> str:
    text = _("%(number)s chưa có trong danh mục văn bản") % {"number": number}
    hints = ", ".join(near_misses(number))
    return f"{text}; {_('có phải')} {hints}?" if hints else f"{text}."
