"""Scoring of an inspection: templates by province and year, and an agency's self-score (domain §6.2).

No point table of any province is known to us (domain §6.2): what is offered as a start is a suggestion and says so.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.machines.reorganisation import lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, WAITS, Ask, Machine, Stage, Step

COORDINATOR, LEADER, INSPECTOR = Role.PROVINCE_COORDINATOR, Role.INSPECTION_HEAD, Role.INSPECTOR
SECRETARY, QMR, HEAD = Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD

MANUAL = "manual"
RULES = (
    (MANUAL,        _("Người kiểm tra chấm")),
    ("committee",   _("Ban chỉ đạo ISO có quyết định đang có giá trị")),
    ("living",      _("Tỷ lệ tài liệu có hiệu lực không bị cảnh báo lạc hậu")),
    ("covered",     _("Tỷ lệ thủ tục đã công bố có tài liệu đang có hiệu lực")),
    ("changes",     _("Không có thay đổi pháp luật quá hạn xử lý")),
    ("audited",     _("Có đợt đánh giá nội bộ đã ký báo cáo trong năm")),
    ("audit_scope", _("Tỷ lệ đơn vị đã được đánh giá trong năm")),
    ("timely",      _("Tỷ lệ phiếu khắc phục đã đóng làm xong đúng hạn kế hoạch")),
    ("overdue",     _("Không có phiếu khắc phục quá hạn")),
    ("reviewed",    _("Có cuộc xem xét của lãnh đạo trong năm")),
    ("measured",    _("Tỷ lệ mục tiêu đã đo ít nhất một kỳ")),
    ("published",   _("Công bố áp dụng đang có giá trị")),
)  # fmt: skip
"""How the points of a criterion come about: given by hand, or counted by the product (``services.rules``)."""

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
TEMPLATE_ASKS = (
    Ask("year", "number", _("Năm")),
    Ask("title", "line", _("Tên bảng điểm")),
    Ask("ground", "line", _("Ban hành theo văn bản số, ngày"), required=False),
    Ask("criteria", "json", _("Tiêu chí")),
    Ask("bands", "json", _("Mức xếp loại")),
)
ROWS = Ask("rows", "json", _("Điểm"))
YEAR = Ask("year", "number", _("Năm"))

# fmt: off
TEMPLATE = Machine(
    name="scoring_template",
    label=_("Bảng điểm kiểm tra"),
    readers=(INSPECTOR,),
    stages=(
        Stage("draft",    _("Đang soạn"),      "secondary", (COORDINATOR,)),
        Stage("in_force", _("Đang áp dụng"),   "green",  public=True),
        Stage("replaced", _("Đã thay bằng bản mới"), "muted", public=True, final=True),
        Stage("dropped",  _("Đã bỏ"),          "muted",  final=True),
    ),
    steps=(
        Step("draft",   _("Soạn bảng điểm"),   (),           "draft",    (COORDINATOR,), asks=TEMPLATE_ASKS, then="take_facts"),
        Step("edit",    _("Sửa bảng điểm"),    ("draft",),   "draft",    (COORDINATOR,), asks=TEMPLATE_ASKS, then="take_facts"),
        Step("adopt",   _("Ban hành bảng điểm"), ("draft",), "in_force", (LEADER, HEAD), apart=("draft", "edit"), asks=(OPINION,),
             then="take_force", tell=(COORDINATOR, INSPECTOR, LEADER)),
        Step("drop",    _("Bỏ bản này"),       ("draft",),   "dropped",  (COORDINATOR,), asks=(REASON,)),
        Step("replace", _("Thay bằng bản mới"), ("in_force",), "replaced", (CLOCK,)),
        lapsing(("draft",), "dropped"),
    ),
)

SELF_SCORE = Machine(
    name="self_score",
    label=_("Tự chấm điểm"),
    stages=(
        Stage("draft",     _("Đang chấm"),     "secondary", (SECRETARY, QMR)),
        Stage("confirmed", _("Đã xác nhận"),   "green", public=True, final=True),
        Stage("dropped",   _("Đã bỏ"),         "muted", final=True),
    ),
    steps=(
        Step("open",    _("Tự chấm điểm"),     (),         "draft",     (SECRETARY, QMR), guard="no_template", asks=(YEAR,), then="take_template"),
        Step("score",   _("Ghi điểm"),         ("draft",), "draft",     (SECRETARY, QMR), guard="unexplained", asks=(ROWS,),
             then="take_rows"),
        Step("confirm", _("Xác nhận"),         ("draft",), "confirmed", (QMR, HEAD), apart=("score",), guard="not_scored", asks=(OPINION,),
             then="settle", tell=(WAITS, SECRETARY, QMR, HEAD)),
        Step("drop",    _("Bỏ lần chấm này"),  ("draft",), "dropped",   (SECRETARY, QMR), asks=(REASON,), tell=(ACTORS,)),
        lapsing(("draft",), "dropped"),
    ),
)
# fmt: on
