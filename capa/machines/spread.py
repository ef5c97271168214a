"""Asking agencies below whether they have a nonconformity too, and each one's answer (10.2.1 b: similar cases)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from capa.machines.car import ATTACHED, CLAUSE, DESCRIPTION, EVIDENCE, FOUND_ON
from workflows.machines.reorganisation import lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import WAITS, Ask, Machine, Stage, Step

SECRETARY, QMR, HEAD = Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD
COORDINATOR = Role.PROVINCE_COORDINATOR
ASKERS = (SECRETARY, QMR, COORDINATOR)

WORDING = Ask("wording", "prose", _("Sự không phù hợp cần rà soát"), limit=20_000)
ANSWER_BY = Ask("answer_by", "date", _("Trả lời đến hết ngày"))
AGENCIES = Ask("agencies", "json", _("Cơ quan được hỏi"))
ANSWER = Ask("answer", "pick", _("Cơ quan được miễn"))
REASON = Ask("note", "text", _("Lý do"))
LOOKED = Ask("note", "text", _("Đã rà soát thế nào, căn cứ"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)

# fmt: off
SPREAD = Machine(
    name="spread",
    label=_("Rà soát lan rộng"),
    readers=(HEAD,),
    stages=(
        Stage("open",   _("Đang chờ trả lời"), "blue",  (SECRETARY, QMR)),
        Stage("closed", _("Đã kết thúc"),      "green", final=True),
    ),
    steps=(
        Step("ask",   _("Hỏi các cơ quan cấp dưới"), (),        "open",   ASKERS, guard="unfit_question", asks=(WORDING, ANSWER_BY, AGENCIES), then="send"),
        Step("waive", _("Miễn trả lời một cơ quan"), ("open",), "open",   (SECRETARY, QMR), asks=(ANSWER, REASON), then="waive_answer"),
        Step("close", _("Kết thúc"),                 ("open",), "closed", (SECRETARY, QMR), guard="unfinished", asks=(OPINION,), tell=(HEAD, QMR)),
        lapsing(("open",), "closed"),
    ),
)

SPREAD_ANSWER = Machine(
    name="spread_answer",
    label=_("Trả lời rà soát lan rộng"),
    readers=(HEAD,),
    stages=(
        Stage("asked",   _("Chờ trả lời"),         "yellow", (SECRETARY, QMR), public=True),
        Stage("found",   _("Có, đã báo sự việc"),  "orange", public=True, final=True),
        Stage("none",    _("Không có"),            "green",  public=True, final=True),
        Stage("outside", _("Không thuộc phạm vi"), "muted",  public=True, final=True),
        Stage("waived",  _("Được miễn"),           "muted",  public=True, final=True),
    ),
    steps=(
        Step("receive", _("Nhận câu hỏi"),        (),         "asked",   (CLOCK,), tell=(WAITS, HEAD)),
        Step("attach",  _("Đính kèm bằng chứng"), ("asked",), "asked",   (SECRETARY, QMR), asks=(ATTACHED, OPINION)),
        Step("confirm", _("Có, báo sự không phù hợp"), ("asked",), "found", (SECRETARY, QMR), asks=(FOUND_ON, DESCRIPTION, EVIDENCE, CLAUSE), then="open_car"),
        Step("deny",    _("Không có"),            ("asked",), "none",    (SECRETARY, QMR), asks=(LOOKED,)),
        Step("exclude", _("Không thuộc phạm vi"), ("asked",), "outside", (SECRETARY, QMR), asks=(REASON,)),
        Step("waive",   _("Được miễn trả lời"),   ("asked",), "waived",  (CLOCK,), asks=(REASON,), tell=(SECRETARY, QMR)),
    ),
)
# fmt: on
