"""The sixth story: a department publishes a framework model, a commune applies it in its own way, the model moves.

Played on days gone by. The commune's text is approved and in force before the second version comes, so that the merge
has three sides; the one place that both changed is refused until somebody decides it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from config.demo.framework_words import CYCLE, FACTS, MINE, items
from config.demo.telling import Telling
from documents.models import AdoptedItem, Adoption, DocumentVersion, FrameworkModel, ModelItem, ModelVersion, Regulation
from documents.models.adoption import Joined
from documents.services.clock import documents_tick
from documents.services.frameworks import Choice, frameworks_tick, model_open, next_version, take
from documents.services.rolling import roll
from workflows.models import Unit, UnitKind, User
from workflows.roles import UNIT_SCOPED

TITLE = "Mô hình khung hệ thống quản lý chất lượng cấp xã"
COMMUNE = "DONGSEN"
KEY = "tai-lieu"


class FrameworkStory(Telling):
    """One model in two versions, one adoption, one upgrade."""

    length = 40

    def play(self) -> None:
        """All four scenes."""
        self.department = self.agency
        self.commune = Unit.objects.agencies().get(code=COMMUNE)
        self._published()
        self._adopted()
        self._moved()
        self._merged()

    # --- the scenes -------------------------------------------------------------------------------------------------

    def _published(self) -> None:
        self.title(f"Mô hình khung: {self.department.name} công bố cho các xã")
        self.agency = self.department
        if not Regulation.objects.by_number(CYCLE).exists():
            self.begin(Regulation(), "register", self.seated("legal_watch", self.agency), self.day(0, 8), facts=FACTS)
        if not FrameworkModel.objects.filter(agency=self.agency, title=TITLE).exists():
            self.beats += 1
            model_open(
                agency=self.agency, below=self.agency, title=TITLE, sector="", kinds=[UnitKind.COMMUNE],
                by=self.seated("iso_secretary", self.agency), now=self.day(0, 9),
            )  # fmt: skip
        self._issue(1, 0)

    def _adopted(self) -> None:
        self.title(f"{self.commune.name} áp dụng, sửa ở phần được phép, ban hành theo đường thường")
        self.agency = self.commune
        adoption = Adoption.objects.filter(agency=self.commune, model=self.model).first()
        if adoption is None:
            adoption = Adoption(agency=self.commune, unit=self.commune, model=self.model)
            self.begin(adoption, "adopt", self._holder("iso_secretary"), self.day(2, 9))
        if not adoption.items.exists():
            self.beats += 1
            chosen = Choice(self._item(1), self.office)
            take(adoption, [chosen], by=self._holder("drafter"), now=self.day(2, 10))
        first = self.adopted.document.versions.get(revision_no=0)
        content = self._with_mine(first.content)
        self.beat(first, "edit", self._holder("drafter"), self.day(3, 9), content=content, note="Theo tổ chức của xã")
        self._approve(first)
        self.say(f"{self.adopted.document}: người kiểm tra là “{MINE}”, phần mà mô hình cho sửa khác")

    def _moved(self) -> None:
        self.title("Mô hình sang bản 2: mỗi cơ quan áp dụng được báo, có hạn")
        self.agency = self.department
        if self.model.versions.count() == 1:
            self.beats += 1
            next_version(self.model, by=self.seated("iso_secretary", self.agency), now=self.day(8, 9))
        self._issue(2, 8)
        self._ticked(self.day(10, 1))
        adoption = self.adopted.adoption
        due = f", hạn {adoption.due_on:%d/%m/%Y}" if adoption.due_on else ""
        self.say(f"{adoption}: {adoption.stage.label}{due}")

    def _merged(self) -> None:
        self.title("So sánh ba chiều: chỗ hai bên cùng sửa phải quyết định, phần còn lại tự gộp")
        self.agency = self.commune
        one, drafter = self.adopted, self._holder("drafter")
        if one.bases.count() > 1:
            self.found_done += 2
        else:
            joined = self._joined()
            for conflict in joined.conflicts:
                self.say(f"Gốc “{conflict.base}”, của xã “{conflict.mine}”, của mô hình “{conflict.theirs}”")
            given: dict[str, Any] = {"target": str(joined.target.pk), "seen": joined.seen}
            self.refused(one, "merge", drafter, self.day(11, 9), **given, decisions={})
            kept = {conflict.name: {"take": "mine"} for conflict in joined.conflicts}
            self.beat(one, "merge", drafter, self.day(11, 9, 5), **given, decisions=kept)
        draft = one.document.versions.get(revision_no=1)
        steps = "; ".join(f"{row['name']}: {row['responsible']}" for row in draft.content["steps"])
        self.say(f"Dự thảo {draft.number}: {steps}")
        self._ticked(self.day(11, 10))
        current = self.model.current(self.today)
        if current is not None:
            tally = roll(current, self.seated_in(self.department, "iso_secretary"), self.today).tally
            self.say(f"{tally['adopted']}/{tally['all']} xã đã áp dụng, {tally['gap']} xã còn thiếu mục bắt buộc")

    # --- what the scenes do -----------------------------------------------------------------------------------------

    def _issue(self, number: int, day: int) -> None:
        """Write, submit and publish a version; it holds from the day after."""
        version = ModelVersion.objects.select_related("model").get(model=self.model, number=number)
        secretary, head = self.seated("iso_secretary", self.agency), self.seated("steering_head", self.agency)
        signed = self.day(day + 1, 9)
        self.beat(version, "edit", secretary, self.day(day, 10), items=items(number))
        self.beat(version, "submit", secretary, self.day(day, 11))
        self.beat(
            version, "publish", head, signed, decision_no=f"{40 + number}/QĐ-{self.agency.code}",
            decision_on=signed.date(), effective_from=signed.date(),
        )  # fmt: skip

    def _approve(self, version: DocumentVersion) -> None:
        """The ordinary path of a document, and the day on which it takes effect."""
        path = (("submit", "drafter"), ("agree", "unit_head"), ("pass", "iso_secretary"), ("agree", "qmr"),
                ("approve", "steering_head"))  # fmt: skip
        done: dict[str, int] = {}
        for hour, (action, role) in enumerate(path, 9):
            done[action] = done.get(action, 0) + 1
            fresh = DocumentVersion.objects.select_related("document", "agency").get(pk=version.pk)
            self.beat(fresh, action, self._holder(role), self.day(4, hour), ordinal=done[action])
        fresh = DocumentVersion.objects.select_related("document", "agency").get(pk=version.pk)
        day = self.day(5, 9)
        clerk = self._holder("records_clerk")
        self.beat(fresh, "issue", clerk, day, decision_on=day.date(), effective_from=day.date())
        self._ticked(self.day(5, 10))

    def _ticked(self, moment: datetime) -> None:
        """What the clock owes for documents and models at an instant; nothing on a second run."""
        for sweep in (documents_tick, frameworks_tick):
            done, _complaints = sweep(moment)
            self.beats += sum(done.values())

    def _joined(self) -> Joined:
        joined = self.adopted.joined(self._item(2))
        if joined is None:
            raise RuntimeError("the commune's document has no text")
        return joined

    def _with_mine(self, content: dict[str, Any]) -> dict[str, Any]:
        steps = [{**row, "responsible": MINE} if row["key"] == "b2" else row for row in content["steps"]]
        return {**content, "steps": steps}

    # --- what the scenes look at ------------------------------------------------------------------------------------

    @property
    def model(self) -> FrameworkModel:
        """The department's model."""
        return FrameworkModel.objects.select_related("agency", "below").get(agency=self.department, title=TITLE)

    @property
    def adopted(self) -> AdoptedItem:
        """The commune's item."""
        rows = AdoptedItem.objects.select_related("adoption__model", "adoption__agency", "document", "unit")
        return rows.get(adoption__agency=self.commune, adoption__model=self.model, key=KEY)

    @property
    def office(self) -> Unit:
        """The commune's office, which drafts."""
        return Unit.objects.get(agency=self.commune, code=f"{COMMUNE}-VP")

    def _item(self, number: int) -> ModelItem:
        return ModelItem.objects.get(version__model=self.model, version__number=number, key=KEY)

    def _holder(self, role: str) -> User:
        return self.seated(role, self.office if role in UNIT_SCOPED else self.agency)

    def seated_in(self, agency: Unit, role: str) -> User:
        """Who holds a role in an agency."""
        here, self.agency = self.agency, agency
        try:
            return self.seated(role, agency)
        finally:
            self.agency = here
