"""The second story: an audit by other units, what it finds, and a corrective action that fails once before it holds.

Played through the same door, on days gone by; its end is a few days ago. Each beat is done once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from capa.models import Action, Car, Finding, Observation, Programme, Round
from capa.models.independence import auditors, bars
from capa.planner import Blocked, Proposal, Visit, propose
from config.demo.audit_words import DEEP, FINDINGS, JUDGED, SHALLOW
from config.demo.telling import Telling, with_living_basis, written
from documents.models import Document, DocumentVersion
from workflows import ticking
from workflows.models import Record, Unit, User, day_of

CODE = "2.002036"
"""The procedure that the audit finds wanting and the corrective action demands to be revised."""
NOTICE = 6
"""Working days from the notice to the first day: more than seven calendar days."""
OPENED = 8
"""The working day of the story on which the audit opens."""


class AuditStory(Telling):
    """Programme, round, findings, and two cycles of one CAR."""

    length = 110

    def play(self) -> None:
        """All acts, in order."""
        self._people()
        self._programme()
        self._teams()
        self._findings()
        self._agreement()
        self._first_cycle()
        self._second_cycle()
        self._gate()
        self._chain()

    def _people(self) -> None:
        self.audited = Unit.objects.get(agency=self.agency, code="STP-HCTP")
        self.other = Unit.objects.get(agency=self.agency, code="STP-BTTP")
        self.document = Document.objects.get(agency=self.agency, code=CODE)
        self.secretary, self.qmr = self.seated("iso_secretary", self.agency), self.seated("qmr", self.agency)
        self.head, self.clerk = self.seated("steering_head", self.agency), self.seated("records_clerk", self.agency)
        self.chief, self.drafter = self.seated("unit_head", self.audited), self.seated("drafter", self.audited)

    # --- the audit --------------------------------------------------------------------------------------------------

    @property
    def programme(self) -> Programme:
        """The year's programme."""
        return Programme.objects.get(agency=self.agency, title=self._name)

    @property
    def round(self) -> Round:
        """Its one round."""
        return self.programme.rounds.get()

    @property
    def _name(self) -> str:
        return f"Chương trình đánh giá nội bộ năm {self.day(0, 8).year}"

    def _programme(self) -> None:
        self.title(f"8. {self.secretary.full_name} lập chương trình đánh giá, lãnh đạo phê duyệt")
        if Programme.objects.filter(agency=self.agency, title=self._name).exists():
            self.found_done += 2
        else:
            facts: dict[str, Any] = {
                "year": self.day(0, 8).year,
                "title": self._name,
                "aim": "Đánh giá chéo giữa các phòng",
            }
            fresh = Programme(agency=self.agency, unit=self.agency)
            self.begin(fresh, "draft", self.secretary, self.day(0, 8), **facts)
            owner = Round(agency=self.agency, unit=self.agency, programme=fresh)
            self.begin(owner, "plan", self.secretary, self.day(0, 9), plan=self._plan())
        self.beat(self.programme, "submit", self.secretary, self.day(0, 10))
        self.beat(self.programme, "review", self.qmr, self.day(1, 9))
        self.beat(self.programme, "approve", self.head, self.day(1, 10))

    def _plan(self) -> dict[str, Any]:
        return {
            "title": "Đợt 1: hai phòng nghiệp vụ",
            "criteria": "TCVN ISO 9001:2015; quy trình của đơn vị; văn bản pháp luật liên quan",
            "clauses": ["6.2", "7.5", "8.5", "9.1", "10.2"],
            "starts_on": self.day(OPENED, 8).date().isoformat(),
            "ends_on": self.day(OPENED + 1, 8).date().isoformat(),
            "units": [self.audited.pk, self.other.pk],
            "size": 2,
        }

    def _teams(self) -> None:
        self.title("9. Đánh giá chéo: không ai đánh giá đơn vị mình hay tài liệu do mình làm")
        at = self.day(1, 14)
        lead = next(one for one in auditors(self.agency.pk, at) if one.leads)
        own = Unit.objects.filter(agency=self.agency, seats__user=lead.key).first()
        if own is not None:
            for line in self._proposed([own], at, blocked=True):
                self.say(line)
        found = self._arranged([self.audited, self.other], at)
        names = {one.key: one.name for one in auditors(self.agency.pk, at)}
        for team in found.teams:
            unit = Unit.objects.get(pk=team.unit)
            self.say(f"{unit.name}: {names[team.lead]} (trưởng), {', '.join(names[key] for key in team.members)}")
        self.lead = User.objects.get(pk=lead.key)
        rows = [{"unit": one.unit, "lead": one.lead, "members": list(one.members)} for one in found.teams]
        self.members = {one.unit: User.objects.get(pk=one.members[0]) for one in found.teams}
        self.beat(self.round, "propose", self.secretary, at, teams={"lead": lead.key, "teams": rows})
        self.beat(self.round, "appoint", self.head, self.day(1, 16))
        self.beat(self.round, "notify", self.secretary, self.day(OPENED - NOTICE, 9))
        self.beat(self.round, "open", self.lead, self.day(OPENED, 8))

    def _arranged(self, units: list[Unit], at: datetime) -> Proposal:
        found = self._solve(units, at)
        if isinstance(found, Blocked):
            raise RuntimeError("; ".join(found.sentences))
        return found

    def _proposed(self, units: list[Unit], at: datetime, *, blocked: bool) -> list[str]:
        found = self._solve(units, at)
        return list(found.sentences) if blocked and isinstance(found, Blocked) else []

    def _solve(self, units: list[Unit], at: datetime) -> Proposal | Blocked:
        people = auditors(self.agency.pk, at)
        visits = [Visit(unit.pk, unit.name, 2) for unit in units]
        return propose(visits, people, bars([one.key for one in people], [unit.pk for unit in units], at))

    def _findings(self) -> None:
        self.title("10. Tại phòng: ba phát hiện có bằng chứng, đơn vị xác nhận hoặc phản đối")
        for at, (key, facts) in enumerate(FINDINGS.items()):
            self._found(key, facts, self.day(OPENED, 9 + at))
        if not Finding.objects.filter(round=self.round, unit=self.other).exists():
            fresh = Finding(agency=self.agency, unit=self.other, round=self.round)
            by, at_ = self.members[self.other.pk], self.day(OPENED + 1, 9)
            self.begin(fresh, "record", by, at_, result="conform", clause="7.5", sampled="05 hồ sơ tháng gần nhất")
            self.beat(fresh, "note", by, self.day(OPENED + 1, 10))
        self.beat(self.finding("minor"), "acknowledge", self.chief, self.day(OPENED + 1, 14))
        self.beat(self.finding("observation"), "acknowledge", self.chief, self.day(OPENED + 1, 14, 10))
        note = "Hồ sơ chậm do cơ quan phối hợp trả lời muộn"
        self.beat(self.finding("major"), "dispute", self.chief, self.day(OPENED + 1, 14, 20), note=note)
        note = "Chậm do phối hợp vẫn phải xin lỗi và hẹn lại; giữ nguyên"
        self.beat(self.finding("major"), "uphold", self.qmr, self.day(OPENED + 2, 9), note=note)

    def _found(self, key: str, facts: Mapping[str, str], at: datetime) -> None:
        by = self.members[self.audited.pk]
        if not Finding.objects.filter(round=self.round, unit=self.audited, result=key).exists():
            fresh = Finding(agency=self.agency, unit=self.audited, round=self.round, document=self.document)
            self.begin(fresh, "record", by, at, result=key, **facts)
        self.beat(self.finding(key), "present", by, at + timedelta(minutes=30))

    def finding(self, result: str) -> Finding:
        """The audited unit's finding of a class."""
        return Finding.objects.get(round=self.round, unit=self.audited, result=result)

    def _agreement(self) -> None:
        self.title("11. Trưởng đoàn ký báo cáo, lập phiếu khắc phục và điểm lưu ý")
        self.beat(self.round, "agree", self.lead, self.day(OPENED + 2, 15))
        report: dict[str, Any] = {
            "strengths": "Hồ sơ được lưu theo tháng, dễ tìm; cán bộ nắm chắc quy trình.",
            "conclusion": "Hệ thống cơ bản phù hợp; việc cập nhật văn bản và xin lỗi khi chậm chưa có hiệu lực.",
            "advice": "Giao một đầu mối rà soát văn bản cho cả phòng.",
        }
        self.beat(self.round, "report", self.lead, self.day(OPENED + 3, 9), **report)
        self.beat(self.round, "sign", self.lead, self.day(OPENED + 3, 15))
        for result in ("minor", "major"):
            if not Car.objects.filter(finding=self.finding(result)).exists():
                fresh = Car(agency=self.agency, unit=self.audited, finding=self.finding(result))
                self.begin(fresh, "raise", self.lead, self.day(OPENED + 4, 9))
        if not Observation.objects.filter(finding=self.finding("observation")).exists():
            note = Observation(agency=self.agency, unit=self.audited, finding=self.finding("observation"))
            self.begin(note, "raise", self.lead, self.day(OPENED + 4, 9, 30))
        self.beat(self.round, "follow", self.secretary, self.day(OPENED + 4, 10))
        major = Car.objects.get(finding=self.finding("major"), cycle=1)
        self.beat(major, "acknowledge", self.chief, self.day(OPENED + 5, 9))
        seen = Observation.objects.get(finding=self.finding("observation"))
        self.beat(seen, "respond", self.chief, self.day(OPENED + 6, 9), response="Đã in nhãn theo mẫu cho 42 cặp hồ sơ")
        self.beat(seen, "close", self.lead, self.day(OPENED + 8, 9))

    # --- the corrective action --------------------------------------------------------------------------------------

    def car(self, cycle: int) -> Car:
        """The n-th cycle of the minor nonconformity."""
        return Car.objects.get(finding=self.finding("minor"), cycle=cycle)

    def _first_cycle(self) -> None:
        self.title("12. Khắc phục lần một: người của đơn vị khác kiểm tra, không có hiệu lực")
        first = OPENED + 5
        self._analysed(1, first, SHALLOW, decided_by=self.qmr, documents=())
        self._done(1, first + 8)
        self.refused(self.car(1), "pass", self.lead, **JUDGED)
        found = "Trong 12 hồ sơ nhận sau khi nhắc nhở, 3 hồ sơ vẫn dùng mẫu và căn cứ cũ."
        self.beat(self.car(1), "fail", self._verifier(), self.day(first + 20, 9), **JUDGED | {"evidence_text": found})
        self.say(f"Phiếu {self.car(1).number} khép lại, phiếu {self.car(2).number} mức nặng được lập tiếp theo")

    def _second_cycle(self) -> None:
        self.title("13. Khắc phục lần hai: nguyên nhân ở quy trình, phải sửa tài liệu")
        first = OPENED + 26
        self._analysed(2, first, DEEP, decided_by=self.head, documents=(self.document,))
        self.beat(self.car(2), "revise_document", self.drafter, self.day(first + 6, 9), document=str(self.document.pk))
        self._done(2, first + 9)

    def _analysed(
        self, cycle: int, first: int, analysis: dict[str, Any], *, decided_by: User, documents: tuple[Document, ...]
    ) -> None:
        car = self.car
        self.beat(car(cycle), "acknowledge", self.chief, self.day(first, 9))
        repair: dict[str, Any] = {
            "correction": "Thu hồi bản in cũ, thay bản đang có hiệu lực tại quầy",
            "corrected_on": self.day(first, 9).date(),
        }
        self.beat(car(cycle), "correct", self.drafter, self.day(first, 10), **repair)
        self.beat(car(cycle), "analyse", self.drafter, self.day(first + 1, 9), analysis=analysis)
        proof: dict[str, Any] = {
            "method": "sample",
            "evidence_text": "Đối chiếu 20 hồ sơ với bảng phân công và bản in tại quầy",
        }
        self.beat(car(cycle), "verify_cause", self.chief, self.day(first + 2, 9), **proof)
        plan = self._actions(self.day(first + 8, 9).date(), documents)
        self.beat(car(cycle), "draft_plan", self.drafter, self.day(first + 2, 10), plan=plan)
        self.beat(car(cycle), "submit_plan", self.chief, self.day(first + 3, 9))
        self.beat(car(cycle), "approve_plan", decided_by, self.day(first + 4, 9))
        verifier: dict[str, Any] = {"verifier": str(self._verifier().pk)}
        self.beat(car(cycle), "entrust", self.secretary, self.day(first + 5, 9), **verifier)

    def _actions(self, due: date, documents: tuple[Document, ...]) -> dict[str, Any]:
        what = "Nhắc nhở cán bộ tiếp nhận" if not documents else "Lập sổ theo dõi văn bản, giao một đầu mối"
        return {
            "actions": [{"what": what, "assignee": self.drafter.pk, "due": due.isoformat(), "resources": "01 buổi"}],
            "documents": [
                {"document": str(one.pk), "what": "Thêm việc rà soát văn bản hằng tháng"} for one in documents
            ],
            "risk": "",
            "measure": {
                "what": "Hồ sơ dùng đúng mẫu và căn cứ",
                "kind": "cases",
                "number": 10,
                "target": "10/10 hồ sơ đúng",
            },
        }

    def _verifier(self) -> User:
        return self.members[self.audited.pk]

    def _done(self, cycle: int, number: int) -> None:
        for task in Action.objects.filter(car=self.car(cycle)):
            proof: dict[str, Any] = {
                "done_on": self.day(number, 8).date(),
                "evidence_text": "Biên bản họp phòng và danh sách ký nhận",
            }
            self.beat(task, "finish", self.drafter, self.day(number, 9), **proof)
        self.beat(self.car(cycle), "complete", self.chief, self.day(number, 10))

    def _gate(self) -> None:
        self.title("14. Phiếu không đóng được khi tài liệu chưa có hiệu lực")
        start = OPENED + 36
        judged_at, later = self.day(start, 8), self.day(start + 6, 9)
        self.beat(self.car(2), "pass", self._verifier(), judged_at, **JUDGED)
        if self.car(2).state != "closed":
            self.refused(self.car(2), "close", self.head, judged_at)
        self._revision(start)
        done, _complaints = ticking.tick(self.day(start + 5, 8))
        self.say(f"Đồng hồ {self.day(start + 5, 8):%d/%m/%Y}: " + ", ".join(f"{name} {n}" for name, n in done.items()))
        self.beat(self.car(2), "close", self.head, later)

    def _revision(self, start: int) -> None:
        version = self.version
        content = with_living_basis(written(CODE), self.day(start, 9).date())
        content["purpose"] = f"{content['purpose']} Căn cứ pháp lý được rà soát hằng tháng."
        self.beat(version, "edit", self.drafter, self.day(start, 9), content=content, note="Theo phiếu khắc phục")
        self.beat(version, "submit", self.drafter, self.day(start, 10))
        self.beat(version, "agree", self.chief, self.day(start + 1, 9))
        self.beat(version, "pass", self.secretary, self.day(start + 1, 14))
        self.beat(version, "agree", self.qmr, self.day(start + 2, 9), ordinal=2)
        self.beat(version, "approve", self.head, self.day(start + 2, 14))
        signed: dict[str, Any] = {
            "decision_on": self.day(start + 3, 9).date(),
            "effective_from": self.day(start + 5, 8).date(),
        }
        self.beat(version, "issue", self.clerk, self.day(start + 3, 9), **signed)

    @property
    def version(self) -> DocumentVersion:
        """The revision that the second cycle demands."""
        found = self.car(2).demands.get().revision
        if found is None:
            raise RuntimeError("the revision is not open yet")
        return DocumentVersion.objects.select_related("document", "agency").get(pk=found.pk)

    def _chain(self) -> None:
        for one in Car.objects.filter(root=self.car(1).root_id).order_by("cycle"):
            lasted = (one.closed_on or day_of(one.entered_at)) - one.found_on
            self.say(
                f"Chu kỳ {one.cycle}: {one.number}, {one.get_severity_display()}, {one.stage.label}, {lasted.days} ngày"
            )
        waiting: list[Record] = list(Car.objects.open())
        self.say(f"Phiếu còn mở: {len(waiting)}; {timezone.localdate():%d/%m/%Y} xem ở mục Khắc phục")
