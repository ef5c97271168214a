"""Nonconformity and corrective action (domain §5.2, §7(c); ISO 9001:2015 cl. 10.2), and the observation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.machines.reorganisation import handing_over
from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, AUTHOR, AUTHOR_ALONE, WAITS, Ask, If, Machine, Stage, Step, Tie, staying

SECRETARY, QMR, HEAD, UNIT_HEAD, DRAFTER = (
    Role.ISO_SECRETARY,
    Role.QMR,
    Role.STEERING_HEAD,
    Role.UNIT_HEAD,
    Role.DRAFTER,
)
AUDITOR, LEAD = Role.AUDITOR, Role.LEAD_AUDITOR
MEMBER, SUPPORT, STAFF, DESK = Role.STEERING_MEMBER, Role.SUPPORT_TEAM, Role.STAFF, Role.FRONT_DESK
LEGAL, CLERK, INSPECTOR = Role.LEGAL_WATCH, Role.RECORDS_CLERK, Role.INSPECTOR

ANYONE = (
    DRAFTER,
    UNIT_HEAD,
    LEGAL,
    SECRETARY,
    QMR,
    HEAD,
    AUDITOR,
    LEAD,
    STAFF,
    DESK,
    MEMBER,
    SUPPORT,
    CLERK,
    INSPECTOR,
)
WORKERS = (UNIT_HEAD, DRAFTER, STAFF, DESK, MEMBER, LEGAL, CLERK, SECRETARY, SUPPORT)

SOURCES = (
    ("audit",       _("Đánh giá nội bộ")),
    ("inspection",  _("Kiểm tra của Sở KH&CN")),
    ("certification", _("Chứng nhận, giám sát")),
    ("complaint",   _("Phản ánh, kiến nghị của người dân")),
    ("overdue",     _("Hồ sơ quá hạn")),
    ("monitoring",  _("Theo dõi quá trình")),
    ("objective",   _("Mục tiêu không đạt")),
    ("review",      _("Xem xét của lãnh đạo")),
    ("self",        _("Tự phát hiện")),
    ("regulatory",  _("Chậm cập nhật văn bản pháp luật")),
)  # fmt: skip
SEVERITIES = (("minor", _("Nhẹ")), ("major", _("Nặng")))
METHODS = (
    ("reproduce", _("Tái hiện")),
    ("sample",    _("Kiểm tra mẫu hồ sơ")),
    ("interview", _("Phỏng vấn")),
    ("data",      _("Phân tích số liệu")),
)  # fmt: skip

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
SOURCE = Ask("source", "choice", _("Nguồn"), choices=SOURCES)
SEVERITY = Ask("severity", "choice", _("Mức độ"), choices=SEVERITIES)
CLAUSE = Ask("clause", "line", _("Điều khoản"), required=False)
CLAUSE_KNOWN = Ask("clause", "line", _("Điều khoản"))
FOUND_ON = Ask("found_on", "date", _("Ngày phát hiện"))
REQUIREMENT = Ask("requirement", "prose", _("Yêu cầu bị vi phạm"), required=False, limit=20_000)
DESCRIPTION = Ask("description", "prose", _("Mô tả sự không phù hợp"), limit=20_000)
EVIDENCE = Ask("evidence_text", "prose", _("Bằng chứng"), required=False, limit=20_000)
FILES = Ask("files", "files", _("Tệp bằng chứng"), required=False)
ATTACHED = Ask("files", "files", _("Tệp bằng chứng"))
PROOF = Ask("evidence_text", "prose", _("Bằng chứng"), limit=20_000)
OWNER = Ask("unit", "pick", _("Đơn vị chịu trách nhiệm"))
CONCERNS = Ask("concerns", "pick", _("Đơn vị liên quan"), required=False)
DOCUMENT = Ask("document", "pick", _("Tài liệu liên quan"), required=False)
CORRECTION = Ask("correction", "prose", _("Khắc phục tức thời"), limit=20_000)
CORRECTED_ON = Ask("corrected_on", "date", _("Ngày khắc phục xong"), required=False)
ANALYSIS = Ask("analysis", "json", _("Phân tích nguyên nhân"))
METHOD = Ask("method", "choice", _("Cách kiểm chứng"), choices=METHODS)
PLAN = Ask("plan", "json", _("Kế hoạch khắc phục"))
VERIFIER = Ask("verifier", "pick", _("Người kiểm tra hiệu lực"))
EXPOSURES = Ask("exposures", "number", _("Số trường hợp đã xem"), required=False)
DEMANDED = Ask("document", "pick", _("Tài liệu phải sửa"))
UNTIL = Ask("until", "date", _("Miễn đến hết ngày"))
EARLIER = Ask("earlier", "pick", _("Phiếu trước đó"))
NEW_DUE = Ask("due", "date", _("Hạn mới"))
DONE_ON = Ask("done_on", "date", _("Ngày làm xong"))
ASSIGNEE = Ask("assignee", "pick", _("Người thực hiện"))
FACTS = Ask("facts", "json", _("Dữ kiện"))
RESPONSE = Ask("response", "prose", _("Phản hồi và việc đã làm"), limit=20_000)

OWNER_UNIT = "owner_unit"
IMPLEMENTER = "implementer"
PLANNED = ("correct", "analyse", "draft_plan", "submit_plan", "complete")
"""Deeds of the owner's side: who did one judges neither plan nor result."""

# fmt: off
CAR = Machine(
    name="car",
    label=_("Phiếu khắc phục (CAR)"),
    readers=(SUPPORT, MEMBER),
    author_reads=True,
    ties=(
        Tie("severity=minor", _("phiếu mức nhẹ (mức nặng do Trưởng ban quyết định)")),
        Tie("severity=major", _("phiếu mức nặng (mức nhẹ do ĐDLĐ quyết định)")),
        Tie("verifier=me",    _("người được cử kiểm tra hiệu lực")),
        Tie("verdict=",       _("phiếu chưa có kết quả kiểm tra hiệu lực")),
        Tie(AUTHOR_ALONE,     _("người đã báo sự việc này")),
        Tie("verdict=passed", _("phiếu đã được kiểm tra là có hiệu lực")),
        Tie(OWNER_UNIT,       _("là người của đơn vị chịu trách nhiệm")),
        Tie(IMPLEMENTER,      _("đã thực hiện hành động khắc phục này")),
    ),
    stages=(
        Stage("reported",     _("Mới báo"),                 "yellow", (SECRETARY,), days=3),
        Stage("issued",       _("Đã lập phiếu, chờ nhận"),  "yellow", (UNIT_HEAD,), days=3),
        Stage("rejected",     _("Không lập phiếu"),         "muted",  final=True),
        Stage("acknowledged", _("Đơn vị đã nhận"),          "azure",  (UNIT_HEAD,), days=5),
        Stage("disputed",     _("Đơn vị không đồng ý"),     "orange", (QMR,), days=3),
        Stage("analysis",     _("Phân tích, lập kế hoạch"), "blue",   (UNIT_HEAD,), days=10),
        Stage("plan_review",  _("Chờ duyệt kế hoạch"),      "purple", (QMR, HEAD), days=3,
              only=(If("severity=minor", QMR), If("severity=major", HEAD))),
        Stage("plan_approved", _("Đã duyệt kế hoạch, cử người kiểm tra"), "teal", (SECRETARY,), days=2),
        Stage("implementing", _("Đang thực hiện"),          "blue",   (UNIT_HEAD,)),
        Stage("awaiting_verification", _("Chờ kiểm tra hiệu lực"), "indigo", (AUDITOR, LEAD, QMR, HEAD),
              only=(If("verifier=me", AUDITOR), If("verdict=", AUDITOR), If("verifier=me", LEAD), If("verdict=", LEAD),
                    If("verdict=passed", QMR), If("severity=minor", QMR), If("verdict=passed", HEAD), If("severity=major", HEAD))),
        Stage("closed",       _("Đã đóng"),                 "green",  final=True),
        Stage("ineffective",  _("Không có hiệu lực"),       "red"),
        Stage("reissued",     _("Đã chuyển sang phiếu mới"), "orange", final=True),
        Stage("cancelled",    _("Đã huỷ"),                  "muted",  final=True),
    ),
    steps=(
        Step("report",      _("Báo sự không phù hợp"), (),           "reported",      ANYONE,
             guard="unfit_report", asks=(SOURCE, FOUND_ON, REQUIREMENT, DESCRIPTION, EVIDENCE, CONCERNS, DOCUMENT, CLAUSE), then="take_report",
             tell=(SECRETARY, QMR)),
        Step("raise",       _("Lập phiếu từ phát hiện đánh giá"), (), "issued",       (LEAD, SECRETARY), guard="unfit_finding", then="take_finding",
             tell=(UNIT_HEAD, QMR, SECRETARY)),
        Step("import",      _("Nhập phiếu đã có"),     (),            "issued",       (CLOCK,), asks=(FACTS,), then="take_import"),
        Step("carry",       _("Lập phiếu tiếp nối phiếu không có hiệu lực"), (), "issued", (CLOCK,), then="take_predecessor",
             tell=(UNIT_HEAD, SECRETARY, QMR, HEAD)),
        Step("inspect",     _("Lập từ phát hiện của đoàn kiểm tra"), (), "reported",  (CLOCK,), then="take_inspection", tell=(SECRETARY, QMR, HEAD)),
        Step("issue",       _("Lập phiếu"),            ("reported",), "issued",       (SECRETARY, QMR, HEAD),
             guard="milder_than_found", asks=(SEVERITY, CLAUSE_KNOWN, OWNER, DOCUMENT, OPINION), then="take_issue", tell=(WAITS, AUTHOR, QMR)),
        Step("reject",      _("Không lập phiếu"),      ("reported",), "rejected",     (QMR, HEAD), guard="found_by_inspection", asks=(REASON,), tell=(AUTHOR, SECRETARY)),
        Step("acknowledge", _("Nhận phiếu"),           ("issued",),   "acknowledged", (UNIT_HEAD,), asks=(OPINION,), tell=(SECRETARY, DRAFTER)),
        Step("dispute",     _("Không đồng ý"),         ("issued",),   "disputed",     (UNIT_HEAD,), asks=(REASON,), tell=(WAITS, SECRETARY)),
        Step("uphold",      _("Giữ nguyên phiếu"),     ("disputed",), "acknowledged", (QMR,), bars=(OWNER_UNIT,), asks=(REASON,), tell=(WAITS, SECRETARY)),
        *staying(Step("correct",     _("Ghi khắc phục tức thời"),
             ("issued", "acknowledged", "analysis", "plan_review", "plan_approved", "implementing"), "", (UNIT_HEAD, DRAFTER),
             guard="unfit_correction", asks=(CORRECTION, CORRECTED_ON, FILES), then="take_correction", tell=(SECRETARY,))),
        Step("analyse",     _("Phân tích nguyên nhân"), ("acknowledged", "analysis"), "analysis", (UNIT_HEAD, DRAFTER),
             asks=(ANALYSIS,), then="take_analysis"),
        Step("verify_cause", _("Kiểm chứng nguyên nhân"), ("analysis",), "analysis",  (UNIT_HEAD, SECRETARY, QMR),
             apart=("analyse",), guard="cause_missing", asks=(METHOD, PROOF, FILES), then="take_cause_proof", tell=(UNIT_HEAD, DRAFTER)),
        Step("draft_plan",  _("Lập kế hoạch khắc phục"), ("analysis",), "analysis",   (UNIT_HEAD, DRAFTER),
             asks=(PLAN,), then="take_plan"),
        Step("submit_plan", _("Trình kế hoạch"),       ("analysis",), "plan_review",  (UNIT_HEAD,),
             guard="plan_missing", asks=(OPINION,), tell=(WAITS, SECRETARY)),
        Step("approve_plan", _("Duyệt kế hoạch"),      ("plan_review",), "plan_approved", (QMR, HEAD),
             apart=PLANNED, bars=(OWNER_UNIT,), only=(If("severity=minor", QMR), If("severity=major", HEAD)), guard="plan_missing",
             asks=(OPINION,), then="take_plan_approval", tell=(WAITS, UNIT_HEAD, ACTORS)),
        Step("return_plan", _("Trả lại kế hoạch"),     ("plan_review",), "analysis",  (QMR, HEAD),
             only=(If("severity=minor", QMR), If("severity=major", HEAD)), asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("entrust",     _("Cử người kiểm tra, bắt đầu thực hiện"), ("plan_approved",), "implementing", (SECRETARY, QMR),
             asks=(VERIFIER,), guard="unfit_verifier", then="begin_actions", tell=(UNIT_HEAD, DRAFTER, AUDITOR, LEAD)),
        Step("entrust",     _("Thay người kiểm tra"),  ("implementing",), "implementing", (SECRETARY, QMR),
             asks=(VERIFIER,), guard="unfit_verifier", then="take_verifier", tell=(AUDITOR, LEAD)),
        Step("entrust",     _("Thay người kiểm tra"),  ("awaiting_verification",), "awaiting_verification", (SECRETARY, QMR),
             only=(If("verdict="),), asks=(VERIFIER,), guard="unfit_verifier", then="take_verifier", tell=(WAITS,)),
        *staying(Step("revise_document", _("Mở bản sửa đổi tài liệu"), ("implementing", "awaiting_verification"), "", (DRAFTER, UNIT_HEAD),
             asks=(DEMANDED,), then="open_revision")),
        *staying(Step("waive",       _("Miễn sửa tài liệu có thời hạn"), ("implementing", "awaiting_verification"), "", (HEAD,),
             asks=(DEMANDED, UNTIL, REASON), guard="unfit_waiver", then="take_waiver", tell=(SECRETARY, QMR, UNIT_HEAD))),
        Step("complete",    _("Báo đã thực hiện xong"), ("implementing",), "awaiting_verification", (UNIT_HEAD,),
             guard="work_left", asks=(OPINION,), then="set_check_day", tell=(WAITS, SECRETARY)),
        Step("pass",        _("Có hiệu lực"),          ("awaiting_verification",), "awaiting_verification", (AUDITOR, LEAD),
             apart=PLANNED, bars=(OWNER_UNIT, IMPLEMENTER), only=(If("verdict="), If("verifier=me")), guard="too_early_to_judge",
             asks=(METHOD, EXPOSURES, PROOF, FILES), then="take_pass", tell=(WAITS, SECRETARY, UNIT_HEAD)),
        Step("close",       _("Đóng phiếu"),           ("awaiting_verification",), "closed", (QMR, HEAD),
             apart=(*PLANNED, "pass"), bars=(OWNER_UNIT, IMPLEMENTER),
             only=(If("verdict=passed"), If("severity=minor", QMR), If("severity=major", HEAD)), guard="documents_behind",
             asks=(OPINION,), then="take_closure", tell=(ACTORS, UNIT_HEAD, SECRETARY)),
        Step("fail",        _("Không có hiệu lực"),    ("awaiting_verification",), "ineffective", (AUDITOR, LEAD),
             apart=PLANNED, bars=(OWNER_UNIT, IMPLEMENTER), only=(If("verdict="), If("verifier=me")),
             asks=(METHOD, EXPOSURES, PROOF, FILES), then="take_failure", tell=(SECRETARY, QMR, HEAD, UNIT_HEAD), follow="reissue"),
        Step("reissue",     _("Chuyển sang phiếu mới"), ("ineffective",), "reissued", (CLOCK,), then="carry_on"),
        *staying(Step("link",        _("Ghi nhận là lặp lại"),
             ("issued", "acknowledged", "analysis", "plan_review", "plan_approved", "implementing", "awaiting_verification"), "",
             (SECRETARY, QMR, LEAD), asks=(EARLIER,), then="take_repeat", tell=(QMR, UNIT_HEAD))),
        Step("attach",      _("Đính kèm bằng chứng"),  ("reported",), "reported",     ANYONE, only=(If(AUTHOR_ALONE),), asks=(ATTACHED, OPINION)),
        *staying(Step("attach",      _("Đính kèm bằng chứng"),
             ("issued", "acknowledged", "disputed", "analysis", "plan_review", "plan_approved", "implementing"), "",
             (UNIT_HEAD, DRAFTER, SECRETARY, AUDITOR), asks=(ATTACHED, OPINION))),
        Step("cancel",      _("Huỷ phiếu"),            ("issued", "acknowledged", "disputed", "analysis", "plan_review"), "cancelled", (QMR, HEAD),
             bars=(OWNER_UNIT,), guard="found_by_inspection", asks=(REASON,), tell=(ACTORS, UNIT_HEAD)),
        *handing_over(
            ("reported", "issued", "acknowledged", "disputed", "analysis", "plan_review", "plan_approved", "implementing", "awaiting_verification"),
            WAITS, SECRETARY, QMR),
    ),
)

ACTION = Machine(
    name="action",
    label=_("Hành động khắc phục"),
    readers=(QMR, HEAD, SECRETARY, AUDITOR, LEAD, SUPPORT),
    ties=(Tie("assignee=me", _("người được giao việc này")),),
    stages=(
        Stage("open",    _("Đang làm"),  "blue",  WORKERS, only=(If("assignee=me"),)),
        Stage("done",    _("Đã làm xong"), "green"),
        Stage("dropped", _("Đã bỏ"),     "muted", final=True),
    ),
    steps=(
        Step("assign",   _("Giao việc"),        (),        "open",    (CLOCK,), tell=(WAITS,)),
        Step("ask_more_time", _("Xin gia hạn"), ("open",), "open",    WORKERS, only=(If("assignee=me"),), asks=(REASON,), tell=(QMR, UNIT_HEAD)),
        Step("extend",   _("Gia hạn"),          ("open",), "open",    (QMR,), guard="unfit_extension", asks=(NEW_DUE, REASON), then="take_extension",
             tell=(WAITS, UNIT_HEAD)),
        Step("reassign", _("Giao người khác"),  ("open",), "open",    (UNIT_HEAD,), asks=(ASSIGNEE, OPINION), then="take_assignee", tell=(WAITS,)),
        Step("finish",   _("Báo đã làm xong"),  ("open",), "done",    WORKERS, only=(If("assignee=me"),), guard="unfit_finish",
             asks=(DONE_ON, PROOF, FILES), then="take_proof", tell=(UNIT_HEAD, SECRETARY)),
        Step("return",   _("Chưa đạt, làm lại"), ("done",), "open",   (QMR, SECRETARY), guard="car_moved_on", asks=(REASON,), tell=(WAITS, UNIT_HEAD)),
        Step("drop",     _("Bỏ việc này"),      ("open",), "dropped", (QMR,), asks=(REASON,), tell=(WAITS, UNIT_HEAD)),
        *handing_over(("open", "done"), WAITS),
    ),
)

OBSERVATION = Machine(
    name="observation",
    label=_("Điểm lưu ý"),
    readers=(QMR, HEAD, SUPPORT, DRAFTER),
    ties=(Tie(OWNER_UNIT, _("là người của đơn vị được lưu ý")),),
    stages=(
        Stage("reported",  _("Chờ đơn vị phản hồi"), "yellow", (UNIT_HEAD,), days=22),
        Stage("responded", _("Chờ xem phản hồi"),    "azure",  (LEAD, SECRETARY), days=5),
        Stage("closed",    _("Đã đóng"),             "green",  final=True),
    ),
    steps=(
        Step("raise",   _("Lập điểm lưu ý"),  (),             "reported",  (LEAD, SECRETARY), guard="unfit_finding", then="take_finding", tell=(WAITS,)),
        Step("respond", _("Phản hồi"),        ("reported",),  "responded", (UNIT_HEAD,), asks=(RESPONSE,), then="take_response", tell=(WAITS,)),
        Step("return",  _("Chưa đạt"),        ("responded",), "reported",  (LEAD, SECRETARY), bars=(OWNER_UNIT,), asks=(REASON,), tell=(WAITS,)),
        Step("close",   _("Đóng"),            ("responded",), "closed",    (LEAD, SECRETARY), apart=("respond",), bars=(OWNER_UNIT,),
             asks=(OPINION,), tell=(UNIT_HEAD,)),
        *handing_over(("reported", "responded"), WAITS),
    ),
)
# fmt: on

ENDED = ("rejected", "closed", "reissued", "cancelled")
"""CARs whose cycle is over."""

OVER = (*ENDED, "ineffective")
"""The same, and the instant between a failed check and the next cycle: of a chain at most one CAR is in none of these."""

BEFORE_APPROVAL = ("reported", "issued", "acknowledged", "disputed", "analysis", "plan_review")
