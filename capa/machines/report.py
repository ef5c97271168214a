"""The yearly report of an agency or unit, and how the body above takes it (domain §6.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.machines.reorganisation import lapsed, lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, WAITS, Ask, If, Machine, Stage, Step, Tie, staying

SECRETARY, QMR, HEAD, UNIT_HEAD = Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD, Role.UNIT_HEAD
COORDINATOR = Role.PROVINCE_COORDINATOR
MEMBER, SUPPORT = Role.STEERING_MEMBER, Role.SUPPORT_TEAM
WRITERS = (SECRETARY, UNIT_HEAD)
TAKERS = (SECRETARY, QMR, COORDINATOR)
"""Who answers in the body above for the reports that it gets."""

LEVELS = (
    ("agency", _("Báo cáo của cơ quan")),
    ("unit",   _("Báo cáo của đơn vị")),
)  # fmt: skip
AGENCY, UNIT = (code for code, _label in LEVELS)


@dataclass(frozen=True)
class Gate:
    """What of the year must be done before its report goes out (domain §5.3, §5.4); the QMR may waive it."""

    key: str
    label: str | Promise


GATES = (
    Gate("objectives",  _("Mục tiêu của năm đã được phê duyệt")),
    Gate("review",      _("Xem xét của lãnh đạo trong năm đã thông báo kết luận")),
    Gate("publication", _("Công bố sự phù hợp đang có giá trị")),
)  # fmt: skip

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
YEAR = Ask("year", "number", _("Năm"))
TEXT_ASKS = (
    Ask("training", "prose", _("Đào tạo, tập huấn"), required=False, limit=20_000),
    Ask("budget", "prose", _("Kinh phí"), required=False, limit=20_000),
    Ask("difficulties", "prose", _("Khó khăn, vướng mắc"), limit=20_000),
    Ask("proposals", "prose", _("Đề xuất, kiến nghị"), limit=20_000),
)
GATE = Ask("gate", "choice", _("Điều kiện"), choices=tuple((one.key, one.label) for one in GATES))
TOTALS = Ask("totals", "json", _("Tổng số của cấp dưới"), required=False)
NUMBER = Ask("number", "line", _("Số báo cáo"), required=False)
RECEIVED = Ask("number", "line", _("Văn bản của nơi nhận"))
RECEIVED_ON = Ask("received_on", "date", _("Ngày văn bản"))
OF_AGENCY, OF_UNIT, OUTSIDE = f"level={AGENCY}", f"level={UNIT}", "outside=True"
OPEN = ("draft", "returned")
SENT = ("submitted", "accepted", "consolidated", "left_out")
"""The report is out; while it is returned the last one sent still shows what was told."""

# fmt: off
YEAR_REPORT = Machine(
    name="year_report",
    label=_("Báo cáo năm"),
    readers=(SUPPORT, MEMBER),
    ties=(
        Tie(OF_AGENCY, _("báo cáo của cơ quan")),
        Tie(OF_UNIT,   _("báo cáo của đơn vị")),
        Tie(OUTSIDE,   _("báo cáo gửi nơi nhận ngoài hệ thống")),
    ),
    stages=(
        Stage("draft",        _("Đang lập"),                 "secondary", WRITERS, only=(If(OF_UNIT, UNIT_HEAD), If(OF_AGENCY, SECRETARY))),
        Stage("proposed",     _("Chờ lãnh đạo ký gửi"),      "purple",    (HEAD,), days=3),
        Stage("submitted",    _("Đã gửi cấp trên"),          "azure",     (SECRETARY,), public=True, only=(If(OUTSIDE, SECRETARY),)),
        Stage("returned",     _("Cấp trên trả lại"),         "orange",    WRITERS, days=5, public=True,
              only=(If(OF_UNIT, UNIT_HEAD), If(OF_AGENCY, SECRETARY))),
        Stage("accepted",     _("Cấp trên đã chấp nhận"),    "teal",      public=True),
        Stage("consolidated", _("Đã tổng hợp ở cấp trên"),   "green",     public=True),
        Stage("left_out",     _("Chấp nhận muộn, không tổng hợp"), "muted", public=True, final=True),
        replace(lapsed(), public=False),
    ),
    steps=(
        Step("draft",       _("Lập báo cáo năm"),     (),          "draft",    WRITERS, asks=(YEAR,), then="take_facts"),
        *staying(Step("write", _("Viết khó khăn, đề xuất"), OPEN, "", WRITERS, asks=TEXT_ASKS, then="take_texts", inner=True)),
        *staying(Step("consolidate", _("Tổng hợp báo cáo cấp dưới"), OPEN, "", (SECRETARY,), only=(If(OF_AGENCY),), guard="not_adding_up",
             asks=(TOTALS,), then="take_below", inner=True)),
        *staying(Step("release", _("Gỡ các báo cáo đã tổng hợp"), OPEN, "", (SECRETARY,), only=(If(OF_AGENCY),), guard="nothing_taken",
             then="reopen", inner=True)),
        *staying(Step("waive_gate", _("Miễn một điều kiện"), (*OPEN, "proposed"), "", (QMR,), asks=(GATE, REASON), then="take_waiver",
             tell=(SECRETARY, HEAD), inner=True)),
        Step("propose",     _("Trình ký"),            OPEN,        "proposed", (SECRETARY,), only=(If(OF_AGENCY),), guard="not_reportable",
             asks=(OPINION,), tell=(WAITS,), inner=True),
        Step("withdraw",    _("Chưa gửi, sửa lại"),   ("proposed",), "draft",  (HEAD,), asks=(REASON,), tell=(WAITS,), inner=True),
        Step("submit",      _("Ký, gửi cấp trên"),    ("proposed",), "submitted", (HEAD,), apart=("propose",), guard="not_reportable",
             asks=(NUMBER, OPINION), then="send", tell=(SECRETARY, QMR)),
        Step("submit",      _("Gửi thư ký của cơ quan"), OPEN,     "submitted", (UNIT_HEAD,), only=(If(OF_UNIT),), guard="not_reportable",
             asks=(NUMBER, OPINION), then="send"),
        Step("confirm",     _("Nơi nhận ngoài hệ thống đã chấp nhận"), ("submitted",), "accepted", (SECRETARY,), only=(If(OUTSIDE),), guard="has_receiver",
             asks=(RECEIVED,), then="take_number", tell=(HEAD, QMR)),
        Step("return_paper", _("Nơi nhận ngoài hệ thống đã trả lại"), ("submitted", "accepted"), "returned", (SECRETARY,), only=(If(OUTSIDE),), guard="unfit_paper",
             asks=(RECEIVED, RECEIVED_ON, REASON), then="take_paper", tell=(HEAD, QMR)),
        *staying(Step("reroute", _("Nơi nhận vào hoặc rời hệ thống"), ("submitted", "accepted"), "", (CLOCK,), then="take_route", tell=(WAITS,))),
        Step("return",      _("Cấp trên trả lại"),    ("submitted", "accepted"), "returned", (CLOCK,), asks=(REASON,), then="reopen", tell=(WAITS, HEAD)),
        Step("accept",      _("Cấp trên chấp nhận"),  ("submitted",), "accepted", (CLOCK,), tell=(ACTORS,)),
        Step("take_up",     _("Cấp trên đã tổng hợp"), ("accepted",), "consolidated", (CLOCK,)),
        Step("give_back",   _("Cấp trên gỡ khỏi tổng hợp"), ("consolidated",), "accepted", (CLOCK,)),
        Step("leave_out",   _("Cấp trên không tổng hợp"), ("accepted",), "left_out", (CLOCK,), asks=(REASON,), tell=(ACTORS,)),
        lapsing((*OPEN, "proposed"), "lapsed"),
    ),
)

REPORT_RECEIPT = Machine(
    name="report_receipt",
    label=_("Báo cáo năm nhận được"),
    readers=(HEAD, SUPPORT, MEMBER),
    stages=(
        Stage("waiting",      _("Chờ xem"),        "yellow", TAKERS, days=10),
        Stage("returned",     _("Đã trả lại"),     "orange"),
        Stage("accepted",     _("Đã chấp nhận, chờ tổng hợp"), "teal"),
        Stage("consolidated", _("Đã tổng hợp"),    "green"),
        Stage("left_out",     _("Chấp nhận muộn, không tổng hợp"), "muted", final=True),
        lapsed(),
    ),
    steps=(
        Step("receive", _("Nhận báo cáo"),         (),           "waiting",  (CLOCK,), tell=(WAITS,)),
        Step("again",   _("Nhận lại báo cáo"),     ("returned",), "waiting", (CLOCK,), tell=(WAITS,)),
        Step("return",  _("Trả lại báo cáo"),      ("waiting", "accepted"), "returned", TAKERS, asks=(REASON,), then="send_back"),
        Step("accept",  _("Chấp nhận báo cáo"),    ("waiting",), "accepted", TAKERS, guard="own_report", asks=(OPINION,), then="let_in"),
        Step("confirm", _("Chấp nhận trên giấy"),  ("waiting",), "accepted", (CLOCK,)),
        Step("return_paper", _("Trả lại trên giấy"), ("waiting", "accepted"), "returned", (CLOCK,), asks=(REASON,)),
        Step("take_up", _("Tổng hợp vào báo cáo"), ("accepted",), "consolidated", (CLOCK,)),
        Step("give_back", _("Gỡ khỏi báo cáo"),    ("consolidated",), "accepted", (CLOCK,)),
        Step("leave_out", _("Đóng, không tổng hợp"), ("accepted",), "left_out", (*TAKERS, CLOCK), guard="not_late", asks=(REASON,), then="close_out"),
        lapsing(("waiting", "returned", "accepted"), "lapsed"),
    ),
)
# fmt: on
