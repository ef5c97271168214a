"""The working calendar: a month of days, and the exceptions that the secretary's side keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from workflows.forms import CalendarForm
from workflows.models import CalendarException, Seat, User, calendar, day_of
from workflows.roles import Role
from workflows.views.person import person

KEEPERS = frozenset({Role.ISO_SECRETARY, Role.SUPPORT_TEAM})
"""Who keeps the working calendar."""
CHANGES = 10
WEEK = 7
YEARS = range(1901, 2101)
"""Years whose holidays are known."""


@dataclass(frozen=True)
class Day:
    """One cell of the month. ``said``: why it is off, or worked against the rule; "" for the ordinary."""

    day: date
    working: bool
    said: str
    within: bool


@require_http_methods(["GET", "HEAD", "POST"])
def workdays(request: HttpRequest) -> HttpResponse:
    """Show a month and the exceptions; POST adds one, or removes one with the reason why."""
    user = person(request)
    keeper = bool(user.roles() & KEEPERS)
    form, bad_reason = CalendarForm(), ""
    if request.method == "POST":
        if not keeper:
            raise PermissionDenied(_("Chỉ Thư ký ISO và Tổ giúp việc được sửa lịch làm việc."))
        gone = request.POST.get("remove", "")
        if gone:
            bad_reason = _remove(request, user, gone)
        else:
            form = CalendarForm(request.POST)
        if not bad_reason and (gone or (form.is_valid() and _add(request, user, form))):
            return HttpResponseRedirect(request.get_full_path())
    bad = bool(bad_reason or form.errors)
    context = {"form": form, "keeper": keeper, "bad_reason": bad_reason, **_month(request), **_table(user)}
    return render(request, "workflows/calendar.html", context, status=400 if bad else 200)


@transaction.atomic
def _add(request: HttpRequest, user: User, form: CalendarForm) -> bool:
    row = form.save()
    _log(user, row, ADDITION, row.reason)
    messages.success(request, _("Đã ghi ngày %(day)s vào lịch làm việc.") % {"day": row})
    return True


@transaction.atomic
def _remove(request: HttpRequest, user: User, gone: str) -> str:
    """Remove an exception; return what is wrong, "" if nothing. One that is already gone is no error."""
    why = request.POST.get("why", "").strip()
    if not why:
        return _("Cần nhập lý do bỏ.")
    digits = 9  # fits every database's integer
    if gone.isascii() and gone.isdecimal() and len(gone) <= digits:
        for row in CalendarException.objects.filter(pk=int(gone)):
            _log(user, row, DELETION, why[:200])
            row.delete()
            messages.success(request, _("Đã bỏ ngày %(day)s khỏi bảng ngoại lệ.") % {"day": row})
    return ""


def _log(user: User, row: CalendarException, flag: int, why: str) -> None:
    kind = ContentType.objects.get_for_model(CalendarException)
    what = _("%(day)s: ngày làm việc") if row.is_working else _("%(day)s: ngày nghỉ")
    LogEntry.objects.create(
        user=user,
        content_type=kind,
        object_id=str(row.pk),
        object_repr=what % {"day": row},
        action_flag=flag,
        change_message=why,
    )


def _table(user: User) -> dict[str, Any]:
    """Exceptions, newest day first, and who last changed them; names only of people whom the reader sees."""
    kind = ContentType.objects.get_for_model(CalendarException)
    seen = Exists(Seat.objects.visible_to(user).filter(user=OuterRef("user")))
    changes = LogEntry.objects.filter(content_type=kind).select_related("user").annotate(seen=seen)[:CHANGES]
    return {"rows": CalendarException.objects.order_by("-day"), "changes": changes, "added": ADDITION}


def _month(request: HttpRequest) -> dict[str, Any]:
    today = day_of()
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", request.GET.get("month", ""), re.ASCII)
    year, month = (int(found[1]), int(found[2])) if found else (today.year, today.month)
    first = date(year, month, 1) if year in YEARS else today.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // WEEK + 1
    reasons = dict(
        CalendarException.objects.filter(day__range=(monday, last + timedelta(WEEK))).values_list("day", "reason")
    )
    days = [_day(monday + timedelta(days=n), first, reasons) for n in range(weeks * WEEK)]
    return {
        "first": first,
        "today": today,
        "weeks": [days[n : n + WEEK] for n in range(0, len(days), WEEK)],
        "special": [one for one in days if one.within and one.said],
        "worked": sum(one.working for one in days if one.within),
        "before": _address(first - timedelta(days=1)),
        "after": _address(last + timedelta(days=1)),
    }


def _day(day: date, first: date, reasons: dict[date, str]) -> Day:
    days = calendar()
    working, weekend = days.is_working(day), day.weekday() >= WEEK - 2
    said = reasons.get(day, "")
    if not said and working == weekend:  # off on a weekday, or worked on a weekend
        said = days.reason(day)
    return Day(day, working, said, day.month == first.month)


def _address(day: date) -> str:
    return f"{reverse('workflows:calendar')}?month={day:%Y-%m}" if day.year in YEARS else ""
