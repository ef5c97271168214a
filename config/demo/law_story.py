"""The third story: a whole campaign screened in bulk, swaps of the legal basis signed in one sitting, the legal gate.

Played through the same services as the pages, after the first story and on the same days gone by. A second run finds
each deed done.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from config.demo.story import DECREE
from config.demo.telling import Telling, with_living_basis
from documents.machines.impact import OPEN
from documents.models import Campaign, DocumentVersion, Event, ImpactItem, Regulation
from documents.models.impact import ImpactQuerySet
from documents.services.alarm import LAW, alarms
from documents.services.asof import Moment, versions_in_force
from documents.services.campaigns import campaign_open, impacts_decide
from documents.services.simulation import Supposition, foretell
from documents.services.sitting import Chosen, sitting_lines, sitting_sign
from workflows import ticking
from workflows.models import Move, User

OLD, NEW = "08/2020/NĐ-CP", "151/2026/NĐ-CP"
"""A decree that many cite, and the one that replaced it on 01/07/2026."""
SWAPPED = ("1.008925", "1.008934")
"""Procedures whose text the sample has in full, so that they can be issued anew."""
WAITING = "08/2025/TT-BTP"
"""The campaign that is left for the visitor to screen."""


class LawStory(Telling):
    """What the change of one decree means for a whole agency, to the closing of its campaign."""

    def play(self) -> None:
        """All acts, in order."""
        self.unit = DocumentVersion.objects.filter(document__code=SWAPPED[0], agency=self.agency)[0].unit
        self.officer, self.qmr = self.seated("legal_watch", self.agency), self.seated("qmr", self.agency)
        self.head, self.secretary = self.seated("steering_head", self.agency), self.seated("iso_secretary", self.agency)
        self.drafter, self.chief = self.seated("drafter", self.unit), self.seated("unit_head", self.unit)
        self._simulation()
        self._bulk()
        self._revisions()
        self._sitting()
        self._gate()
        self._two_dates()

    def _simulation(self) -> None:
        new = Regulation.objects.by_number(NEW).get()
        self.title(f"Thử trước: nếu {NEW} thay thế {OLD} từ {new.effective_on:%d/%m/%Y}")
        deeds, day = Move.objects.count(), self.day(11, 8).date()
        found = foretell(Supposition(new, new.effective_on), agency=self.agency, user=self.officer, day=day)
        dying = sum(one.dead_from is not None for one in found)
        bare = sum(one.baseless_from is not None for one in found)
        self.say(f"{len(found)} quy trình chịu tác động, {dying} mất căn cứ {OLD}, {bare} không còn căn cứ nào")
        if Move.objects.count() != deeds:
            raise RuntimeError("the simulation wrote")
        self.say(f"Không ghi gì: sổ cái vẫn có {deeds} dòng")

    # --- the campaign of the first story: all of it in two decisions ------------------------------------------------

    def _bulk(self) -> None:
        campaign = self._campaign(DECREE)
        self.title(f"Rà soát hàng loạt: {campaign}, {campaign.items.count()} quy trình")
        waiting, proposed = campaign.items.filter(state="detected"), campaign.items.filter(state="screening")
        self._decide(waiting, "screen", self.officer, self.day(12, 9), "Nghị định không sửa phần áp dụng")
        self._decide(proposed, "no_impact", self.qmr, self.day(13, 9), "Đã đối chiếu, đồng ý")
        if self._open(campaign):
            self.refused(campaign, "close", self.officer, self.day(13, 10))
        until = self.today + timedelta(days=60)
        for item in campaign.items.filter(state="impact_confirmed").order_by("document__code_key"):
            self.beat(item, "waive", self.head, self.day(14, 9), until=until, note="Chờ mẫu chung của Bộ")
        self.beat(campaign, "close", self.officer, self.day(14, 10))

    def _decide(self, rows: ImpactQuerySet, action: str, by: User, now: datetime, note: str) -> None:
        items = list(rows.for_list())
        if not items:
            self.found_done += 1
            return
        done, refused = impacts_decide(items=items, action=action, by=by, note=note, now=now)
        self.beats += len(done)
        label = ImpactItem.machine.rows_of(action)[0].label
        self.say(f"{by.full_name} “{label}”: {len(done)} mục một lần, {len(refused)} bị từ chối")

    # --- a decree replaced: swaps -----------------------------------------------------------------------------------

    def _revisions(self) -> None:
        act = Regulation.objects.by_number(NEW).get()
        self.title(f"{NEW} thay thế {OLD}: đổi căn cứ, trình duyệt")
        fresh = not Campaign.objects.filter(agency=self.agency, regulation=act).exists()
        campaign = campaign_open(regulation=act, agency=self.agency, by=self.officer, now=self.day(15, 8))
        self.beats, self.found_done = self.beats + fresh, self.found_done + (not fresh)
        items = {item.document.code: item for item in campaign.items.for_list()}
        for code in SWAPPED:
            self.beat(items[code], "confirm", self.officer, self.day(15, 9), note="Căn cứ đã bị thay thế")
            self.beat(items[code], "open_revision", self.drafter, self.day(15, 10))
            self._draft(self._revision(code), hidden=code == SWAPPED[1])
        rest = [item for code, item in sorted(items.items()) if code not in SWAPPED]
        until = self.today + timedelta(days=90)
        for item in rest:
            self.beat(item, "confirm", self.officer, self.day(15, 11), note="Căn cứ đã bị thay thế")
            self.beat(item, "waive", self.head, self.day(15, 15), until=until, note="Chờ soạn đủ nội dung quy trình")

    def _draft(self, version: DocumentVersion, *, hidden: bool) -> None:
        """Exchange the dead act; one drafter slips a change of substance in beside it."""
        content = with_living_basis(version.content, self.day(15, 13).date())
        if hidden and version.state == "draft":
            content = {**content, "fee": "Theo thoả thuận"}
        self.beat(version, "edit", self.drafter, self.day(15, 13), content=content, note=f"Theo {NEW}")
        self._through(version, 16)

    def _through(self, version: DocumentVersion, day: int, ordinal: int = 1) -> None:
        """From the draft to the leader's desk."""
        self.beat(version, "submit", self.drafter, self.day(day, 8), ordinal=ordinal)
        self.beat(version, "agree", self.chief, self.day(day, 9), ordinal=2 * ordinal - 1)
        self.beat(version, "pass", self.secretary, self.day(day, 10), ordinal=ordinal)
        self.beat(version, "agree", self.qmr, self.day(day, 11), ordinal=2 * ordinal)

    def _sitting(self) -> None:
        campaign, hidden = self._campaign(NEW), self._revision(SWAPPED[1])
        self.title(f"Phiên ký của {self.head.full_name}: đọc phần khác, ký các bản chỉ đổi căn cứ trong một lần")
        self._sign(campaign, self.day(17, 9))
        note = "Phí không thuộc phạm vi nghị định, giữ như cũ"
        self.beat(hidden, "return", self.head, self.day(17, 10), note=note)
        content = with_living_basis({**hidden.content, "fee": self._fee(hidden)}, self.day(18, 9).date())
        self.beat(hidden, "edit", self.drafter, self.day(18, 9), ordinal=2, content=content, note=f"Theo {NEW}")
        self._through(hidden, 19, ordinal=2)
        self._sign(campaign, self.day(20, 9))

    def _fee(self, version: DocumentVersion) -> str:
        base = version.predecessor
        return str(base.content["fee"]) if base else ""

    def _sign(self, campaign: Campaign, now: datetime) -> None:
        """Tick everything that waits and sign: what is no swap is refused, whoever ticks it."""
        lines = [line for line in sitting_lines(campaign, self.head, now=now) if line.version.document.code in SWAPPED]
        if not lines or Move.objects.filter(action="approve", actor=self.head, at=now).exists():
            self.found_done += 1
            return
        for line in lines:
            pairs = [(one.old, one.new) for one in line.difference.verdict.swaps]
            swaps = ", ".join(f"{old['number']} → {new['number']}" for old, new in pairs if old and new)
            why = f": {line.difference.hard}" if line.difference.hard else ""
            self.say(f"{line.version.document.code}: {line.difference.change.label}{why} ({swaps})")
        chosen = [Chosen(line.version.pk, line.version.row_version, line.difference.digest) for line in lines]
        outcome = sitting_sign(campaign=campaign, by=self.head, chosen=chosen, now=now)
        self.beats += len(outcome.done)
        self.say(f"Ký {len(outcome.done)} bản trong một phiên")
        for version, error in outcome.refused:
            self.say(f"{version.document.code}: bị từ chối trong phiên ký – {error.said}")

    def _gate(self) -> None:
        campaign, clerk = self._campaign(NEW), self.seated("records_clerk", self.agency)
        self.title("Cổng pháp lý: đợt rà soát chỉ kết thúc khi mọi mục đã xong")
        if self._open(campaign):
            self.refused(campaign, "close", self.officer, self.day(20, 10))
        issued = self.day(21, 9)
        for code in SWAPPED:
            version = self._revision(code)
            self.beat(version, "issue", clerk, issued, decision_on=issued.date(), effective_from=self.today)
        midnight = timezone.make_aware(datetime.combine(self.today, time()))
        done, _complaints = ticking.tick(midnight)
        what = ", ".join(f"{name} {number}" for name, number in done.items()) or "chưa đến hạn gì"
        self.say(f"Đồng hồ {self.today:%d/%m/%Y} 00:00: {what}")
        self.beat(campaign, "close", self.officer, midnight + timedelta(minutes=1))
        states = Counter(campaign.items.values_list("state", flat=True))
        self.say(", ".join(f"{ImpactItem.machine.stage(state).label}: {number}" for state, number in states.items()))

    # --- the library of two dates -----------------------------------------------------------------------------------

    def _two_dates(self) -> None:
        act = Regulation.objects.by_number(NEW).get()
        if act.effective_on is None:
            raise RuntimeError(f"{NEW} has no effective date")
        eve = act.effective_on - timedelta(days=1)
        self.title(f"Thư viện của hai ngày: {eve:%d/%m/%Y} và {self.today:%d/%m/%Y}")
        for day in (eve, self.today):
            self.say(self._library(day))
        waiting = Regulation.objects.by_number(WAITING).first()
        if waiting is not None:
            now = timezone.make_aware(datetime.combine(self.today, time(0, 2)))
            opened = campaign_open(regulation=waiting, agency=self.agency, by=self.officer, now=now)
            self.say(f"Còn lại cho bạn: {opened}, {opened.items.filter(state__in=OPEN).count()} mục chờ rà soát")

    def _library(self, day: date) -> str:
        at = Moment(day, None, timezone.localdate())
        rows = {one.pk: one for one in versions_in_force(at).filter(agency=self.agency).select_related("document")}
        dead = alarms(list(rows.values()), at, {LAW})
        shown = next(one for one in rows.values() if one.document.code == SWAPPED[0])
        basis = ", ".join(row["number"] for row in shown.content["legal_basis"] if row["number"] in (OLD, NEW))
        return (
            f"{len(rows)} tài liệu có hiệu lực, {len(dead)} viện dẫn văn bản đã chết;"
            f" {SWAPPED[0]}: bản {shown.number}, căn cứ {basis} (/documents/?on={day.isoformat()})"
        )

    # --- what the acts look at --------------------------------------------------------------------------------------

    def _campaign(self, number: str) -> Campaign:
        act = Regulation.objects.by_number(number).get()
        return Campaign.objects.get(agency=self.agency, event=Event.objects.of_act(act))

    def _revision(self, code: str) -> DocumentVersion:
        item = self._campaign(NEW).items.select_related("revision").get(document__code=code)
        if item.revision_id is None:
            raise RuntimeError(f"{code}: the revision is not open yet")
        return DocumentVersion.objects.select_related("document", "predecessor").get(pk=item.revision_id)

    def _open(self, campaign: Campaign) -> bool:
        return campaign.items.filter(state__in=OPEN).exists()
