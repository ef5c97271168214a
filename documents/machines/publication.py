"""Publication (công bố) of an agency's system: confirmed, signed, published, and published again (domain §1.3, §7(f))."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, WAITS, Ask, Machine, Stage, Step

SECRETARY, QMR, HEAD, CLERK = Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD, Role.RECORDS_CLERK
UNIT_HEAD, MEMBER, SUPPORT = Role.UNIT_HEAD, Role.STEERING_MEMBER, Role.SUPPORT_TEAM
AUDITOR, LEAD = Role.AUDITOR, Role.LEAD_AUDITOR

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
EDITION = Ask("edition", "line", _("Tiêu chuẩn áp dụng"), limit=120)
NUMBER = Ask("decision_no", "line", _("Số quyết định (để trống: lấy số tiếp theo trong sổ)"), required=False, limit=300)
KNOWN_NO = Ask("decision_no", "line", _("Số quyết định"), limit=300)
SIGNED_ON = Ask("decision_on", "date", _("Ngày quyết định"))
WEBSITE = Ask("website", "line", _("Địa chỉ trang đăng bản công bố"), limit=500)
NOTIFIED = Ask("notified", "line", _("Đã gửi bản công bố đến cơ quan quản lý (số, ngày công văn)"), limit=300)
REVOCATION_NO = Ask("revocation_no", "line", _("Số quyết định huỷ công bố"), limit=300)
ALARMS = Ask("alarms", "choice", _("Căn cứ hết hiệu lực trên trang công khai"),
             choices=(("hidden", _("Không hiển thị")), ("shown", _("Hiển thị bằng dấu đỏ"))))  # fmt: skip

WRITTEN = ("prepare", "freeze")
STANDS = ("published", "republish_required")
"""States in which the publication is the one that holds; an agency has at most one."""
UNDER_WAY = ("preparing", "confirmed", "pending_signature", "signed")
"""States of a publication on its way; an agency has at most one."""

# fmt: off
PUBLICATION = Machine(
    name="publication",
    label=_("Công bố hệ thống quản lý chất lượng"),
    readers=(SUPPORT, AUDITOR, LEAD),
    stages=(
        Stage("preparing",          _("Chuẩn bị công bố"),      "secondary", (SECRETARY, QMR)),
        Stage("confirmed",          _("Đã xác nhận hiệu lực"),  "azure",     (SECRETARY,), days=2),
        Stage("pending_signature",  _("Chờ ký công bố"),        "purple",    (HEAD,),      days=2),
        Stage("signed",             _("Đã ký, chờ đăng tải"),   "teal",      (CLERK,),     days=2),
        Stage("published",          _("Đang công bố"),          "green",     public=True),
        Stage("republish_required", _("Phải công bố lại"),      "orange",    (SECRETARY,), public=True),
        Stage("superseded",         _("Đã có bản công bố mới"), "secondary", public=True, final=True),
        Stage("revoked",            _("Đã huỷ công bố"),        "red",       public=True, final=True),
    ),
    steps=(
        Step("prepare", _("Lập hồ sơ công bố"),        (),              "preparing",  (SECRETARY,),
             asks=(EDITION, OPINION), guard="not_preparable", then="freeze_scope", tell=(QMR,)),
        Step("adopt",   _("Nhập bản công bố đang có giá trị"), (),      "published",  (CLOCK,),
             asks=(EDITION, KNOWN_NO, SIGNED_ON, WEBSITE, NOTIFIED, ALARMS), guard="not_adoptable", then="take_adoption"),
        Step("freeze",  _("Lập lại danh mục phạm vi"), ("preparing",),  "preparing",  (SECRETARY,),
             asks=(EDITION, OPINION), guard="not_preparable", then="freeze_scope"),
        Step("confirm", _("Xác nhận hiệu lực"),        ("preparing",),  "confirmed",  (QMR,),
             apart=WRITTEN, guard="unmet", asks=(OPINION,), tell=(WAITS, HEAD)),
        Step("submit",  _("Trình ký công bố"),         ("confirmed",),  "pending_signature", (SECRETARY,),
             asks=(OPINION,), tell=(WAITS,)),
        Step("sign",    _("Ký công bố"),               ("pending_signature",), "signed", (HEAD,),
             apart=(*WRITTEN, "confirm", "submit"), guard="unmet", asks=(OPINION,), tell=(WAITS, ACTORS)),
        Step("return",  _("Trả lại"),                  ("confirmed", "pending_signature"), "preparing", (QMR, HEAD),
             asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("publish", _("Đăng tải, thông báo"),      ("signed",),     "published",  (CLERK,),
             asks=(NUMBER, SIGNED_ON, WEBSITE, NOTIFIED, ALARMS), guard="unfit_publishing", then="go_public",
             tell=(ACTORS, UNIT_HEAD, MEMBER)),
        Step("show",    _("Chọn cách hiển thị căn cứ hết hiệu lực"), ("published",), "published", (SECRETARY, QMR),
             asks=(ALARMS,), then="take_alarms"),
        Step("show",    _("Chọn cách hiển thị căn cứ hết hiệu lực"), ("republish_required",), "republish_required", (SECRETARY, QMR),
             asks=(ALARMS,), then="take_alarms"),
        Step("require", _("Phát sinh lý do phải công bố lại"), ("published", "republish_required"), "republish_required", (CLOCK,),
             guard="nothing_new", then="take_causes", tell=(WAITS, QMR, HEAD)),
        Step("supersede", _("Có bản công bố mới"),     STANDS,          "superseded", (CLOCK,), then="step_down"),
        Step("lapse",   _("Dừng vì cơ quan kết thúc"), UNDER_WAY,       "revoked",    (CLOCK,), asks=(REASON,)),
        Step("revoke",  _("Huỷ công bố"),              STANDS,          "revoked",    (HEAD, CLOCK),
             asks=(REVOCATION_NO, REASON), then="take_revocation", tell=(SECRETARY, QMR, CLERK, UNIT_HEAD, MEMBER)),
    ),
)
# fmt: on
