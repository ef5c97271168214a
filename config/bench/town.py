"""A town to measure in: one agency, the people of the main path, and as many versions as wanted."""

from __future__ import annotations

import copy
from datetime import date
from functools import partial

from rich.progress import track

from config.management import SAMPLE
from documents.models import Document, DocumentVersion, Regulation
from workflows import engine
from workflows.importing import read
from workflows.models import Seat, Unit, User
from workflows.roles import Role

SINCE = date(2026, 1, 5)
ROLES = (Role.DRAFTER, Role.UNIT_HEAD, Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD, Role.RECORDS_CLERK)
PATH = (
    ("submit", Role.DRAFTER),
    ("agree", Role.UNIT_HEAD),
    ("pass", Role.ISO_SECRETARY),
    ("agree", Role.QMR),
    ("approve", Role.STEERING_HEAD),
)


class Town:
    """Units, people by role, and a procedure's content whose citations are alive."""

    def __init__(self) -> None:
        self.agency = Unit.objects.create(code="BM", name="Cơ quan đo thử", kind="department")
        self.unit = Unit.objects.create(code="P1", name="Phòng đo thử", kind="division", parent=self.agency)
        self.people: dict[str, User] = {role: self._person(role) for role in ROLES}
        self.content = self._content()

    def _person(self, role: str) -> User:
        person = User.objects.create(username=role, full_name=role)
        place = self.unit if role in (Role.DRAFTER, Role.UNIT_HEAD) else self.agency
        Seat.objects.create(user=person, role=role, unit=place, decision_no="1/QĐ-BM", valid_from=SINCE)
        return person

    def _content(self) -> dict[str, object]:
        """The longest procedure of the sample that is complete: a real load, not an empty form."""
        rows = [row for _line, row in read(SAMPLE / "procedures.jsonl") if isinstance(row, dict) and row["days"]]
        content = copy.deepcopy(max(rows, key=lambda row: len(str(row["content"])))["content"])
        for row in content["legal_basis"]:
            if not Regulation.objects.by_number(row["number"]).exists():
                engine.start(Regulation(), "import", by=None, facts={"number": row["number"], "effective_on": SINCE})
        return dict(content)

    def drafts(self, number: int, start: int = 0) -> list[DocumentVersion]:
        """So many drafts, each of a document of its own, opened through the door."""
        return [self._draft(place) for place in track(range(start, start + number), description="Dự thảo")]

    def _draft(self, place: int) -> DocumentVersion:
        owner = Document.objects.create(
            agency=self.agency, unit=self.unit, kind="TTHC_PROC", code=f"BM.{place:06}", title=f"Quy trình {place}"
        )
        fresh = DocumentVersion(document=owner, agency=self.agency, unit=self.unit, content={})
        return engine.start(fresh, "create", by=self.people[Role.DRAFTER], content=self.content)

    def approve_whole(self, version: DocumentVersion) -> list[partial[DocumentVersion]]:
        """The five steps from draft to approved, each to be called in order; each reads the record afresh."""
        return [partial(self._step, version, action, role) for action, role in PATH]

    def _step(self, version: DocumentVersion, action: str, role: str) -> DocumentVersion:
        return engine.fire(version, action, by=self.people[role])
