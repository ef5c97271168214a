"""Management review and what it decides (domain §5.3, §7(e); ISO 9001:2015 cl. 9.3)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capa.machines.car import WORKERS
from workflows.machines.reorganisation import lapsed, lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, WAITS, Ask, If, Machine, Stage, Step, Tie, staying

SECRETARY, QMR, HEAD, UNIT_HEAD = Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD, Role.UNIT_HEAD
MEMBER, SUPPORT, LEGAL = Role.STEERING_MEMBER, Role.SUPPORT_TEAM, Role.LEGAL_WATCH
AUDITOR, LEAD = Role.AUDITOR, Role.LEAD_AUDITOR
DOERS = (*WORKERS, QMR, HEAD)


@dataclass(frozen=True)
class Input:
    """One input of the review: clause, what it is, the counts that the product makes of it (``services.known``).

    ``written``: what matters of it the product does not know, so somebody writes it, or the leader waives it.
    """

    key: str
    clause: str
    label: str | Promise
    counts: tuple[str, ...] = ()
    written: bool = False


# fmt: off
INPUTS = (
    Input("earlier",       "9.3.2 a",  _("Việc từ các lần xem xét trước"), ("outputs_open", "outputs_late", "outputs_ended")),
    Input("context",       "9.3.2 b",  _("Thay đổi về bối cảnh bên ngoài và nội bộ"), ("changes_open", "changes_late"), written=True),
    Input("satisfaction",  "9.3.2 c1", _("Sự hài lòng, phản hồi của người dân, tổ chức"), ("complaints",), written=True),
    Input("objectives",    "9.3.2 c2", _("Mức độ đạt mục tiêu"), ("objectives_met", "objectives_at_risk", "objectives_missed", "objectives_unmeasured")),
    Input("performance",   "9.3.2 c3", _("Kết quả các quá trình, sự phù hợp của dịch vụ"), ("documents", "outdated", "announced", "uncovered")),
    Input("nonconformity", "9.3.2 c4", _("Sự không phù hợp và hành động khắc phục"),
          ("cars_raised", "cars_major", "cars_open", "cars_overdue", "cars_closed", "cars_timely", "cars_recurring")),
    Input("monitoring",    "9.3.2 c5", _("Kết quả theo dõi, đo lường"), ("objectives_measured",)),
    Input("audit",         "9.3.2 c6", _("Kết quả đánh giá"),
          ("rounds", "rounds_held", "units", "units_audited", "findings_major", "findings_minor", "findings_observation")),
    Input("providers",     "9.3.2 c7", _("Kết quả của bên cung cấp bên ngoài"), written=True),
    Input("resources",     "9.3.2 d",  _("Sự đầy đủ của nguồn lực"), written=True),
    Input("risks",         "9.3.2 e",  _("Hiệu lực của hành động giải quyết rủi ro, cơ hội"), written=True),
    Input("improvement",   "9.3.2 f",  _("Cơ hội cải tiến"), ("findings_opportunity",)),
)
"""Every input that the standard names (cl. 9.3.2), in its order; all are mandatory."""

KINDS = (
    ("improvement", _("Cơ hội cải tiến")),
    ("change",      _("Thay đổi hệ thống quản lý")),
    ("resource",    _("Nhu cầu nguồn lực")),
)
"""What a review decides (cl. 9.3.3)."""

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
PLAN_ASKS = (
    Ask("year", "number", _("Năm")),
    Ask("title", "line", _("Tên cuộc họp")),
    Ask("meets_on", "date", _("Ngày họp dự kiến")),
    Ask("agenda", "text", _("Nội dung, thành phần"), required=False, limit=20_000),
)
SUBJECT = Ask("subject", "pick", _("Đầu vào"))
TEXT = Ask("text", "prose", _("Nội dung báo cáo"), limit=20_000)
HELD_ON = Ask("held_on", "date", _("Ngày họp"))
ATTENDANCE = Ask("attendance", "text", _("Người dự, người vắng"))
MINUTES = Ask("minutes", "prose", _("Biên bản: ý kiến thảo luận và kết luận"), limit=20_000)
NUMBER = Ask("number", "line", _("Số thông báo kết luận"))
OUTPUT_ASKS = (
    Ask("kind", "choice", _("Loại"), choices=KINDS),
    Ask("what", "text", _("Việc phải làm")),
    Ask("owner", "pick", _("Người chịu trách nhiệm")),
    Ask("due", "date", _("Hạn")),
    Ask("resources", "text", _("Nguồn lực"), required=False),
)
OWNER = Ask("owner", "pick", _("Người chịu trách nhiệm"))
NEW_DUE = Ask("due", "date", _("Hạn mới"))
DONE_ON = Ask("done_on", "date", _("Ngày làm xong"))
PROOF = Ask("evidence_text", "prose", _("Kết quả, bằng chứng"), limit=20_000)
FILES = Ask("files", "files", _("Tệp bằng chứng"), required=False)
MINE = "owner=me"

REVIEW = Machine(
    name="review",
    label=_("Xem xét của lãnh đạo"),
    readers=(SUPPORT, LEAD, MEMBER),
    stages=(
        Stage("planned",            _("Đã lên kế hoạch"),         "secondary", (SECRETARY,)),
        Stage("collecting_inputs",  _("Thu thập đầu vào"),        "azure",     (SECRETARY,)),
        Stage("ready",              _("Đủ đầu vào, chờ họp"),     "cyan",      (HEAD,)),
        Stage("held",               _("Đã họp"),                  "blue",      (SECRETARY,), days=3),
        Stage("minutes_draft",      _("Dự thảo biên bản, kết luận"), "purple", (SECRETARY, HEAD), days=5),
        Stage("conclusions_issued", _("Đã thông báo kết luận"),   "teal",      (SECRETARY,), days=3, public=True),
        Stage("tracking",           _("Theo dõi thực hiện"),      "orange",    (SECRETARY,), public=True),
        Stage("closed",             _("Đã kết thúc"),             "green",     public=True, final=True),
        lapsed(),
    ),
    steps=(
        Step("plan",    _("Lên kế hoạch xem xét"), (),          "planned",           (SECRETARY,), asks=PLAN_ASKS, then="take_facts"),
        Step("edit",    _("Sửa kế hoạch"),      ("planned",),   "planned",           (SECRETARY,), asks=PLAN_ASKS, then="take_facts"),
        Step("collect", _("Thu thập đầu vào"),  ("planned",),   "collecting_inputs", (SECRETARY,), asks=(OPINION,), tell=(QMR, HEAD, LEGAL, UNIT_HEAD)),
        *staying(Step("write_input", _("Viết báo cáo đầu vào"), ("collecting_inputs",), "", (SECRETARY, QMR, LEGAL),
             asks=(SUBJECT, TEXT), then="take_text")),
        *staying(Step("waive_input", _("Miễn một đầu vào"), ("collecting_inputs",), "", (QMR,), asks=(SUBJECT, REASON), then="take_waiver",
             tell=(SECRETARY, HEAD))),
        Step("ready",   _("Đủ đầu vào"),        ("collecting_inputs",), "ready",     (SECRETARY,), guard="inputs_missing", asks=(OPINION,),
             tell=(WAITS, QMR)),
        Step("return",  _("Bổ sung đầu vào"),   ("ready",),     "collecting_inputs", (QMR, HEAD), asks=(REASON,), tell=(WAITS,)),
        Step("hold",    _("Ghi cuộc họp"),      ("ready",),     "held",              (HEAD,), guard="unfit_day", asks=(HELD_ON, ATTENDANCE), then="freeze",
             tell=(WAITS, QMR)),
        Step("minutes", _("Viết biên bản"),     ("held", "minutes_draft"), "minutes_draft", (SECRETARY,), asks=(MINUTES,), then="take_minutes", tell=(HEAD, QMR)),
        Step("issue",   _("Thông báo kết luận"), ("minutes_draft",), "conclusions_issued", (HEAD,),
             apart=("minutes",), guard="nothing_decided", asks=(NUMBER, OPINION), then="begin_outputs", tell=(WAITS, QMR, UNIT_HEAD, MEMBER, ACTORS)),
        Step("track",   _("Đã gửi thông báo, theo dõi thực hiện"), ("conclusions_issued",), "tracking", (SECRETARY,), asks=(OPINION,)),
        Step("close",   _("Kết thúc"),          ("tracking",),  "closed",            (SECRETARY, HEAD), guard="open_outputs", asks=(OPINION,), tell=(QMR, HEAD)),
        lapsing(("planned", "collecting_inputs", "ready", "held", "minutes_draft"), "lapsed"),
        lapsing(("conclusions_issued", "tracking"), "closed"),
    ),
)

OUTPUT = Machine(
    name="output",
    label=_("Việc theo kết luận xem xét của lãnh đạo"),
    readers=(SUPPORT, MEMBER, LEAD),
    ties=(Tie(MINE, _("người chịu trách nhiệm về việc này")),),
    stages=(
        Stage("planned", _("Dự thảo"),            "secondary"),
        Stage("open",    _("Đang làm"),           "blue",  DOERS, public=True, only=(If(MINE),)),
        Stage("done",    _("Đã làm xong, chờ xác nhận"), "azure", (QMR,), days=5, public=True),
        Stage("ended",   _("Đã xác nhận kết quả"), "green", public=True, final=True),
        Stage("dropped", _("Đã bỏ"),              "muted", final=True),
    ),
    steps=(
        Step("decide",   _("Thêm việc"),          (),           "planned", (SECRETARY,), guard="review_past", asks=OUTPUT_ASKS, then="take_facts"),
        Step("edit",     _("Sửa việc"),           ("planned",), "planned", (SECRETARY,), guard="review_past", asks=OUTPUT_ASKS, then="take_facts"),
        Step("drop",     _("Bỏ việc này"),        ("planned",), "dropped", (SECRETARY,), guard="review_past", asks=(REASON,)),
        Step("assign",   _("Giao việc"),          ("planned",), "open",    (CLOCK,), tell=(WAITS,)),
        Step("extend",   _("Gia hạn"),            ("open",),    "open",    (HEAD,), guard="unfit_extension", asks=(NEW_DUE, REASON), then="take_due",
             tell=(WAITS, SECRETARY)),
        Step("reassign", _("Giao người khác"),    ("open",),    "open",    (QMR,), asks=(OWNER, REASON), then="take_owner", tell=(WAITS,)),
        Step("finish",   _("Báo đã làm xong"),    ("open",),    "done",    DOERS, only=(If(MINE),), guard="unfit_finish",
             asks=(DONE_ON, PROOF, FILES), then="take_proof", tell=(WAITS, SECRETARY)),
        Step("return",   _("Chưa đạt, làm lại"),  ("done",),    "open",    (QMR,), asks=(REASON,), tell=(WAITS,)),
        Step("accept",   _("Xác nhận kết quả"),   ("done",),    "ended",   (QMR,), apart=("finish",), asks=(OPINION,), tell=(ACTORS, SECRETARY)),
        Step("drop",     _("Bỏ việc này"),        ("open",),    "dropped", (HEAD,), asks=(REASON,), tell=(WAITS, SECRETARY)),
        lapsing(("planned", "open", "done"), "dropped"),
    ),
)
# fmt: on
