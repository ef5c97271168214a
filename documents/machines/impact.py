"""Impact of a change of law on one document, and the campaign that gathers the items (domain §4, §7(b))."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, WAITS, Ask, Machine, Stage, Step

DRAFTER, UNIT_HEAD, SECRETARY = Role.DRAFTER, Role.UNIT_HEAD, Role.ISO_SECRETARY
QMR, LEGAL = Role.QMR, Role.LEGAL_WATCH

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
REVIEW_ON = Ask("review_on", "date", _("Ngày xem lại"))
UNTIL = Ask("until", "date", _("Đến hết ngày"))

OPEN = ("detected", "screening", "deferred", "impact_confirmed", "revision_open")
"""Items that still hold a campaign open. A waived one does not: its end date brings it back by itself."""

# fmt: off
IMPACT = Machine(
    name="impact",
    label=_("Rà soát tác động"),
    readers=(Role.STEERING_HEAD, Role.SUPPORT_TEAM, Role.AUDITOR, Role.LEAD_AUDITOR),
    stages=(
        Stage("detected",         _("Chờ rà soát"),             "yellow", (LEGAL,), days=5),
        Stage("screening",        _("Đề nghị không ảnh hưởng"), "azure",  (QMR,),   days=2),
        Stage("no_impact",        _("Không ảnh hưởng"),         "secondary", final=True),
        Stage("deferred",         _("Tạm hoãn rà soát"),        "orange", (LEGAL,)),
        Stage("impact_confirmed", _("Phải sửa tài liệu"),       "red",    (DRAFTER,)),
        Stage("revision_open",    _("Đang sửa tài liệu"),       "blue"),
        Stage("waived",           _("Được tạm chưa sửa"),       "orange"),
        Stage("resolved",         _("Đã xử lý xong"),           "green", final=True),
    ),
    steps=(
        Step("detect",        _("Phát hiện viện dẫn"),       (),                        "detected",         (LEGAL, SECRETARY)),
        Step("confirm",       _("Xác nhận phải sửa"),        ("detected", "screening", "deferred"), "impact_confirmed", (LEGAL, SECRETARY, QMR),
             asks=(OPINION,), tell=(WAITS, UNIT_HEAD)),
        Step("screen",        _("Đề nghị không ảnh hưởng"),  ("detected", "deferred"),  "screening",        (LEGAL, SECRETARY),
             asks=(REASON,), then="take_reason", tell=(WAITS,)),
        Step("no_impact",     _("Chấp nhận không ảnh hưởng"), ("screening",),           "no_impact",        (QMR,),
             apart=("screen",), asks=(OPINION,), tell=(ACTORS, UNIT_HEAD)),
        Step("defer",         _("Tạm hoãn"),                 ("detected", "screening"), "deferred",         (LEGAL, SECRETARY),
             asks=(REVIEW_ON, REASON), guard="unfit_review_day", then="take_reason"),
        Step("open_revision", _("Mở bản sửa đổi"),           ("impact_confirmed",),     "revision_open",    (DRAFTER, UNIT_HEAD),
             then="open_revision"),
        Step("resolve",       _("Bản sửa đổi có hiệu lực"),  ("revision_open", "waived"), "resolved",       (CLOCK,),
             guard="revision_not_in_force", tell=(ACTORS,)),
        Step("waive",         _("Cho phép tạm chưa sửa"),    ("impact_confirmed", "revision_open"), "waived", (Role.STEERING_HEAD,),
             asks=(UNTIL, REASON), guard="unfit_waiver", then="take_waiver", tell=(ACTORS, UNIT_HEAD)),
        Step("confirm",       _("Hết thời gian được tạm chưa sửa"), ("waived",),        "impact_confirmed", (CLOCK,),
             guard="waiver_still_runs", then="drop_waiver", tell=(WAITS, UNIT_HEAD)),
        Step("drop",          _("Tài liệu không còn hiệu lực"), OPEN,                   "resolved",         (CLOCK,),
             guard="document_still_in_force", tell=(ACTORS,)),
        Step("confirm",       _("Bản sửa đổi bị huỷ, phải sửa lại"), ("revision_open",), "impact_confirmed", (CLOCK,),
             guard="revision_still_open", then="drop_revision", tell=(WAITS, UNIT_HEAD)),
    ),
)

CAMPAIGN = Machine(
    name="campaign",
    label=_("Đợt rà soát"),
    stages=(
        Stage("open",   _("Đang rà soát"), "blue",  (LEGAL,), public=True),
        Stage("closed", _("Đã kết thúc"),  "green", public=True, final=True),
    ),
    steps=(
        Step("launch", _("Mở đợt rà soát"),  (),        "open",   (LEGAL, SECRETARY), then="take_day", tell=(SECRETARY, QMR, UNIT_HEAD)),
        Step("widen",  _("Bổ sung tài liệu"), ("open",), "open",   (LEGAL, SECRETARY)),
        Step("close",  _("Kết thúc đợt"),    ("open",), "closed", (LEGAL, SECRETARY), guard="open_items", tell=(QMR, UNIT_HEAD)),
    ),
)
# fmt: on
