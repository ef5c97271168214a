"""Document version: from draft to in force and out of force (domain §7(a); ISO 9001:2015 cl. 7.5.2, 7.5.3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, AUTHOR, WAITS, Ask, Machine, Stage, Step

DRAFTER, UNIT_HEAD, SECRETARY = Role.DRAFTER, Role.UNIT_HEAD, Role.ISO_SECRETARY
QMR, HEAD, CLERK, LEGAL = Role.QMR, Role.STEERING_HEAD, Role.RECORDS_CLERK, Role.LEGAL_WATCH
LEAD_AUDITOR, STAFF, MEMBER = Role.LEAD_AUDITOR, Role.STAFF, Role.STEERING_MEMBER

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
CONTENT = Ask("content", "json", _("Nội dung"))
CHANGE = Ask("note", "text", _("Lý do sửa đổi"), required=False)
NUMBER = Ask("decision_no", "line", _("Số quyết định (để trống: lấy số tiếp theo trong sổ)"), required=False)
SIGNED_ON = Ask("decision_on", "date", _("Ngày quyết định"))
EFFECTIVE = Ask("effective_from", "date", _("Ngày có hiệu lực"))
ENDS = Ask("effective_to", "date", _("Ngày hết hiệu lực"))
WITHDRAWAL_NO = Ask("decision_no", "line", _("Số quyết định bãi bỏ"))
SITTING = Ask("sitting", "json", _("Phiên ký"), required=False)
ADOPTED = Ask("effective_from", "date", _("Ngày có hiệu lực"), required=False)
ADOPTED_NO = Ask("decision_no", "line", _("Số quyết định"), required=False)

ENDS_WITH = Ask("effective_to", "date", _("Ngày hết hiệu lực"), required=False)

OPEN = ("draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved")
"""States of a version under way: a document has at most one."""
WRITTEN = ("create", "edit", "submit")
REVIEWED = ("agree", "pass")

# fmt: off
VERSION = Machine(
    name="version",
    label=_("Phiên bản tài liệu"),
    stages=(
        Stage("draft",            _("Soạn thảo"),             "secondary", (DRAFTER,),   days=None),
        Stage("unit_review",      _("Trưởng đơn vị kiểm tra"), "blue",     (UNIT_HEAD,), days=2),
        Stage("iso_check",        _("Thư ký ISO thẩm tra"),   "azure",     (SECRETARY,), days=2),
        Stage("leader_review",    _("Đại diện lãnh đạo xem xét"), "indigo", (QMR,),      days=2),
        Stage("pending_approval", _("Chờ phê duyệt"),         "purple",    (HEAD,),      days=2),
        Stage("approved",         _("Đã phê duyệt, chờ ban hành"), "teal", (CLERK,),     days=2),
        Stage("issued",           _("Đã ban hành, chờ hiệu lực"), "cyan",  public=True),
        Stage("effective",        _("Đang có hiệu lực"),      "green",     public=True),
        Stage("superseded",       _("Đã được thay thế"),      "orange",    public=True, final=True),
        Stage("withdrawn",        _("Đã bãi bỏ"),             "red",       public=True, final=True),
        Stage("cancelled",        _("Đã huỷ dự thảo"),        "muted",     final=True),
    ),
    steps=(
        # action     label                          sources                 target              by
        Step("create",    _("Mở dự thảo"),          (),                     "draft",            (DRAFTER, UNIT_HEAD, LEGAL, SECRETARY, CLOCK),
             guard="not_theirs_to_draft", asks=(CONTENT, CHANGE), then="take_content"),
        Step("adopt",     _("Nhập tài liệu đang áp dụng"), (),              "effective",        (CLOCK,),
             asks=(CONTENT, ADOPTED, ADOPTED_NO), then="take_adoption"),
        Step("edit",      _("Sửa dự thảo"),         ("draft",),             "draft",            (DRAFTER, UNIT_HEAD, LEGAL, SECRETARY),
             guard="not_theirs_to_draft", asks=(CONTENT, CHANGE), then="take_content"),
        Step("submit",    _("Trình duyệt"),         ("draft",),             "unit_review",      (DRAFTER,),
             guard="missing_for_check", asks=(OPINION,), then="link_citations", tell=(WAITS,)),
        Step("agree",     _("Đồng ý"),              ("unit_review",),       "iso_check",        (UNIT_HEAD,),
             apart=WRITTEN, guard="unfit_sitting", asks=(OPINION, SITTING), then="take_sitting", tell=(WAITS, AUTHOR)),
        Step("pass",      _("Đạt thẩm tra"),        ("iso_check",),         "leader_review",    (SECRETARY,),
             apart=WRITTEN, guard="unfit_to_sign", asks=(OPINION, SITTING), then="take_sitting", tell=(WAITS, AUTHOR)),
        Step("agree",     _("Đồng ý trình ký"),     ("leader_review",),     "pending_approval", (QMR,),
             apart=WRITTEN, guard="unfit_sitting", asks=(OPINION, SITTING), then="take_sitting", tell=(WAITS, AUTHOR)),
        Step("approve",   _("Phê duyệt"),           ("pending_approval",),  "approved",         (HEAD,),
             apart=(*WRITTEN, *REVIEWED), guard="unfit_to_sign", asks=(OPINION, SITTING), then="take_sitting",
             tell=(WAITS, ACTORS)),
        Step("return",    _("Trả lại"),             ("unit_review",),       "draft",            (UNIT_HEAD,),
             apart=WRITTEN, asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("return",    _("Trả lại"),             ("iso_check",),         "draft",            (SECRETARY,),
             apart=WRITTEN, asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("return",    _("Trả lại"),             ("leader_review",),     "draft",            (QMR,),
             apart=WRITTEN, asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("return",    _("Trả lại"),             ("pending_approval",),  "draft",            (HEAD,),
             apart=WRITTEN, asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("return",    _("Trả lại"),             ("approved",),          "draft",            (CLERK,),
             asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("recall",    _("Thu hồi bản trình"),
             ("unit_review", "iso_check", "leader_review", "pending_approval"), "draft",        (DRAFTER,),
             same=("submit",), asks=(REASON,), tell=(ACTORS,)),
        Step("issue",     _("Ban hành"),            ("approved",),          "issued",           (CLERK,),
             asks=(NUMBER, SIGNED_ON, EFFECTIVE), guard="unfit_dates", then="take_issue",
             tell=(ACTORS, SECRETARY, LEGAL, UNIT_HEAD, DRAFTER)),
        Step("effect",    _("Bắt đầu có hiệu lực"), ("issued",),            "effective",        (CLOCK,),
             guard="too_early", then="step_in",
             tell=(ACTORS, SECRETARY, CLERK, LEAD_AUDITOR, MEMBER, UNIT_HEAD, DRAFTER, STAFF)),
        Step("supersede", _("Hết hiệu lực, có bản thay thế"), ("effective",), "superseded",     (CLOCK,),
             asks=(ENDS,), then="step_down"),
        Step("withdraw",  _("Bãi bỏ"),              ("effective",),         "withdrawn",        (HEAD,),
             guard="successor_due", asks=(WITHDRAWAL_NO, REASON), then="take_withdrawal",
             tell=(SECRETARY, CLERK, LEGAL, LEAD_AUDITOR, UNIT_HEAD, DRAFTER, STAFF)),
        Step("abandon",   _("Huỷ dự thảo"),         ("draft",),             "cancelled",        (DRAFTER,),
             asks=(REASON,), tell=(ACTORS,)),
        Step("lapse",     _("Dừng vì cơ quan kết thúc"), OPEN,              "cancelled",        (CLOCK,),
             asks=(ENDS_WITH, REASON)),
        Step("lapse",     _("Hết hiệu lực cùng cơ quan"), ("issued", "effective"), "withdrawn", (CLOCK,),
             asks=(ENDS_WITH, REASON), then="take_lapse"),
    ),
)
# fmt: on

FROZEN = tuple(stage.state for stage in VERSION.stages if stage.state != "draft")
"""States in which the database refuses any change of content."""

SIGNED = ("issued", "effective")
"""In force, or to come into force by a decision."""
WAS_IN_FORCE = ("effective", "superseded", "withdrawn")
"""States whose validity interval counts: no two of a document may overlap."""
