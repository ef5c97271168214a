"""The editable exceptions to the working calendar, and the calendar that results from them."""

from __future__ import annotations

import time

from django.db import models
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _

from workflows.deadlines import Calendar

RELOAD_SECONDS = 60.0
"""Another process's edit of the table is seen after at most this long; a step then costs no query for it."""


class CalendarException(models.Model):
    """A day that is off, or worked, against the calendar: the official swaps announced each year."""

    day = models.DateField(_("ngày"), unique=True)
    is_working = models.BooleanField(_("là ngày làm việc"))
    reason = models.CharField(_("lý do, văn bản"), max_length=200)

    class Meta:
        verbose_name = _("ngày nghỉ, ngày làm bù")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


_loaded: tuple[float, Calendar] | None = None


def calendar() -> Calendar:
    """The working calendar with the table's exceptions laid over the library's and the shipped ones."""
    global _loaded  # noqa: PLW0603 - one immutable value per process, replaced whole
    if _loaded is None or time.monotonic() - _loaded[0] > RELOAD_SECONDS:
        rows = CalendarException.objects.values_list("day", "is_working")
        _loaded = time.monotonic(), Calendar(dict(rows))
    return _loaded[1]


def forget_calendar(**_kwargs: object) -> None:
    """Drop the loaded calendar, so that the next deadline reads the table."""
    global _loaded  # noqa: PLW0603
    _loaded = None


post_save.connect(forget_calendar, sender=CalendarException)
post_delete.connect(forget_calendar, sender=CalendarException)
