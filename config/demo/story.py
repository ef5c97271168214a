"""The main job, played through the same door as the pages: a decree, its procedures, one revision, in force on its day.

It is played on days gone by, so that its end is today. The decree's effective date is not in the sources: the legal
officer enters one for the rehearsal, and the line says so. Each beat is done once: a second run finds it done.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from config.demo.notices import told
from config.demo.telling import Telling, heir, with_living_basis, written
from documents.models import Campaign, DocumentVersion, ImpactItem, Regulation
from documents.services.campaigns import campaign_open
from documents.services.touching import Touched, regulation_touches
from documents.templatetags.law import hop
from workflows import ledger, ticking
from workflows.models import Move, User
from workflows.roles import UNIT_SCOPED

DECREE = "18/2026/NĐ-CP"
REVISED = "2.000528"
LENGTH = 45
"""Days from the registration of the decree to the day on which it takes effect: today."""

CONFIRMED, DECLINED = 3, 4
"""How many further procedures of the story are confirmed, and how many declined; the third story screens the rest."""


class Story(Telling):
    """The story on one agency; ``play`` tells it."""

    length = LENGTH

    def play(self) -> None:
        """All seven acts, in order."""
        self._one_registration()
        self._two_impact()
        self._three_revision()
        self._four_approval()
        self._five_issue()
        self._six_notices()
        self._seven_proof()

    # --- the seven acts ---------------------------------------------------------------------------------------------

    def _one_registration(self) -> None:
        self.title(f"1. {self._who('legal_watch')} đăng ký {DECREE} và xem quy trình nào viện dẫn")
        act, officer = self.act, self.holder("legal_watch")
        facts = {name: getattr(act, name) for name in ("number", "issuer", "kind", "title", "source_status")}
        facts |= {"issued_on": act.issued_on, "expired_on": act.expired_on, "effective_on": self.today}
        self.beat(act, "correct", officer, self.day(0, 8), facts=facts, note="Ngày giả định cho buổi trình diễn")
        self.beat(act, "verify", officer, self.day(0, 8, 10))
        self.say(f"Hiệu lực {self.today:%d/%m/%Y} (ngày giả định: nguồn dữ liệu không ghi ngày của văn bản này)")
        touched = regulation_touches(self.act, on=self.day(0, 9).date(), agency=self.agency)
        self.say(f"{len(touched)} quy trình đang có hiệu lực viện dẫn trực tiếp {DECREE}:")
        for unit, group in groupby(touched, key=lambda one: one.version.unit):
            rows = list(group)
            self.say(f"  {unit.name}: {len(rows)} – ví dụ {self._path(rows[0])}")

    def _two_impact(self) -> None:
        self.title("2. Rà soát tác động: xác nhận phải sửa, hoặc không ảnh hưởng và có lý do")
        officer, qmr = self.holder("legal_watch"), self.holder("qmr")
        campaign = campaign_open(regulation=self.act, agency=self.agency, by=officer, now=self.day(0, 9))
        items = list(campaign.items.select_related("document", "regulation").order_by("document__code_key"))
        items.sort(key=lambda item: item.document.code != REVISED)
        confirmed, declined = items[: 1 + CONFIRMED], items[1 + CONFIRMED : 1 + CONFIRMED + DECLINED]
        for item in confirmed:
            self.beat(item, "confirm", officer, self.day(1, 9), note="Thành phần hồ sơ và thời hạn thay đổi")
        for item in declined:
            self.beat(
                item, "screen", officer, self.day(1, 10), note="Nghị định không sửa quy định mà quy trình áp dụng"
            )
            self.beat(item, "no_impact", qmr, self.day(2, 9), note="Đồng ý")
        states = Counter(campaign.items.values_list("state", flat=True))
        counted = ", ".join(f"{ImpactItem.machine.stage(state).label}: {number}" for state, number in states.items())
        self.say(f"{campaign}: {counted}")
        due = self.item.due_on or self.version.wanted_by  # on a second run the item is resolved and due no more
        self.say(f"{self._who('drafter')} nhận việc, hạn {due:%d/%m/%Y} tính từ ngày nghị định có hiệu lực")

    def _three_revision(self) -> None:
        self.title(f"3. {self._who('drafter')} sửa quy trình {REVISED}, thay căn cứ đã hết hiệu lực, trình duyệt")
        drafter = self.holder("drafter")
        self.beat(self.item, "open_revision", drafter, self.day(3, 9))
        on = self.day(3, 9).date()
        heirs = {row["number"]: heir(row["number"], on) for row in written(REVISED)["legal_basis"]}
        note = f"Sửa theo {DECREE}"
        self.beat(self.version, "edit", drafter, self.day(3, 10), content=self._edited(), note=note)
        for number, successor in heirs.items():
            if successor:
                self.say(f"Căn cứ {number} đã chết, thay bằng {successor} bằng một lần bấm")
        self.beat(self.version, "submit", drafter, self.day(3, 11))

    def _four_approval(self) -> None:
        self.title("4. Bốn cấp xem bản so sánh và quyết định trong hộp việc")
        drafter = self.holder("drafter")
        self.beat(self.version, "agree", self.holder("unit_head"), self.day(4, 9), note="Đúng với thực tế ở phòng")
        self.refused(self.version, "approve", drafter)
        self.beat(
            self.version, "return", self.holder("iso_secretary"), self.day(5, 9), note="Bổ sung biểu mẫu ở bước 1"
        )
        content = self._edited() | {"purpose": f"{self._edited()['purpose']} Áp dụng thống nhất tại bộ phận một cửa."}
        self.beat(
            self.version, "edit", drafter, self.day(6, 9), ordinal=2, content=content, note="Theo ý kiến thẩm tra"
        )
        self.beat(self.version, "submit", drafter, self.day(6, 10), ordinal=2)
        self.beat(self.version, "agree", self.holder("unit_head"), self.day(7, 9), ordinal=2)
        self.beat(self.version, "pass", self.holder("iso_secretary"), self.day(8, 9))
        self.beat(self.version, "agree", self.holder("qmr"), self.day(9, 9), ordinal=3)
        self.beat(self.version, "approve", self.holder("steering_head"), self.day(10, 9))

    def _five_issue(self) -> None:
        self.title("5. Văn thư ban hành; bản cũ hết hiệu lực lúc 00 giờ đúng ngày")
        day = self.day(11, 9)
        self.beat(
            self.version, "issue", self.holder("records_clerk"), day, decision_on=day.date(), effective_from=self.today
        )
        self.say(f"Quyết định {self.version.decision_no}, có hiệu lực từ {self.version.effective_from:%d/%m/%Y}")
        for moment in (self._midnight() - timedelta(minutes=1), self._midnight()):
            done, _complaints = ticking.tick(moment)
            what = ", ".join(f"{name} {number}" for name, number in done.items()) or "chưa đến hạn gì"
            self.say(f"Đồng hồ {timezone.localtime(moment):%d/%m/%Y %H:%M}: {what}")
        lives = self.version.document.versions.exclude(state="cancelled").order_by("issue_no", "revision_no")
        for version in lives:
            ends = f" đến trước {version.effective_to:%d/%m/%Y}" if version.effective_to else ""
            begins = f"{version.effective_from:%d/%m/%Y}" if version.effective_from else "chưa rõ ngày"
            self.say(f"  Bản {version.number}: {version.stage.label}, từ {begins}{ends}")

    def _six_notices(self) -> None:
        self.title("6. Người liên quan được báo, không ai khác")
        for line in told(self.version):
            self.say(line)

    def _seven_proof(self) -> None:
        self.title("7. Ai làm gì, khi nào, với vai trò và căn cứ nào")
        prev = ledger.genesis(self.version.pk)
        for move in Move.objects.of(self.version.pk):
            sound = move.prev_hash == prev and ledger.link(prev, move.body) == move.hash
            sound = sound and ledger.is_sealed(move.hash, move.mac)
            prev = move.hash
            who = move.actor.full_name if move.actor else move.role_label
            ground = f" theo {move.ground}" if move.ground else ""
            mark = "khớp" if sound else "SAI"
            when = f"{timezone.localtime(move.at):%d/%m/%Y %H:%M}"
            self.say(f"{when} {move.action_label}: {who}, {move.role_label}{ground} [{mark}]")

    # --- what the acts look at --------------------------------------------------------------------------------------

    @property
    def act(self) -> Regulation:
        """The decree."""
        return Regulation.objects.by_number(DECREE).get()

    @property
    def item(self) -> ImpactItem:
        """The item of the procedure that the story revises."""
        campaign = Campaign.objects.get(agency=self.agency, regulation=self.act)
        return campaign.items.select_related("document", "regulation", "revision").get(document__code=REVISED)

    @property
    def version(self) -> DocumentVersion:
        """The revision."""
        found = self.item.revision
        if found is None:
            raise RuntimeError("the revision is not open yet")
        return DocumentVersion.objects.select_related("document", "agency").get(pk=found.pk)

    def holder(self, role: str) -> User:
        """Who holds a role for the story's procedure: in its unit for unit roles, else anywhere in the agency."""
        return self.seated(role, self.item.unit if role in UNIT_SCOPED else self.agency)

    def _who(self, role: str) -> str:
        try:
            person = self.holder(role)
        except (Campaign.DoesNotExist, ImpactItem.DoesNotExist):
            return "Cán bộ"
        return f"{person.full_name} ({person.position})" if person.position else person.full_name

    def _midnight(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.today, time()))

    def _edited(self) -> dict[str, Any]:
        content = with_living_basis(written(REVISED), self.day(3, 9).date())
        content["scope"] = f"{content['scope']} Thực hiện theo {DECREE}."
        return content

    @staticmethod
    def _path(one: Touched) -> str:
        return "; ".join(hop(step) for step in one.path)
