"""The fourth story: objectives approved and measured, then the leaders' review with its pack, conclusions and work.

Told in two parts on days gone by: the plan at the beginning of the year that the audit belongs to, and the review after
the audit. Four objectives take their values from the product, on the day on which the clock runs; one is a unit's own.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from capa import periods
from capa.models import Objective, ObjectiveSet, Output, Review, Round
from capa.services.measuring import measure_tick
from capa.services.reviewing import inputs_of
from config.demo.telling import Telling
from config.demo.year_words import (
    AGENDA,
    ATTENDED,
    DECIDED,
    DONE,
    MEASURED,
    MINUTES,
    OBJECTIVES,
    PLAIN,
    POLICY,
    REPORTED,
    SOURCE,
    WAIVED,
)
from workflows.models import Unit, User, calendar, day_of

PLANNED, REVIEWED = 300, 35
"""Days ago on which the objectives are drawn up, and on which the review is planned."""
MET, ISSUED, ENDED = 6, 9, 15
"""Working days from the plan of the review to the meeting, to its notice, to the end of the first piece of work."""
LAG = 3
"""Working days after a quarter within which the unit writes what it measured."""


class YearStory(Telling):
    """Objectives and review of one agency's year."""

    length = PLANNED

    def play(self) -> None:
        """Both parts, and what the clock has measured by today."""
        last = Round.objects.filter(agency=self.agency).order_by("-starts_on").first()
        self.year = last.starts_on.year if last else self.today.year
        self._objectives()
        self.length = REVIEWED
        self.secretary, self.qmr = self.seated("iso_secretary", self.agency), self.seated("qmr", self.agency)
        self.head = self.seated("steering_head", self.agency)
        self._inputs()
        self._meeting()
        self._work()
        self._measured(timezone.make_aware(datetime.combine(self.today, time())))

    # --- objectives -------------------------------------------------------------------------------------------------

    @property
    def owner_set(self) -> ObjectiveSet:
        """The year's objectives."""
        return ObjectiveSet.objects.get(agency=self.agency, year=self.year)

    def _objectives(self) -> None:
        self.title(f"Mục tiêu chất lượng năm {self.year}: đề xuất, phê duyệt, phổ biến")
        secretary, qmr = self.seated("iso_secretary", self.agency), self.seated("qmr", self.agency)
        head = self.seated("steering_head", self.agency)
        if ObjectiveSet.objects.filter(agency=self.agency, year=self.year).exists():
            self.found_done += 1 + len(OBJECTIVES)
        else:
            fresh = ObjectiveSet(agency=self.agency, unit=self.agency)
            name = {"year": self.year, "title": "Mục tiêu chất lượng", "policy": POLICY}
            self.begin(fresh, "draft", secretary, self.day(0, 9), **name)
            for code, facts in OBJECTIVES:
                unit = Unit.objects.get(agency=self.agency, code=code) if code else self.agency
                owner = self.seated("unit_head", unit) if code else secretary
                place = Objective(agency=self.agency, unit=unit, owner_set=fresh)
                given: dict[str, Any] = {**PLAIN, **facts, "owner": str(owner.pk)}
                self.begin(place, "propose", secretary, self.day(0, 10), **given)
        path = (("submit", secretary), ("review", qmr), ("approve", head), ("begin", secretary))
        for number, (action, by) in enumerate(path, 1):
            self.beat(self.owner_set, action, by, self.day(number, 9))
        self.begun = self.day(len(path), 9).date()

    def _measured(self, moment: datetime) -> None:
        """The unit writes its own figures, quarter by quarter; the clock takes the others."""
        today = day_of(moment)
        for one in self.owner_set.objectives.filter(source="manual").select_related("owner_set", "owner"):
            for number in range(1, one.periods_ended(today) + 1):
                at = self._written(one, number, today)
                given = {"period": str(number), "value": MEASURED[number - 1], "note": SOURCE}
                self.beat(Objective.objects.get(pk=one.pk), "measure", one.owner, at, ordinal=number, **given)
        done, _complaints = measure_tick(moment)
        self.beats += sum(done.values())
        for one in self.owner_set.objectives.select_related("owner_set").order_by("unit__path", "created_at"):
            self.say(f"{one}: {one.value_words or 'chưa đo'}, {one.target_words} – {one.standing(today).label}")

    def _written(self, one: Objective, number: int, today: date) -> datetime:
        """A few days after the quarter: not before the objective ran, and never ahead of the day."""
        after = calendar().add(periods.last_day(one.year, one.frequency, number), LAG)
        return timezone.make_aware(datetime.combine(max(self.begun + timedelta(days=1), min(after, today)), time()))

    # --- the review -------------------------------------------------------------------------------------------------

    @property
    def review(self) -> Review:
        """The year's review."""
        return Review.objects.select_related("agency", "unit").get(agency=self.agency, year=self.year)

    def _inputs(self) -> None:
        self.title("Xem xét của lãnh đạo: đầu vào theo 9.3.2, số liệu lấy từ hệ thống")
        if Review.objects.filter(agency=self.agency, year=self.year).exists():
            self.found_done += 1
        else:
            facts = {"year": self.year, "title": "Họp xem xét của lãnh đạo", "agenda": AGENDA}
            fresh, meets = Review(agency=self.agency, unit=self.agency), self.day(MET, 9).date()
            self.begin(fresh, "plan", self.secretary, self.day(0, 9), **facts, meets_on=meets)
        self._measured(self.day(1, 8))
        self.beat(self.review, "collect", self.secretary, self.day(1, 9))
        self.refused(self.review, "ready", self.secretary, self.day(1, 10))
        for number, (subject, words) in enumerate(REPORTED.items(), 1):
            given = {"subject": subject, "text": words}
            self.beat(self.review, "write_input", self.secretary, self.day(2, 9, number), ordinal=number, **given)
        subject, why = WAIVED
        self.beat(self.review, "waive_input", self.qmr, self.day(2, 14), subject=subject, note=why)
        self.beat(self.review, "ready", self.secretary, self.day(3, 9))

    def _meeting(self) -> None:
        self.title("Cuộc họp: bộ đầu vào được giữ nguyên, biên bản, thông báo kết luận")
        held = self.day(MET, 9)
        self.beat(self.review, "hold", self.head, held, held_on=held.date(), attendance=ATTENDED)
        for part in inputs_of(self.review, self.today).parts:
            told = "; ".join(f"{one.label}: {one.number}" for one in part.numbers)
            written = "được miễn" if part.waived else "có báo cáo"
            self.say(f"{part.row.clause} {part.row.label}: {told or written}")
        self.beat(self.review, "minutes", self.secretary, self.day(MET + 1, 9), minutes=MINUTES)
        if not self.review.outputs.exists():
            for kind, what, code, days in DECIDED:
                fresh = Output(agency=self.agency, unit=self.agency, review=self.review)
                due = held.date() + timedelta(days=days)
                given: dict[str, Any] = {"kind": kind, "what": what, "owner": str(self._chief(code).pk), "due": due}
                self.begin(fresh, "decide", self.secretary, self.day(MET + 1, 10), **given, resources="")
        number = f"58/TB-{self.agency.code}"
        self.beat(self.review, "issue", self.head, self.day(ISSUED, 9), number=number)
        self.beat(self.review, "track", self.secretary, self.day(ISSUED, 14))

    def _work(self) -> None:
        self.title("Mỗi kết luận là việc của một người, có hạn, theo dõi đến xong")
        first = self.review.outputs.select_related("owner").order_by("due", "created_at")[0]
        proof: dict[str, Any] = {"done_on": self.day(ENDED, 8).date(), "evidence_text": DONE}
        self.beat(first, "finish", first.owner, self.day(ENDED, 9), **proof)
        self.beat(Output.objects.get(pk=first.pk), "accept", self.qmr, self.day(ENDED + 1, 9))
        for one in self.review.outputs.select_related("owner").order_by("due", "created_at"):
            self.say(f"{one} – {one.owner}, hạn {one.due:%d/%m/%Y}: {one.stage.label}")

    def _chief(self, code: str) -> User:
        return self.seated("unit_head", Unit.objects.get(agency=self.agency, code=code))
