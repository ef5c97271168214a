"""Impact of a change of law on one document, and the campaign that gathers the items (domain §4, §7(b))."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, PARTS, WAITS, Ask, Machine, Stage, Step

DRAFTER, UNIT_HEAD, SECRETARY = Role.DRAFTER, Role.UNIT_HEAD, Role.ISO_SECRETARY
QMR, LEGAL = Role.QMR, Role.LEGAL_WATCH

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
REVIEW_ON = Ask("review_on", "date", _("Ngày xem lại"))
AWAITS = Ask("awaits", "line", _("Chờ văn bản số (nếu có)"), required=False)
AWAITS_ISSUER = Ask("awaits_issuer", "line", _("Cơ quan ban hành văn bản đó"), required=False)
SWAP = Ask("basis", "choice", _("Căn cứ đã bị thay thế"), required=False,
           choices=(("swap", _("Đổi sẵn sang văn bản thay thế")),))  # fmt: skip
UNTIL = Ask("until", "date", _("Đến hết ngày"))
FOUND = Ask("found", "json", _("Phiên bản phải rà soát lại và đường dẫn tới nó"))

OPEN = ("detected", "screening", "deferred", "impact_confirmed", "revision_open")
"""Items that still hold a campaign open. A waived one does not: its end date brings it back by itself."""
UNSETTLED = (*OPEN, "waived")
"""Items of which something is still owed, now or when their waiver ends."""
SETTLED = ("no_impact", "resolved")
"""Items with which people are done."""
ANSWERED = ("resolved",)
"""Those that came to their end without a verdict on a text: a version that does not deal with the event wakes them. A
verdict stays with the version on which it was given; a later one alarms anew (``services.alarm``)."""

BULK = ("confirm", "screen", "no_impact", "defer", "open_revision")
"""Steps that may be taken on many items at once."""

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
        Step("detect",        _("Phát hiện viện dẫn"),       (),                        "detected",         (LEGAL, SECRETARY, CLOCK), then="take_campaign"),
        Step("confirm",       _("Xác nhận phải sửa"),        ("detected", "screening", "deferred"), "impact_confirmed", (LEGAL, SECRETARY, QMR),
             asks=(OPINION,), tell=(WAITS, UNIT_HEAD)),
        Step("screen",        _("Đề nghị không ảnh hưởng"),  ("detected", "deferred"),  "screening",        (LEGAL, SECRETARY),
             asks=(REASON,), then="take_reason", tell=(WAITS,)),
        Step("no_impact",     _("Chấp nhận không ảnh hưởng"), ("screening",),           "no_impact",        (QMR,),
             apart=("screen",), asks=(OPINION,), then="take_standing", tell=(ACTORS, UNIT_HEAD)),
        Step("defer",         _("Tạm hoãn"),                 ("detected", "screening"), "deferred",         (LEGAL, SECRETARY),
             asks=(REVIEW_ON, REASON, AWAITS, AWAITS_ISSUER), guard="unfit_deferral", then="take_reason"),
        Step("resume",        _("Văn bản chờ đã có"),        ("deferred",),             "detected",         (CLOCK,),
             guard="still_awaits", then="drop_wait", tell=(WAITS, ACTORS)),
        Step("open_revision", _("Mở bản sửa đổi"),           ("impact_confirmed",),     "revision_open",    (DRAFTER, UNIT_HEAD),
             asks=(SWAP,), guard="unfit_revision", then="open_revision"),
        Step("resolve",       _("Bản sửa đổi có hiệu lực"),  ("revision_open", "waived"), "resolved",       (CLOCK,),
             guard="revision_not_in_force", tell=(ACTORS,)),
        Step("waive",         _("Cho phép tạm chưa sửa"),    ("impact_confirmed", "revision_open"), "waived", (Role.STEERING_HEAD,),
             asks=(UNTIL, REASON), guard="unfit_waiver", then="take_waiver", tell=(ACTORS, UNIT_HEAD)),
        Step("confirm",       _("Hết thời gian được tạm chưa sửa"), ("waived",),        "impact_confirmed", (CLOCK,),
             guard="waiver_still_runs", then="drop_waiver", tell=(WAITS, UNIT_HEAD)),
        Step("drop",          _("Tài liệu không còn hiệu lực"), UNSETTLED,              "resolved",         (CLOCK,),
             guard="document_still_in_force", tell=(ACTORS,)),
        Step("confirm",       _("Bản sửa đổi bị huỷ hoặc chưa đáp ứng, phải sửa lại"), ("revision_open",), "impact_confirmed", (CLOCK,),
             guard="revision_still_open", then="drop_revision", tell=(WAITS, UNIT_HEAD)),
        Step("wake",          _("Có phiên bản khác vẫn chịu tác động, phải rà soát lại"), ANSWERED, "detected", (CLOCK,),
             asks=(FOUND,), guard="nothing_to_wake", then="take_found", tell=(WAITS, UNIT_HEAD)),
    ),
)

CAMPAIGN = Machine(
    name="campaign",
    label=_("Đợt rà soát"),
    stages=(
        Stage("open",   _("Đang rà soát"), "blue",  (LEGAL,), public=True),
        Stage("closed", _("Đã kết thúc"),  "green", public=True),
    ),
    steps=(
        Step("launch", _("Mở đợt rà soát"),  (),        "open",   (LEGAL, SECRETARY, CLOCK), then="take_event"),
        Step("widen",  _("Bổ sung tài liệu"), ("open", "closed"), "open",   (LEGAL, SECRETARY, CLOCK), then="write_again"),
        Step("fill",   _("Ghi đủ tài liệu của đợt"), ("open",), "open", (CLOCK,), then="written_whole", tell=(PARTS, SECRETARY, QMR, UNIT_HEAD)),
        Step("close",  _("Kết thúc đợt"),    ("open",), "closed", (LEGAL, SECRETARY, CLOCK), guard="open_items", tell=(QMR, UNIT_HEAD)),
        Step("reopen", _("Có mục phải xử lý lại"), ("closed",), "open", (CLOCK,), guard="nothing_open", tell=(WAITS, SECRETARY, QMR)),
    ),
)
# fmt: on
