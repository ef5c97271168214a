"""A decision on what a unit is: its name, its kind, whether it must apply the system, whether it has procedures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import Ask, Machine, Stage, Step

HEAD, QMR, SECRETARY = Role.STEERING_HEAD, Role.QMR, Role.ISO_SECRETARY
COORDINATOR = Role.PROVINCE_COORDINATOR

NAME, KIND, OBLIGATION, NO_PROCEDURES = "name", "kind", "obligation", "no_procedures"
ASPECTS = (
    (NAME, _("Tên")),
    (KIND, _("Loại cơ quan")),
    (OBLIGATION, _("Nghĩa vụ áp dụng")),
    (NO_PROCEDURES, _("Không có thủ tục hành chính")),
)
MANDATORY, ENCOURAGED, OWN_REGIME, BY_RULE = "mandatory", "encouraged", "own_regime", "by_rule"
OBLIGATIONS = (
    (MANDATORY, _("Bắt buộc")),
    (ENCOURAGED, _("Khuyến khích")),
    (OWN_REGIME, _("Theo quy định riêng")),
)
YES, NO = "yes", "no"

ASPECT = Ask("aspect", "choice", _("Nội dung quyết định"), choices=ASPECTS)
VALUE = Ask("value", "line", _("Giá trị mới"))
BELOW = Ask("below", "pick", _("Áp dụng cho mọi cơ quan cấp dưới loại"), required=False)
SINCE = Ask("valid_from", "date", _("Có hiệu lực từ ngày"))
NUMBER = Ask("decision_no", "line", _("Số quyết định"))
DATED = Ask("decision_on", "date", _("Ngày quyết định"))
REASON = Ask("note", "text", _("Lý do"))

# fmt: off
UNIT_DECISION = Machine(
    name="unit_decision",
    label=_("Quyết định về cơ quan"),
    stages=(
        Stage("standing", _("Có giá trị"),  "green", public=True),
        Stage("revoked",  _("Đã huỷ bỏ"),   "muted", public=True, final=True),
    ),
    steps=(
        Step("record", _("Ghi quyết định"), (),            "standing", by=(SECRETARY, COORDINATOR, CLOCK), guard="unfit", asks=(ASPECT, VALUE, BELOW, SINCE, NUMBER, DATED), then="take",   tell=(HEAD, QMR, SECRETARY)),
        Step("revoke", _("Huỷ bỏ"),         ("standing",), "revoked",  by=(HEAD, QMR), asks=(REASON,), then="settle", tell=(HEAD, QMR, SECRETARY)),
    ),
)
# fmt: on
