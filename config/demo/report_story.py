"""The last story: two communes send their yearly reports, the department takes them and sends its own.

One commune's report comes back once with the reason; a total that is not the sum of the reports is refused.
"""

from __future__ import annotations

from typing import Any

from capa.models import ReportReceipt, Round, YearReport
from capa.services.telling import told_of
from config.demo.telling import Telling
from workflows.models import Unit, User

COMMUNES = ("DONGSEN", "BANTHONG")
WRITTEN = {
    "training": "Một buổi phổ biến mô hình khung cho công chức một cửa",
    "budget": "",
    "difficulties": "Công chức kiêm nhiệm nhiều việc, thời gian soạn quy trình ít.",
    "proposals": "Đề nghị Sở hướng dẫn áp dụng mô hình khung tại chỗ.",
}
OWN = {
    "training": "Một lớp đánh giá viên nội bộ",
    "budget": "Trong dự toán chi thường xuyên",
    "difficulties": "Văn bản thay đổi nhiều trong năm; các xã mới bắt đầu xây dựng hệ thống.",
    "proposals": "Đề nghị tỉnh bố trí kinh phí đào tạo cho cấp xã.",
}
BACK = "Bổ sung kinh phí đã sử dụng"
MENDED = {"budget": "Không phát sinh kinh phí riêng"}
GATES = ("objectives", "review", "publication")
NEW = "Xã mới áp dụng, chưa đến kỳ"


class ReportStory(Telling):
    """Three reports of one year."""

    length = 14

    def play(self) -> None:
        """From the communes to the department."""
        self.department = self.agency
        last = Round.objects.filter(agency=self.agency).order_by("-starts_on").first()
        self.year = last.starts_on.year if last else self.today.year
        self.title(f"Báo cáo năm {self.year}: các xã gửi Sở")
        for number, code in enumerate(COMMUNES, 1):
            self._commune(Unit.objects.agencies().get(code=code), number)
        self.title("Sở xem, trả lại một báo cáo, chấp nhận, tổng hợp; tổng không khớp bị từ chối")
        self.agency = self.department
        self._received()
        self._own()

    def _commune(self, commune: Unit, number: int) -> None:
        self.agency = commune
        clerk, qmr = self._first("iso_secretary"), self._first("qmr")
        self._begun(commune, clerk, 0)
        self.beat(self.of(commune), "write", clerk, self.day(0, 10), **self._words(WRITTEN))
        for ordinal, gate in enumerate(GATES, 1):
            given = self._words({"gate": gate, "note": NEW})
            self.beat(self.of(commune), "waive_gate", qmr, self.day(0, 11), ordinal=ordinal, **given)
        self._sent(commune, f"{number}/BC-{commune.code}", 1, ordinal=1)

    def _received(self) -> None:
        secretary, back = self._first("iso_secretary"), Unit.objects.agencies().get(code=COMMUNES[0])
        self.beat(self.receipt(back), "return", secretary, self.day(2, 9), note=BACK)
        self.agency = back
        self.beat(self.of(back), "write", self._first("iso_secretary"), self.day(3, 9), ordinal=2,
                  **self._words(WRITTEN | MENDED))  # fmt: skip
        self._sent(back, f"3/BC-{back.code}", 3, ordinal=2)
        self.agency = self.department
        for code in COMMUNES:
            commune = Unit.objects.agencies().get(code=code)
            self.beat(self.receipt(commune), "accept", secretary, self.day(4, 9))

    def _own(self) -> None:
        secretary = self._first("iso_secretary")
        self._begun(self.department, secretary, 4)
        mine = self.of(self.department)
        below = {one.key: one.below for one in told_of(mine, self.today).rows}
        wrong = {"documents": below["documents"] + 1}
        self.refused(mine, "consolidate", secretary, self.day(4, 14), totals=wrong)
        right = {"documents": below["documents"]}
        self.beat(mine, "consolidate", secretary, self.day(4, 15), totals=right)
        self.beat(self.of(self.department), "write", secretary, self.day(4, 16), **self._words(OWN))
        self._sent(self.department, f"97/BC-{self.department.code}", 5, ordinal=1)
        for one in told_of(self.of(self.department), self.today).rows:
            if one.total:
                self.say(f"{one.label}: {one.own} của Sở + {one.below} của cấp dưới = {one.total}")

    def _begun(self, unit: Unit, by: User, day: int) -> None:
        if YearReport.objects.filter(unit=unit, year=self.year).exists():
            self.found_done += 1
        else:
            self.begin(YearReport(agency=unit, unit=unit), "draft", by, self.day(day, 9), year=self.year)

    def _sent(self, unit: Unit, number: str, day: int, *, ordinal: int) -> None:
        """The secretary lays it before the head, who signs and sends it."""
        clerk, head = self._first("iso_secretary"), self._first("steering_head")
        self.beat(self.of(unit), "propose", clerk, self.day(day, 14), ordinal=ordinal)
        self.beat(self.of(unit), "submit", head, self.day(day, 15), ordinal=ordinal, number=number)

    def _first(self, role: str) -> User:
        return self.seated(role, self.agency)

    @staticmethod
    def _words(given: dict[str, str]) -> dict[str, Any]:
        return dict(given)

    def of(self, unit: Unit) -> YearReport:
        """The year's report of an agency."""
        rows = YearReport.objects.select_related("agency__parent", "unit")
        return rows.get(unit=unit, year=self.year)

    def receipt(self, unit: Unit) -> ReportReceipt:
        """The same as the department has got it."""
        found: ReportReceipt = ReportReceipt.objects.select_related("report", "agency", "unit").get(
            report=self.of(unit)
        )
        return found
