"""What a report is, and how its figures are told: ours from a snapshot, the printed ones beside, why they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.formats import number_format
from rich.console import Console

from capa.indicators import BY_NUMBER
from capa.models import Snapshot
from capa.rollup import Figure
from capa.services.rollup import Place, counted, figures, references
from capa.services.snapshots import is_intact, rows_kept, take
from config.demo.reports.places import receiver
from workflows.models import Seat, Unit, User
from workflows.roles import Role

READER = "so-lieu"
SINCE = date(2013, 1, 1)


class Report(Protocol):
    """One report on paper. Both can be run again, and ``load`` goes on where it was broken off."""

    name: str
    title: str

    def load(self, console: Console) -> None:
        """Make the agencies and their records, as far as they are not there; with a progress bar."""

    def tell(self, console: Console) -> None:
        """Print every figure beside the printed one."""


@dataclass(frozen=True)
class Printed:
    """What the paper prints of one indicator. ``numerator`` None: nothing; ``percent``: ``96.1``, "" if it prints none.

    ``part``: of which part of the indicator, by its key. ``why``: the reason, where our figure is another.
    """

    indicator: int
    numerator: int | None
    denominator: int | None = None
    percent: str = ""
    part: str = ""
    why: str = ""


def reader(password: str = "") -> User:
    """Who freezes the figures: sits in the ministry to which reports go, and follows the country."""
    user = User.objects.filter(username=READER).first()
    if user is None:
        user = User.objects.create_user(READER, password=password or None, full_name="Người theo dõi số liệu")
    given = {"decision_no": "Trình diễn"}
    Seat.objects.get_or_create(user=user, role=Role.NATIONAL_VIEWER, unit=receiver(), valid_from=SINCE, defaults=given)
    return user


def frozen(node: Unit | None, day: date, note: str, printed: Sequence[Printed] = ()) -> tuple[Snapshot, list[Figure]]:
    """The snapshot of a node (None: the country) on a day, and its figures, counted from the rows that it keeps.

    Taken if there is none, and anew if the records by now say another thing of that day about what is ``printed``
    (nothing given: about any figure). The others may grow: another report brings rows of its own to the same agencies.
    Raises ``CommandError`` for a snapshot that was altered.
    """
    place, told = Place(node, day), {one.indicator for one in printed} or set(BY_NUMBER)
    kept = Snapshot.objects.filter(node=node, day=day, note=note).order_by("pk").last()
    live = {one.indicator.number: one for one in figures(node, day)}
    then = counted(rows_kept(kept), references(place)) if kept else []
    if kept is None or any(one != live[one.indicator.number] for one in then if one.indicator.number in told):
        kept = take(place, reader(), note)
    if not is_intact(kept):
        raise CommandError(f"{note}: the snapshot {kept.pk} was altered")
    return kept, counted(rows_kept(kept), references(place))


def tell(console: Console, kept: Snapshot, found: Sequence[Figure], printed: Sequence[Printed]) -> None:
    """Print the figures that the report gives, in its order, and where each number's list is."""
    by_number = {one.indicator.number: one for one in found}
    for row in printed:
        say(console, line(by_number[row.indicator], row))
    say(console, f"Danh sách sau mỗi con số: {settings.SITE_URL}{kept.get_absolute_url()}")


def line(figure: Figure, printed: Printed) -> str:
    """One figure as a line; raises ``CommandError`` for a difference without a reason, or a reason without one."""
    part = figure.part(printed.part) if printed.part else None
    label = part.label if part else figure.indicator.label
    number = (part.number if part else 0) if printed.part else figure.numerator
    whole = None if printed.part else figure.denominator
    share = None if printed.part else figure.percent
    words = f"{figure.indicator.key} {label}: {_ratio(number, whole)}{_share(share)}"
    if printed.numerator is None:
        return f"{words} – báo cáo không nêu{_because(printed.why)}"
    told = Decimal(printed.percent) if printed.percent else None
    shown = f"{_ratio(printed.numerator, printed.denominator)}{_share(told)}"
    same = (number, whole) == (printed.numerator, printed.denominator)
    same = same and told in (None, share)
    if same == bool(printed.why):
        raise CommandError(f"{words}; the report: {shown}; reason: {printed.why!r}")
    return f"{words} – báo cáo in {shown}" + (f" – KHÁC: {printed.why}" if printed.why else " – khớp")


def label_of(number: int) -> str:
    """An indicator in words."""
    return str(BY_NUMBER[number].label)


def _because(why: str) -> str:
    return f": {why}" if why else ""


def _ratio(part: int, whole: int | None) -> str:
    shown = number_format(part, force_grouping=True)
    return shown if whole is None else f"{shown}/{number_format(whole, force_grouping=True)}"


def _share(share: Decimal | None) -> str:
    return "" if share is None else f" = {number_format(share)} %"


def say(console: Console, text: str) -> None:
    """A line."""
    console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)
