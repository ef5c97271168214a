"""The fifth story: what the agency has published, and why the next publication must wait.

The declaration that holds is taken over as one made before the demonstration; the next one is prepared, and the product
says every condition that is not met yet.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from config.demo.telling import Telling
from documents import gates
from documents.machines.publication import UNDER_WAY
from documents.models import Publication, ScopeKind, ScopeRow
from workflows import engine

EDITION = "TCVN ISO 9001:2015"


class PublicationStory(Telling):
    """One publication taken over, and one under way."""

    length = 30

    def play(self) -> None:
        """Both."""
        self._adopted()
        self._next()

    def _adopted(self) -> None:
        self.title("Công bố đang có giá trị và trang công khai")
        found = Publication.objects.filter(agency=self.agency).order_by("created_at").first()
        if found is None:
            self.beats += 1
            found = engine.start(
                Publication(agency=self.agency, unit=self.agency),
                "adopt",
                by=None,
                now=self.day(0, 8),
                edition=EDITION,
                decision_no="35/QĐ-STP",
                decision_on=self.today - timedelta(days=self.length),
                website="https://stp.songvang.example/cong-bo-iso",
                notified="112/CV-STP",
                alarms="shown",
            )
        else:
            self.found_done += 1
        rows = ScopeRow.objects.filter(publication=found, taken=found.taken)
        documents = rows.filter(kind=ScopeKind.DOCUMENT).count()
        self.say(f"{found}: {documents} tài liệu, {rows.count() - documents} thủ tục")
        self.say(f"Trang công khai: {settings.SITE_URL}{reverse('documents:public_agency', args=[self.agency.code])}")

    def _next(self) -> None:
        self.title("Công bố tiếp theo: hệ thống nói rõ điều kiện nào chưa đạt")
        secretary, qmr = (self.seated(role, self.agency) for role in ("iso_secretary", "qmr"))
        found = Publication.objects.filter(agency=self.agency, state__in=UNDER_WAY).first()
        if found is None:
            place = Publication(agency=self.agency, unit=self.agency)
            self.begin(place, "prepare", secretary, self.day(20, 9), edition=EDITION)
            found = place
        else:
            self.found_done += 1
        for one in gates.verdicts(self.agency, self.today):
            self.say(f"{one.gate.label}: {one.sentence or 'đạt'}")
        if any(not one.met for one in gates.verdicts(self.agency, self.today)):
            self.refused(found, "confirm", qmr)
