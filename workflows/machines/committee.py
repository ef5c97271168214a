"""The steering committee from its draft to the next one, and a seat of it that stands empty (domain §2.1, §7)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import WAITS, Ask, Machine, Stage, Step

HEAD, QMR, SECRETARY = Role.STEERING_HEAD, Role.QMR, Role.ISO_SECRETARY
COORDINATOR = Role.PROVINCE_COORDINATOR
NEEDED = (HEAD, QMR, SECRETARY)
"""Seats without which the system stands still; one of them empty is somebody's task."""

MEMBERS = Ask("members", "json", _("Thành viên"))
NUMBER = Ask("decision_no", "line", _("Số quyết định"))
DATED = Ask("decision_on", "date", _("Ngày quyết định"))
SINCE = Ask("valid_from", "date", _("Có hiệu lực từ ngày"))
PERSON = Ask("person", "pick", _("Người giữ vị trí"))
REASON = Ask("note", "text", _("Lý do"))

# fmt: off
ESTABLISHMENT = Machine(
    name="establishment",
    label=_("Quyết định lập Ban chỉ đạo"),
    stages=(
        Stage("draft",     _("Dự kiến thành viên"), "azure", waits_on=(HEAD, QMR), days=5),
        Stage("in_force",  _("Đã có quyết định"),    "green", public=True),
        Stage("replaced",  _("Đã hết hiệu lực"),    "muted", public=True, final=True),
        Stage("abandoned", _("Đã bỏ"),              "muted", final=True),
    ),
    steps=(
        Step("propose", _("Dự kiến"),         (),            "draft",     by=(SECRETARY, COORDINATOR), asks=(MEMBERS,), then="take_members", tell=(WAITS,)),
        Step("edit",    _("Sửa danh sách"),   ("draft",),    "draft",     by=(SECRETARY, COORDINATOR), asks=(MEMBERS,), then="take_members"),
        Step("enact",   _("Ghi quyết định"),  ("draft",),    "in_force",  by=(HEAD, QMR), apart=("propose", "edit"), guard="incomplete", asks=(NUMBER, DATED, SINCE), then="establish", tell=(HEAD, QMR, SECRETARY)),
        Step("abandon", _("Bỏ"),              ("draft",),    "abandoned", by=(SECRETARY, COORDINATOR, HEAD, QMR), asks=(REASON,)),
        Step("replace", _("Hết hiệu lực"),    ("in_force",), "replaced",  by=(CLOCK,)),
    ),
)

VACANT_SEAT = Machine(
    name="vacant_seat",
    label=_("Vị trí bỏ trống"),
    stages=(
        Stage("open",   _("Chờ bố trí người"), "red",   waits_on=(*NEEDED, COORDINATOR), days=5, public=True),
        Stage("filled", _("Đã bố trí"),        "green", public=True, final=True),
        Stage("closed", _("Không còn trống"),  "muted", public=True, final=True),
    ),
    steps=(
        Step("raise", _("Báo trống"),        (),        "open",   by=(CLOCK,), tell=(WAITS,)),
        Step("fill",  _("Bố trí người"),     ("open",), "filled", by=(*NEEDED, COORDINATOR), guard="unfit", asks=(PERSON, NUMBER, DATED, SINCE), then="seat_person", tell=NEEDED),
        Step("close", _("Đã có người giữ"),  ("open",), "closed", by=(CLOCK,)),
    ),
)
# fmt: on
