"""A document offered to the heir of an agency that ended (domain §7(f); §3.4: predecessor links)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.machines.reorganisation import handing_over
from workflows.roles import CLOCK, Role
from workflows.tables import WAITS, Ask, Machine, Stage, Step

HEAD, SECRETARY, QMR, UNIT_HEAD, DRAFTER = (
    Role.STEERING_HEAD,
    Role.ISO_SECRETARY,
    Role.QMR,
    Role.UNIT_HEAD,
    Role.DRAFTER,
)

CODE = Ask("code", "line", _("Mã hiệu mới (để trống: giữ mã cũ)"), required=False, limit=60)
REASON = Ask("note", "text", _("Lý do"))

# fmt: off
HANDOVER = Machine(
    name="handover",
    label=_("Mời tiếp nhận tài liệu"),
    stages=(
        Stage("offered",  _("Chờ tiếp nhận"),   "yellow", (HEAD,), days=22, public=True),
        Stage("accepted", _("Đã tiếp nhận"),    "green",  public=True, final=True),
        Stage("declined", _("Không tiếp nhận"), "muted",  public=True, final=True),
    ),
    steps=(
        Step("offer",   _("Mời tiếp nhận"),   (),           "offered",  (CLOCK,), tell=(WAITS, SECRETARY)),
        Step("accept",  _("Tiếp nhận"),       ("offered",), "accepted", (HEAD,), guard="unfit_code", asks=(CODE,), then="take_over", tell=(SECRETARY, QMR, UNIT_HEAD, DRAFTER)),
        Step("decline", _("Không tiếp nhận"), ("offered",), "declined", (HEAD,), asks=(REASON,), then="let_go", tell=(SECRETARY, QMR)),
        *handing_over(("offered",), WAITS, SECRETARY),
    ),
)
# fmt: on
