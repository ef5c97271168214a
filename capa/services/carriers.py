"""What becomes of audits, the yearly cycle and inspections of an agency that ends.

Open corrective action goes to the heir with its history: somebody still has to put right what was wrong. Objectives,
programmes, rounds and reviews are of a management system that ends, so they end with a reason and stay readable; the
heir has its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.models import (
    Action,
    Car,
    Finding,
    Inspection,
    InspectionPlan,
    Objective,
    ObjectiveSet,
    Observation,
    Output,
    Programme,
    ReportReceipt,
    Review,
    Round,
    ScoringTemplate,
    SelfScore,
    Spread,
    SpreadAnswer,
    YearReport,
)
from workflows import engine
from workflows.carrying import Carrier, Find, Parting
from workflows.errors import WorkflowError
from workflows.lapsing import ending, lapse, reason
from workflows.models import Record

PASSES = lazy("Chuyển cho nơi nhận cùng toàn bộ lịch sử; phiếu đã kết thúc ở lại với cơ quan cũ, nơi nhận xem được")


def _open(model: type[Record]) -> Find:
    """Records of a kind in the states out of which its table hands over."""
    states = [state for row in model.machine.rows_of("hand_over") for state in row.sources]

    def find(agencies: Collection[int], day: date) -> QuerySet[Any]:
        del day
        rows: QuerySet[Any] = model.objects.filter(agency__in=list(agencies), state__in=states)
        return rows

    return find


def _hand_over(record: Any, parting: Parting) -> None:
    if parting.heir is None:
        raise WorkflowError(_("Chưa có nơi nhận."))
    engine.fire(record, "hand_over", by=None, now=parting.now, heir=parting.heir.pk)


CARRIERS: tuple[Carrier, ...] = tuple(
    Carrier(name, label, PASSES, _open(model), _hand_over)
    for name, label, model in (
        ("cars", lazy("Phiếu khắc phục đang mở"), Car),
        ("actions", lazy("Hành động khắc phục đang mở"), Action),
        ("observations", lazy("Điểm lưu ý đang mở"), Observation),
    )
)


def _inspected(agencies: Collection[int], day: date) -> QuerySet[Any]:
    """Inspections, not concluded yet, of agencies that end, by others that stay."""
    del day
    mine = Inspection.objects.filter(about__in=list(agencies), state__in=("planned", "notified", "in_progress"))
    return mine.exclude(agency__in=list(agencies))


def _asked(agencies: Collection[int], day: date) -> QuerySet[Any]:
    """Questions of others that wait for an answer."""
    del day
    rows: QuerySet[Any] = SpreadAnswer.objects.filter(agency__in=list(agencies), state="asked")
    return rows


def _waive(answer: Any, parting: Parting) -> None:
    engine.fire(answer, "waive", by=None, now=parting.now, note=reason(parting))


FINDINGS = lazy("Kết thúc cùng cơ quan; muốn nơi nhận khắc phục thì lập phiếu trước ngày hiệu lực")
INSPECTED = lazy(
    "Cuộc kiểm tra chưa kết luận thì huỷ, có ghi lý do; đã kết luận thì phiếu khắc phục chuyển cho nơi nhận"
)
REPORTS = lazy(
    "Kết thúc cùng cơ quan, có ghi lý do; báo cáo đã gửi vẫn ở nơi nhận, cấp dưới gửi báo cáo sau cho nơi nhận mới"
)
WAIVED = lazy("Được miễn, có ghi lý do; nơi nhận trả lời câu hỏi của chính mình")
CARRIERS += (
    ending("findings", lazy("Phát hiện đánh giá chưa lập phiếu"), Finding, FINDINGS),
    ending("rounds", lazy("Đợt đánh giá chưa kết thúc"), Round),
    ending("programmes", lazy("Chương trình đánh giá chưa hoàn thành"), Programme),
    ending("objectives", lazy("Mục tiêu đang theo dõi"), Objective),
    ending("objective_sets", lazy("Bộ mục tiêu năm chưa đánh giá"), ObjectiveSet),
    ending("outputs", lazy("Việc theo kết luận xem xét chưa xong"), Output),
    ending("management_reviews", lazy("Cuộc xem xét của lãnh đạo chưa kết thúc"), Review),
    ending("self_scores", lazy("Lần tự chấm điểm đang làm"), SelfScore),
    Carrier(
        "inspected", lazy("Cuộc kiểm tra chưa kết luận"), INSPECTED, _inspected, lapse, inherited=False, of="about"
    ),
    ending("inspections", lazy("Cuộc kiểm tra do cơ quan tiến hành"), Inspection),
    ending("inspection_plans", lazy("Kế hoạch kiểm tra chưa kết thúc"), InspectionPlan),
    ending("scoring_templates", lazy("Bảng điểm đang soạn"), ScoringTemplate),
    Carrier("spread_answers", lazy("Câu hỏi đang chờ trả lời"), WAIVED, _asked, _waive, inherited=False),
    ending("spreads", lazy("Câu hỏi đã gửi cơ quan cấp dưới"), Spread),
    ending("year_reports", lazy("Báo cáo năm chưa gửi"), YearReport, REPORTS),
    ending("report_receipts", lazy("Báo cáo năm của cấp dưới chưa tổng hợp"), ReportReceipt, REPORTS),
)
