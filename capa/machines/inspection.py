"""Inspection of agencies by the body above them: plan, team, flags, conclusion (domain §6.1, §6.3, §7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capa.machines.car import SEVERITIES
from workflows.machines.reorganisation import lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import ABOUT, ACTORS, WAITS, Ask, If, Machine, Stage, Step, Tie, staying

COORDINATOR, INSPECTOR, LEADER = Role.PROVINCE_COORDINATOR, Role.INSPECTOR, Role.INSPECTION_HEAD
HEAD = Role.STEERING_HEAD
SEATED = (INSPECTOR, LEADER)
"""Seats from which a team is made."""

DIRECT, FILE, WEBSITE = "direct", "file", "website"
MODES = (
    (DIRECT,  _("Trực tiếp tại cơ quan")),
    (FILE,    _("Qua hồ sơ, báo cáo")),
    (WEBSITE, _("Gián tiếp qua trang thông tin điện tử")),
)  # fmt: skip
DUTIES = (
    ("head",      _("Trưởng đoàn")),
    ("deputy",    _("Phó trưởng đoàn")),
    ("member",    _("Thành viên")),
    ("secretary", _("Thư ký đoàn")),
)  # fmt: skip

YES_NO = (("yes", _("Có")), ("no", _("Không")))


@dataclass(frozen=True)
class Flag:
    """One yes-or-no judgement of an inspection; ``figure``: the figures of a report that count it (domain §6.3).

    ``needs``: the flag that must be yes where this one is yes.
    """

    key: str
    figure: str
    label: str | Promise
    needs: str = ""


# fmt: off
FLAGS = (
    Flag("built_applied",       "F3",    _("Đã xây dựng, áp dụng đầy đủ theo mô hình khung và mọi thủ tục hành chính")),
    Flag("outdated_law",        "F4",    _("Quy trình chưa cập nhật văn bản pháp luật")),
    Flag("records_deficient",   "F4",    _("Hồ sơ lưu thừa hoặc thiếu so với quy trình")),
    Flag("internal_not_merged", "F4",    _("Quy trình nội bộ giải quyết thủ tục chưa được lồng ghép")),
    Flag("audit_done",          "F5 F6", _("Có đánh giá nội bộ")),
    Flag("audit_ok",            "F5 F6", _("Đánh giá nội bộ đúng yêu cầu"), "audit_done"),
    Flag("review_done",         "F5 F6", _("Có xem xét của lãnh đạo")),
    Flag("review_ok",           "F5 F6", _("Xem xét của lãnh đạo đúng yêu cầu"), "review_done"),
    Flag("incomplete",          "F6",    _("Đánh giá, xem xét không đầy đủ")),
    Flag("generic",             "F6",    _("Đánh giá, xem xét chung chung")),
    Flag("not_factual",         "F6",    _("Đánh giá, xem xét không sát thực tế")),
    Flag("cross_check_wrong",   "F6",    _("Đánh giá chéo giữa các đơn vị chưa đúng")),
    Flag("posted",              "F8",    _("Đã đăng tài liệu trên trang thông tin điện tử")),
    Flag("link_alive",          "F8",    _("Đường dẫn đăng tài liệu mở được"), "posted"),
)
"""Every judgement that is kept of an inspection, each on its own: the figures made of them overlap (domain §6.3)."""

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
PLAN_ASKS = (
    Ask("year", "number", _("Năm")),
    Ask("title", "line", _("Tên kế hoạch")),
    Ask("starts_on", "date", _("Kiểm tra từ ngày")),
    Ask("ends_on", "date", _("Đến hết ngày")),
    Ask("aim", "text", _("Mục đích, nội dung, căn cứ"), required=False, limit=20_000),
)
TEMPLATE = Ask("template", "pick", _("Bảng điểm"), required=False)
NUMBER = Ask("number", "line", _("Số quyết định, kế hoạch"))
DECIDED_ON = Ask("decided_on", "date", _("Ngày quyết định"))
MEMBER_ASKS = (
    Ask("person", "pick", _("Người")),
    Ask("duty", "choice", _("Nhiệm vụ trong đoàn"), choices=DUTIES),
    Ask("decision_no", "line", _("Theo quyết định số")),
    Ask("decision_on", "date", _("Ngày quyết định")),
    Ask("valid_from", "date", _("Từ ngày")),
)
MEMBER = Ask("member", "pick", _("Thành viên"))
LAST_DAY = Ask("valid_to", "date", _("Thôi từ ngày"))
SUMMARY = Ask("summary", "prose", _("Tổng hợp kết quả kiểm tra"), limit=20_000)
FACTS = Ask("facts", "json", _("Dữ liệu đã có"))
TARGET_ASKS = (
    Ask("about", "pick", _("Cơ quan được kiểm tra")),
    Ask("mode", "choice", _("Hình thức kiểm tra"), choices=MODES),
    Ask("planned_on", "date", _("Ngày kiểm tra dự kiến"), required=False),
)
EDIT_ASKS = TARGET_ASKS[1:]
SEEN_ON = Ask("seen_on", "date", _("Ngày xem"))
JUDGEMENTS = Ask("judgements", "json", _("Nhận định"))
ROWS = Ask("rows", "json", _("Điểm"))
FINDING_ASKS = (
    Ask("severity", "choice", _("Mức độ"), choices=SEVERITIES),
    Ask("clause", "line", _("Điều khoản"), required=False),
    Ask("requirement", "prose", _("Yêu cầu bị vi phạm"), required=False, limit=20_000),
    Ask("description", "prose", _("Mô tả sự không phù hợp"), limit=20_000),
    Ask("evidence_text", "prose", _("Bằng chứng"), limit=20_000),
)
ADDRESS_ASKS = (
    Ask("url", "line", _("Địa chỉ trang")),
    Ask("alive", "choice", _("Mở được"), choices=YES_NO),
    Ask("posted", "choice", _("Có đăng tài liệu"), choices=YES_NO),
    Ask("seen_on", "date", _("Ngày xem")),
    Ask("note", "text", _("Đã thấy gì")),
)
DONE_ON = Ask("done_on", "date", _("Ngày kiểm tra"))
MINUTES = Ask("minutes", "prose", _("Biên bản kiểm tra"), limit=20_000)
CONCLUSION = Ask("conclusion", "prose", _("Kết luận, kiến nghị"), limit=20_000)
GUIDANCE = Ask("guidance", "prose", _("Hướng dẫn khắc phục tại chỗ"), required=False, limit=20_000)

ON_TEAM = "team"
OWN_AGENCY = "own_agency"
TEAM = (If(ON_TEAM),)

INSPECTION_PLAN = Machine(
    name="inspection_plan",
    label=_("Kế hoạch kiểm tra"),
    readers=SEATED,
    stages=(
        Stage("draft",     _("Đang lập"),      "secondary", (COORDINATOR,)),
        Stage("issued",    _("Đã ban hành"),   "blue",      (COORDINATOR,), public=True),
        Stage("closed",    _("Đã kết thúc"),   "green",     public=True, final=True),
        Stage("cancelled", _("Đã huỷ"),        "muted",     final=True),
    ),
    steps=(
        Step("draft",   _("Lập kế hoạch kiểm tra"), (),         "draft",  (COORDINATOR,), guard="unfit_period", asks=PLAN_ASKS, then="take_facts"),
        Step("edit",    _("Sửa kế hoạch"),       ("draft",),    "draft",  (COORDINATOR,), guard="unfit_period", asks=PLAN_ASKS, then="take_facts"),
        *staying(Step("appoint", _("Thêm thành viên đoàn"), ("draft", "issued"), "", (COORDINATOR, LEADER),
             guard="unfit_member", asks=MEMBER_ASKS, then="take_member")),
        *staying(Step("release", _("Cho thôi thành viên đoàn"), ("draft", "issued"), "", (COORDINATOR, LEADER),
             guard="unfit_release", asks=(MEMBER, LAST_DAY, REASON), then="end_member")),
        Step("issue",   _("Ban hành kế hoạch"),  ("draft",),    "issued", (LEADER, HEAD), apart=("draft", "edit"),
             guard="not_issuable", asks=(NUMBER, DECIDED_ON, TEMPLATE), then="take_issue", tell=(COORDINATOR, *SEATED)),
        Step("close",   _("Kết thúc kế hoạch"),  ("issued",),   "closed", (COORDINATOR, LEADER), guard="open_inspections",
             asks=(SUMMARY,), then="take_summary", tell=(COORDINATOR, *SEATED, HEAD)),
        Step("cancel",  _("Huỷ kế hoạch"),       ("draft",),    "cancelled", (COORDINATOR, LEADER), asks=(REASON,), tell=(COORDINATOR, *SEATED)),
        Step("import",  _("Nhập kế hoạch đã có"), (),           "closed", (CLOCK,), asks=(FACTS,), then="take_import"),
        lapsing(("draft",), "cancelled"),
        lapsing(("issued",), "closed"),
    ),
)

INSPECTION = Machine(
    name="inspection",
    label=_("Cuộc kiểm tra"),
    readers=SEATED,
    ties=(
        Tie(ON_TEAM,    _("thành viên đoàn kiểm tra theo quyết định đang có hiệu lực")),
        Tie(OWN_AGENCY, _("là người của cơ quan được kiểm tra")),
    ),
    stages=(
        Stage("planned",     _("Trong kế hoạch"),     "secondary", (COORDINATOR,)),
        Stage("notified",    _("Đã thông báo"),       "azure",  SEATED, public=True),
        Stage("in_progress", _("Đang kiểm tra"),      "blue",   SEATED, public=True),
        Stage("concluded",   _("Đã kết luận"),        "purple", (COORDINATOR,), days=10, public=True),
        Stage("remediation", _("Theo dõi khắc phục"), "orange", (COORDINATOR,), public=True),
        Stage("closed",      _("Đã kết thúc"),        "green",  public=True, final=True),
        Stage("cancelled",   _("Đã huỷ"),             "muted",  public=True, final=True),
    ),
    steps=(
        Step("plan",      _("Đưa cơ quan vào kế hoạch"), (),      "planned",     (COORDINATOR, LEADER), guard="unfit_target", asks=TARGET_ASKS,
             then="take_target"),
        Step("edit",      _("Sửa hình thức, ngày"), ("planned",), "planned",     (COORDINATOR, LEADER), guard="unfit_target", asks=EDIT_ASKS, then="take_facts"),
        Step("notify",    _("Thông báo kiểm tra"), ("planned",),  "notified",    (COORDINATOR, LEADER), guard="plan_not_issued", asks=(OPINION,),
             then="take_notice", tell=(WAITS, ABOUT)),
        Step("begin",     _("Bắt đầu kiểm tra"),  ("notified",),  "in_progress", SEATED, bars=(OWN_AGENCY,), only=TEAM, asks=(OPINION,), tell=(WAITS,)),
        Step("judge",     _("Ghi nhận định"),     ("in_progress",), "in_progress", SEATED, bars=(OWN_AGENCY,), only=TEAM, guard="unfit_judgements",
             asks=(SEEN_ON, JUDGEMENTS), then="take_judgements"),
        Step("look",      _("Ghi địa chỉ đã xem"), ("in_progress",), "in_progress", SEATED, bars=(OWN_AGENCY,), only=TEAM, guard="unfit_look",
             asks=ADDRESS_ASKS, then="take_look"),
        Step("score",     _("Chấm điểm"),         ("in_progress",), "in_progress", SEATED, bars=(OWN_AGENCY,), only=TEAM, guard="unfit_points",
             asks=(ROWS,), then="take_points"),
        Step("find",      _("Ghi phát hiện"),     ("in_progress",), "in_progress", SEATED, bars=(OWN_AGENCY,), only=TEAM,
             asks=FINDING_ASKS, then="take_finding"),
        Step("conclude",  _("Kết luận"),          ("in_progress",), "concluded", (LEADER,), apart=("judge", "look", "score", "find"), bars=(OWN_AGENCY,), only=TEAM,
             guard="not_concludable", asks=(DONE_ON, MINUTES, CONCLUSION, GUIDANCE), then="take_conclusion",
             tell=(WAITS, ACTORS, ABOUT)),
        Step("remediate", _("Chuyển theo dõi khắc phục"), ("concluded",), "remediation", (COORDINATOR, LEADER), asks=(OPINION,), tell=(ACTORS, ABOUT)),
        Step("close",     _("Kết thúc"),          ("concluded", "remediation"), "closed", (COORDINATOR, LEADER), guard="open_remediation",
             asks=(OPINION,), tell=(ACTORS, ABOUT)),
        Step("cancel",    _("Huỷ cuộc kiểm tra"), ("planned", "notified"), "cancelled", (COORDINATOR, LEADER), asks=(REASON,), tell=(ACTORS,)),
        Step("import",    _("Nhập cuộc kiểm tra đã có"), (),      "closed",      (CLOCK,), asks=(FACTS,), then="take_import"),
        lapsing(("planned", "notified", "in_progress"), "cancelled"),
        lapsing(("concluded", "remediation"), "closed"),
    ),
)
# fmt: on

ENDED = ("closed", "cancelled")
