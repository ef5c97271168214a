"""An item that is put off until a superior's act arrives: by its number, which nobody may have registered yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.models.regulation import Regulation
from documents.numbers import defects, issuer_key, number_key

if TYPE_CHECKING:
    from workflows.engine import Act

NUMBER_LIMIT = 120
"""Characters of a number that the register takes."""


class Awaiting(models.Model):
    """The part of an item that waits for an act. ``awaits_known``: the register had it already when the wait began.

    An act that was not registered has arrived once it is recorded, verified or not: its facts may still be wrong, but
    that there is something to review is no longer in doubt. One that was registered has arrived on the day on which it
    takes effect.
    """

    awaits = models.CharField(lazy("chờ văn bản số"), max_length=NUMBER_LIMIT, blank=True)
    awaits_issuer = models.CharField(lazy("của cơ quan"), max_length=300, blank=True)
    awaits_key = models.CharField(max_length=120, blank=True, editable=False)
    awaits_issuer_key = models.CharField(max_length=200, blank=True, editable=False)
    awaits_known = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    def unfit_deferral(self, act: Act) -> list[str]:
        """The day of review lies ahead, and the act waited for is one that can be told and is not in force yet."""
        found = [] if act.answers["review_on"] > act.day else [_("Ngày xem lại phải sau hôm nay.")]
        number = act.answers["awaits"]
        if not number:
            return [*found, _("Ghi số, ký hiệu của văn bản đang chờ.")] if act.answers["awaits_issuer"] else found
        if "unreadable" in defects(number, act.day) or len(number) > NUMBER_LIMIT:
            return [*found, _("Không đọc được số, ký hiệu của văn bản đang chờ.")]
        begun = Regulation.objects.by_number(number, act.answers["awaits_issuer"]).filter(effective_on__lte=act.day)
        return [*found, _("Văn bản này đã có hiệu lực, không còn phải chờ.")] if begun.exists() else found

    def take_wait(self, number: str, issuer: str) -> None:
        """Keep what is waited for; nothing, where no number is given."""
        self.awaits, self.awaits_issuer = number, issuer if number else ""
        self.awaits_key = number_key(number) if number else ""
        self.awaits_issuer_key = issuer_key(number, issuer) if number and issuer else ""
        self.awaits_known = bool(number) and Regulation.objects.by_number(number, issuer).exists()

    def still_awaits(self, act: Act) -> list[str]:
        """The act has not arrived."""
        acts = Regulation.objects.filter(number_key=self.awaits_key) if self.awaits_key else Regulation.objects.none()
        acts = acts.filter(issuer_key=self.awaits_issuer_key) if self.awaits_issuer_key else acts
        acts = acts.filter(effective_on__lte=act.day) if self.awaits_known else acts
        return [] if acts.exists() else [_("Văn bản đang chờ chưa có.")]

    def drop_wait(self, act: Act) -> None:
        """There is nothing left to wait for; the ledger keeps what it was."""
        del act
        self.take_wait("", "")


def arrived(day: date) -> Q:
    """Items whose act has arrived by a day."""
    acts = Regulation.objects.filter(number_key=OuterRef("awaits_key"))
    here = Q()
    for known, which in ((False, acts), (True, acts.filter(effective_on__lte=day))):
        of_any = Q(awaits_issuer_key="") & Q(Exists(which))
        of_one = Q(Exists(which.filter(issuer_key=OuterRef("awaits_issuer_key"))))
        here |= Q(awaits_known=known) & (of_any | of_one)
    return ~Q(awaits_key="") & here


def awaiting(act: Regulation) -> Q:
    """Items that wait for an act of the register."""
    whose = Q(awaits_issuer_key="") | Q(awaits_issuer_key=act.issuer_key)
    return Q(state="deferred", awaits_key=act.number_key) & whose
