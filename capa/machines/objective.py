"""Quality objectives: the year's set of an agency, and each objective with its measurements (domain §5.4; cl. 6.2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from capa.machines.car import WORKERS
from workflows.machines.reorganisation import lapsed, lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import WAITS, Ask, If, Machine, Stage, Step, Tie

SECRETARY, QMR, HEAD, UNIT_HEAD = Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD, Role.UNIT_HEAD
MEMBER, SUPPORT, DRAFTER = Role.STEERING_MEMBER, Role.SUPPORT_TEAM, Role.DRAFTER
AUDITOR, LEAD = Role.AUDITOR, Role.LEAD_AUDITOR

MANUAL = "manual"
SOURCES = (
    (MANUAL,          _("Nhập tay")),
    ("living",        _("Tỷ lệ tài liệu có hiệu lực không bị cảnh báo lạc hậu")),
    ("covered",       _("Tỷ lệ thủ tục hành chính đã công bố có tài liệu đang có hiệu lực")),
    ("cars_timely",   _("Tỷ lệ phiếu khắc phục đã đóng làm xong đúng hạn kế hoạch")),
    ("cars_closed",   _("Tỷ lệ phiếu khắc phục phát sinh trong năm đã đóng")),
    ("rounds_held",   _("Tỷ lệ đợt đánh giá nội bộ trong năm đã ký báo cáo")),
    ("units_audited", _("Tỷ lệ đơn vị đã được đánh giá trong năm")),
)  # fmt: skip
"""Where a value comes from: typed by its owner, or one of the measures that the product knows."""

PERIODS = {"month": 12, "quarter": 4, "half": 2, "year": 1}
"""How many periods a year has, by frequency."""
FREQUENCIES = (
    ("month",   _("Hằng tháng")),
    ("quarter", _("Hằng quý")),
    ("half",    _("Sáu tháng một lần")),
    ("year",    _("Hằng năm")),
)  # fmt: skip
DIRECTIONS = (("least", "≥"), ("most", "≤"))
SCOPES = (
    ("qms",   _("Mục tiêu chất lượng")),
    ("other", _("Chỉ tiêu khác của cơ quan")),
)  # fmt: skip

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
YEAR = Ask("year", "number", _("Năm"))
TITLE = Ask("title", "line", _("Tên"))
POLICY = Ask("policy", "text", _("Chính sách chất lượng, căn cứ"), required=False)
CONCLUSION = Ask("conclusion", "text", _("Đánh giá việc thực hiện mục tiêu"), limit=20_000)
OBJECTIVE_ASKS = (
    Ask("statement", "text", _("Mục tiêu")),
    Ask("scope", "choice", _("Loại"), choices=SCOPES),
    Ask("measure", "line", _("Cách tính, chỉ số đo")),
    Ask("source", "choice", _("Nguồn số liệu"), choices=SOURCES),
    Ask("direction", "choice", _("Đạt khi giá trị"), choices=DIRECTIONS),
    Ask("target", "line", _("Chỉ tiêu")),
    Ask("measured_in", "line", _("Đơn vị tính")),
    Ask("frequency", "choice", _("Tần suất đo"), choices=FREQUENCIES),
    Ask("owner", "pick", _("Người chịu trách nhiệm")),
    Ask("actions", "text", _("Việc phải làm"), required=False),
    Ask("resources", "text", _("Nguồn lực"), required=False),
    Ask("deadline", "date", _("Thời hạn hoàn thành"), required=False),
    Ask("method", "text", _("Cách đánh giá kết quả"), required=False),
)
PERIOD = Ask("period", "pick", _("Kỳ đo"))
VALUE = Ask("value", "line", _("Giá trị"))
HOW = Ask("note", "text", _("Cách đo, nguồn số liệu; lý do nếu đo lại"), required=False)
SPAN = Ask("span", "number", _("Kỳ đo"))
PART = Ask("part", "number", _("Tử số"))
WHOLE = Ask("whole", "number", _("Mẫu số"))
OWNER = Ask("owner", "pick", _("Người chịu trách nhiệm"))

MINE = "owner=me"
BY_HAND = f"source={MANUAL}"
OWN = (If(MINE), If(BY_HAND))

# fmt: off
OBJECTIVES = Machine(
    name="objective_set",
    label=_("Mục tiêu chất lượng của năm"),
    readers=(SUPPORT, MEMBER, UNIT_HEAD, AUDITOR, LEAD),
    stages=(
        Stage("draft",     _("Đang lập"),                "secondary", (SECRETARY,)),
        Stage("submitted", _("Chờ ĐDLĐ xem xét"),        "azure",     (QMR,),  days=3),
        Stage("reviewed",  _("Chờ Trưởng ban phê duyệt"), "purple",   (HEAD,), days=3),
        Stage("approved",  _("Đã phê duyệt, chờ phổ biến"), "teal",   (SECRETARY,), days=3, public=True),
        Stage("running",   _("Đang thực hiện"),          "blue",      public=True),
        Stage("evaluated", _("Đã đánh giá"),             "green",     public=True, final=True),
        lapsed(),
    ),
    steps=(
        Step("draft",    _("Lập mục tiêu của năm"), (),             "draft",     (SECRETARY,), asks=(YEAR, TITLE, POLICY), then="take_facts"),
        Step("edit",     _("Sửa tên, căn cứ"),      ("draft",),     "draft",     (SECRETARY,), asks=(YEAR, TITLE, POLICY), then="take_facts"),
        Step("submit",   _("Trình xem xét"),        ("draft",),     "submitted", (SECRETARY,), guard="nothing_proposed", asks=(OPINION,), tell=(WAITS,)),
        Step("review",   _("Đồng ý trình duyệt"),   ("submitted",), "reviewed",  (QMR,),
             apart=("draft", "edit", "submit"), asks=(OPINION,), tell=(WAITS, SECRETARY)),
        Step("approve",  _("Phê duyệt mục tiêu"),   ("reviewed",),  "approved",  (HEAD,),
             apart=("draft", "edit", "submit", "review"), asks=(OPINION,), tell=(SECRETARY, QMR)),
        Step("return",   _("Trả lại"),              ("submitted",), "draft",     (QMR,),  asks=(REASON,), tell=(WAITS,)),
        Step("return",   _("Trả lại"),              ("reviewed",),  "draft",     (HEAD,), asks=(REASON,), tell=(WAITS, QMR)),
        Step("begin",    _("Phổ biến, bắt đầu thực hiện"), ("approved",), "running", (SECRETARY,), asks=(OPINION,), then="begin_objectives",
             tell=(UNIT_HEAD, MEMBER, QMR, HEAD)),
        Step("evaluate", _("Đánh giá cuối năm"),    ("running",),   "evaluated", (SECRETARY,),
             guard="not_measured", asks=(CONCLUSION,), then="settle_objectives", tell=(QMR, HEAD, UNIT_HEAD)),
        lapsing(("draft", "submitted", "reviewed", "approved", "running"), "lapsed"),
    ),
)

OBJECTIVE = Machine(
    name="objective",
    label=_("Mục tiêu"),
    readers=(SUPPORT, MEMBER, AUDITOR, LEAD, QMR, HEAD),
    ties=(
        Tie(MINE,    _("người chịu trách nhiệm về mục tiêu này")),
        Tie(BY_HAND, _("mục tiêu có số liệu nhập tay (số liệu khác do hệ thống tự lấy)")),
    ),
    stages=(
        Stage("proposed", _("Đề xuất"),         "secondary"),
        Stage("running",  _("Đang thực hiện"),  "blue",   public=True),
        Stage("due",      _("Đến kỳ đo"),       "yellow", WORKERS, public=True, only=(If(MINE),)),
        Stage("met",      _("Đạt"),             "green",  public=True, final=True),
        Stage("missed",   _("Không đạt"),       "red",    public=True, final=True),
        Stage("dropped",  _("Đã bỏ"),           "muted",  final=True),
    ),
    steps=(
        Step("propose",  _("Đề xuất mục tiêu"), (),             "proposed", (UNIT_HEAD, SECRETARY), guard="set_is_closed", asks=OBJECTIVE_ASKS,
             then="take_facts"),
        Step("edit",     _("Sửa mục tiêu"),     ("proposed",),  "proposed", (UNIT_HEAD, SECRETARY), guard="set_is_closed", asks=OBJECTIVE_ASKS,
             then="take_facts"),
        Step("drop",     _("Bỏ đề xuất"),       ("proposed",),  "dropped",  (UNIT_HEAD, SECRETARY), guard="set_is_closed", asks=(REASON,)),
        Step("begin",    _("Bắt đầu thực hiện"), ("proposed",), "running",  (CLOCK,)),
        Step("ask",      _("Đến kỳ đo"),        ("running",),   "due",      (CLOCK,), tell=(WAITS,)),
        Step("measure",  _("Ghi kết quả đo"),   ("running", "due"), "running", WORKERS, only=OWN, guard="unfit_measure", asks=(PERIOD, VALUE, HOW),
             then="take_value"),
        Step("pull",     _("Lấy số liệu"),      ("running",),   "running",  (CLOCK,), asks=(SPAN, PART, WHOLE), then="take_figure"),
        Step("reassign", _("Giao người khác"),  ("running",),   "running",  (UNIT_HEAD, SECRETARY), asks=(OWNER, OPINION), then="take_owner"),
        Step("reassign", _("Giao người khác"),  ("due",),       "due",      (UNIT_HEAD, SECRETARY), asks=(OWNER, OPINION), then="take_owner",
             tell=(WAITS,)),
        Step("meet",     _("Kết luận: đạt"),    ("running", "due"), "met",    (CLOCK,)),
        Step("miss",     _("Kết luận: không đạt"), ("running", "due"), "missed", (CLOCK,), tell=(UNIT_HEAD, SECRETARY, QMR)),
        lapsing(("proposed", "running", "due"), "dropped"),
    ),
)
# fmt: on
