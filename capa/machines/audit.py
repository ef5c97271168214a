"""Internal audit: yearly programme, rounds and findings (domain §5.1, §7(d); ISO 9001:2015 cl. 9.2, ISO 19011)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.machines.reorganisation import lapsed, lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, WAITS, Ask, If, Machine, Stage, Step, Tie

SECRETARY, QMR, HEAD, UNIT_HEAD = Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD, Role.UNIT_HEAD
AUDITOR, LEAD = Role.AUDITOR, Role.LEAD_AUDITOR
MEMBER, SUPPORT = Role.STEERING_MEMBER, Role.SUPPORT_TEAM

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
YEAR = Ask("year", "number", _("Năm"))
TITLE = Ask("title", "line", _("Tên"))
AIM = Ask("aim", "text", _("Mục đích, căn cứ, nguồn lực"), required=False)
PLAN = Ask("plan", "json", _("Kế hoạch đợt"))
TEAMS = Ask("teams", "json", _("Phân công đoàn"))
STARTS = Ask("starts_on", "date", _("Ngày bắt đầu"))
ENDS = Ask("ends_on", "date", _("Ngày kết thúc"))
STRENGTHS = Ask("strengths", "text", _("Điểm mạnh"), limit=20_000)
CONCLUSION = Ask("conclusion", "text", _("Kết luận về sự phù hợp và hiệu lực"), limit=20_000)
ADVICE = Ask("advice", "text", _("Khuyến nghị"), required=False, limit=20_000)

RESULTS = (
    ("conform",     _("Phù hợp")),
    ("minor",       _("Không phù hợp nhẹ (NC nhẹ)")),
    ("major",       _("Không phù hợp nặng (NC nặng)")),
    ("observation", _("Điểm lưu ý (LY)")),
    ("opportunity", _("Cơ hội cải tiến")),
    ("na",          _("Không áp dụng")),
)  # fmt: skip
RESULT = Ask("result", "choice", _("Kết quả"), choices=RESULTS)
CLAUSE = Ask("clause", "line", _("Điều khoản"))
REQUIREMENT = Ask("requirement", "prose", _("Yêu cầu"), required=False, limit=20_000)
STATEMENT = Ask("statement", "prose", _("Nội dung phát hiện"), required=False, limit=20_000)
SAMPLED = Ask("sampled", "line", _("Hồ sơ lấy mẫu"), required=False)
EVIDENCE = Ask("evidence_text", "prose", _("Bằng chứng"), required=False, limit=20_000)
ATTACHED = Ask("files", "files", _("Tệp bằng chứng"))
RECORDED = (RESULT, CLAUSE, REQUIREMENT, STATEMENT, SAMPLED, EVIDENCE)

TEAM = "team"
OWN_UNIT = "own_unit"
OWN_WORK = "own_work"

# fmt: off
PROGRAMME = Machine(
    name="programme",
    label=_("Chương trình đánh giá"),
    readers=(AUDITOR, LEAD, SUPPORT, MEMBER, UNIT_HEAD),
    stages=(
        Stage("draft",     _("Soạn chương trình"),       "secondary", (SECRETARY,)),
        Stage("submitted", _("Chờ ĐDLĐ xem xét"),        "azure",     (QMR,),  days=3),
        Stage("reviewed",  _("Chờ Trưởng ban phê duyệt"), "purple",   (HEAD,), days=3),
        Stage("approved",  _("Đã phê duyệt"),            "teal",      public=True),
        Stage("running",   _("Đang thực hiện"),          "blue",      (SECRETARY,), public=True),
        Stage("completed", _("Đã hoàn thành"),           "green",     public=True, final=True),
        lapsed(),
    ),
    steps=(
        Step("draft",    _("Lập chương trình"),   (),             "draft",     (SECRETARY,), asks=(YEAR, TITLE, AIM), then="take_facts"),
        Step("edit",     _("Sửa chương trình"),   ("draft",),     "draft",     (SECRETARY,), asks=(YEAR, TITLE, AIM), then="take_facts"),
        Step("submit",   _("Trình xem xét"),      ("draft",),     "submitted", (SECRETARY,),
             guard="nothing_planned", asks=(OPINION,), tell=(WAITS,)),
        Step("review",   _("Đồng ý trình duyệt"), ("submitted",), "reviewed",  (QMR,),
             apart=("draft", "edit", "submit"), asks=(OPINION,), tell=(WAITS, SECRETARY)),
        Step("approve",  _("Phê duyệt"),          ("reviewed",),  "approved",  (HEAD,),
             apart=("draft", "edit", "submit", "review"), asks=(OPINION,), tell=(SECRETARY, QMR, LEAD, AUDITOR, UNIT_HEAD)),
        Step("return",   _("Trả lại"),            ("submitted",), "draft",     (QMR,),  asks=(REASON,), tell=(WAITS,)),
        Step("return",   _("Trả lại"),            ("reviewed",),  "draft",     (HEAD,), asks=(REASON,), tell=(WAITS, QMR)),
        Step("begin",    _("Bắt đầu đợt đầu tiên"), ("approved",), "running",  (CLOCK,)),
        Step("complete", _("Hoàn thành chương trình"), ("running",), "completed", (SECRETARY,),
             guard="open_rounds", asks=(OPINION,), tell=(QMR, HEAD)),
        lapsing(("draft", "submitted", "reviewed", "approved", "running"), "lapsed"),
    ),
)

ROUND = Machine(
    name="round",
    label=_("Đợt đánh giá"),
    readers=(AUDITOR, SUPPORT, MEMBER, UNIT_HEAD),
    ties=(
        Tie("proposed=False", _("đợt chưa có đề xuất đoàn đánh giá")),
        Tie("proposed=True",  _("đợt đã có đề xuất đoàn đánh giá")),
        Tie("lead=me",        _("trưởng đoàn của đợt này")),
    ),
    stages=(
        Stage("planned",         _("Lập kế hoạch đợt"),     "secondary", (SECRETARY, HEAD), days=5,
              only=(If("proposed=False", SECRETARY), If("proposed=True", HEAD))),
        Stage("team_appointed",  _("Đã lập đoàn"),          "azure",   (SECRETARY,), days=3),
        Stage("notified",        _("Đã thông báo đơn vị"),  "cyan",    (LEAD,), public=True, only=(If("lead=me"),)),
        Stage("in_progress",     _("Đang đánh giá"),        "blue",    (LEAD,), public=True, only=(If("lead=me"),)),
        Stage("findings_agreed", _("Đã thống nhất phát hiện"), "indigo", (LEAD,), days=7, public=True, only=(If("lead=me"),)),
        Stage("report_draft",    _("Dự thảo báo cáo"),      "purple",  (LEAD,), days=7, only=(If("lead=me"),)),
        Stage("report_signed",   _("Đã ký báo cáo"),        "teal",    (SECRETARY,), days=3, public=True),
        Stage("follow_up",       _("Theo dõi khắc phục"),   "orange",  (SECRETARY,), public=True),
        Stage("closed",          _("Đã kết thúc"),          "green",   public=True, final=True),
        Stage("postponed",       _("Tạm hoãn"),             "yellow",  (SECRETARY,), public=True),
        Stage("cancelled",       _("Đã huỷ"),               "muted",   public=True, final=True),
    ),
    steps=(
        Step("plan",     _("Lập đợt đánh giá"),     (),            "planned",        (SECRETARY,), guard="unfit_plan", asks=(PLAN,), then="take_plan"),
        Step("replan",   _("Sửa kế hoạch đợt"),     ("planned",),  "planned",        (SECRETARY,), guard="unfit_plan", asks=(PLAN,), then="take_plan"),
        Step("propose",  _("Đề xuất đoàn"),         ("planned",),  "planned",        (SECRETARY,),
             guard="unfit_teams", asks=(TEAMS,), then="take_teams", tell=(HEAD,)),
        Step("return",   _("Trả lại đề xuất đoàn"), ("planned",),  "planned",        (HEAD,),
             only=(If("proposed=True"),), asks=(REASON,), then="drop_proposal", tell=(SECRETARY,)),
        Step("appoint",  _("Quyết định lập đoàn"),  ("planned",),  "team_appointed", (HEAD,),
             apart=("propose",), only=(If("proposed=True"),), guard="teams_no_longer_fit", asks=(OPINION,), tell=(SECRETARY, LEAD, AUDITOR)),
        Step("notify",   _("Thông báo cho đơn vị"), ("team_appointed",), "notified", (SECRETARY,),
             guard="notice_too_short", asks=(OPINION,), tell=(WAITS, LEAD, AUDITOR, UNIT_HEAD)),
        Step("open",     _("Họp khai mạc, bắt đầu đánh giá"), ("notified",), "in_progress", (LEAD,),
             only=(If("lead=me"),), guard="not_yet_open", asks=(OPINION,), then="begin_programme", tell=(UNIT_HEAD, AUDITOR)),
        Step("agree",    _("Họp kết thúc, thống nhất phát hiện"), ("in_progress",), "findings_agreed", (LEAD,),
             only=(If("lead=me"),), guard="open_findings", asks=(OPINION,), tell=(QMR, SECRETARY, UNIT_HEAD)),
        Step("report",   _("Viết báo cáo"),         ("findings_agreed", "report_draft"), "report_draft", (LEAD,),
             only=(If("lead=me"),), asks=(STRENGTHS, CONCLUSION, ADVICE), then="take_report"),
        Step("sign",     _("Ký báo cáo"),           ("report_draft",), "report_signed", (LEAD,),
             only=(If("lead=me"),), asks=(OPINION,), then="take_signature", tell=(SECRETARY, QMR, HEAD, UNIT_HEAD, AUDITOR)),
        Step("follow",   _("Chuyển theo dõi khắc phục"), ("report_signed",), "follow_up", (SECRETARY, LEAD),
             guard="findings_without_issue", asks=(OPINION,), tell=(QMR,)),
        Step("close",    _("Kết thúc đợt"),         ("follow_up",), "closed",        (SECRETARY,), guard="open_issues", asks=(OPINION,), tell=(QMR, HEAD, LEAD)),
        Step("postpone", _("Tạm hoãn"),             ("planned", "team_appointed", "notified"), "postponed", (SECRETARY, QMR),
             asks=(REASON,), tell=(HEAD, LEAD, AUDITOR, UNIT_HEAD)),
        Step("resume",   _("Lập lại kế hoạch"),     ("postponed",), "planned",       (SECRETARY,),
             guard="unfit_days", asks=(STARTS, ENDS), then="take_days", tell=(HEAD,)),
        Step("cancel",   _("Huỷ đợt"),              ("planned", "team_appointed", "notified", "postponed"), "cancelled", (HEAD,),
             asks=(REASON,), tell=(SECRETARY, LEAD, AUDITOR, UNIT_HEAD)),
        lapsing(("planned", "team_appointed", "notified", "in_progress", "findings_agreed", "report_draft", "postponed"), "cancelled"),
        lapsing(("report_signed", "follow_up"), "closed"),
    ),
)

FINDING = Machine(
    name="finding",
    label=_("Phát hiện đánh giá"),
    readers=(HEAD, SUPPORT),
    ties=(
        Tie(TEAM,     _("thành viên đoàn đánh giá đơn vị này")),
        Tie(OWN_UNIT, _("là người của đơn vị được đánh giá")),
        Tie(OWN_WORK, _("đã soạn thảo, xem xét hoặc phê duyệt tài liệu của đơn vị này")),
    ),
    stages=(
        Stage("recorded",     _("Đã ghi nhận"),          "secondary"),
        Stage("presented",    _("Chờ đơn vị xác nhận"),  "yellow", (UNIT_HEAD,), days=3),
        Stage("acknowledged", _("Đơn vị đã xác nhận"),   "blue"),
        Stage("disputed",     _("Đơn vị không đồng ý"),  "orange", (QMR,), days=3),
        Stage("upheld",       _("ĐDLĐ giữ nguyên"),      "indigo"),
        Stage("raised",       _("Đã lập phiếu theo dõi"), "green", final=True),
        Stage("noted",        _("Đã ghi nhận xong"),     "green",  final=True),
        Stage("withdrawn",    _("Đã rút"),               "muted",  final=True),
    ),
    steps=(
        Step("record",      _("Ghi phát hiện"),      (),             "recorded",     (AUDITOR, LEAD),
             bars=(OWN_UNIT, OWN_WORK), only=(If(TEAM),), guard="unfit_finding", asks=RECORDED, then="take_facts"),
        Step("revise",      _("Sửa phát hiện"),      ("recorded",),  "recorded",     (AUDITOR, LEAD),
             bars=(OWN_UNIT, OWN_WORK), only=(If(TEAM),), guard="unfit_finding", asks=RECORDED, then="take_facts"),
        Step("attach",      _("Đính kèm bằng chứng"), ("recorded",), "recorded",     (AUDITOR, LEAD),
             bars=(OWN_UNIT, OWN_WORK), only=(If(TEAM),), guard="unfit_finding", asks=(ATTACHED, OPINION)),
        Step("present",     _("Trình bày với đơn vị"), ("recorded",), "presented",   (AUDITOR, LEAD),
             bars=(OWN_UNIT, OWN_WORK), only=(If(TEAM),), guard="not_presentable", asks=(OPINION,), tell=(WAITS,)),
        Step("note",        _("Chốt kết quả"),       ("recorded",),  "noted",        (AUDITOR, LEAD),
             bars=(OWN_UNIT, OWN_WORK), only=(If(TEAM),), guard="must_be_presented"),
        Step("acknowledge", _("Xác nhận"),           ("presented",), "acknowledged", (UNIT_HEAD,), asks=(OPINION,), tell=(ACTORS,)),
        Step("dispute",     _("Không đồng ý"),       ("presented",), "disputed",     (UNIT_HEAD,), asks=(REASON,), tell=(WAITS, ACTORS, LEAD)),
        Step("uphold",      _("Giữ nguyên phát hiện"), ("disputed",), "upheld",      (QMR,), bars=(TEAM, OWN_UNIT), asks=(REASON,), tell=(ACTORS,)),
        Step("overturn",    _("Bác phát hiện"),      ("disputed",),  "withdrawn",    (QMR,), bars=(TEAM, OWN_UNIT), asks=(REASON,), tell=(ACTORS, LEAD)),
        Step("withdraw",    _("Rút phát hiện"),      ("recorded", "presented"), "withdrawn", (LEAD,),
             bars=(OWN_UNIT, OWN_WORK), only=(If(TEAM),), asks=(REASON,), tell=(ACTORS,)),
        Step("raise",       _("Lập phiếu theo dõi"), ("acknowledged", "upheld"), "raised", (CLOCK,)),
        Step("settle",      _("Ghi nhận cơ hội cải tiến"), ("acknowledged", "upheld"), "noted", (AUDITOR, LEAD, SECRETARY), guard="needs_issue"),
        lapsing(("recorded", "presented", "acknowledged", "disputed", "upheld"), "withdrawn"),
    ),
)
# fmt: on

OPEN_FINDINGS = ("recorded", "presented", "disputed")
"""Findings that keep a round from being agreed."""

UNISSUED = ("acknowledged", "upheld")
"""Findings that are agreed and not yet carried into a CAR or an observation."""

ENDED_ROUNDS = ("closed", "cancelled")
