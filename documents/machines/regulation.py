"""Legal document: people register and verify facts; validity is computed and never clicked (domain §7(b))."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import Ask, Machine, Stage, Step

LEGAL, SECRETARY = Role.LEGAL_WATCH, Role.ISO_SECRETARY

FACTS = Ask("facts", "json", _("Thông tin văn bản"))
REASON = Ask("note", "text", _("Căn cứ sửa thông tin"), required=False)

# fmt: off
REGULATION = Machine(
    name="regulation",
    label=_("Văn bản pháp luật"),
    stages=(
        Stage("registered", _("Đã đăng ký"),  "azure", public=True),
        Stage("verified",   _("Đã kiểm tra"), "green", public=True),
    ),
    steps=(
        Step("register", _("Đăng ký văn bản"),     (),              "registered", (LEGAL, SECRETARY), asks=(FACTS,), then="take_facts"),
        Step("import",   _("Nhập từ dữ liệu"),     (),              "registered", (CLOCK,),           asks=(FACTS,), then="take_facts"),
        Step("correct",  _("Cập nhật thông tin"),  ("registered",), "registered", (LEGAL, SECRETARY, CLOCK), asks=(FACTS, REASON), then="take_facts"),
        Step("correct",  _("Cập nhật thông tin"),  ("verified",),   "registered", (LEGAL, SECRETARY, CLOCK), asks=(FACTS, REASON), then="take_facts"),
        Step("verify",   _("Xác nhận đã kiểm tra"), ("registered",), "verified",  (LEGAL,), guard="missing_for_verification"),
    ),
)
# fmt: on
