"""A reorganisation of agencies: prepared, decided, undone until it begins, carried out by the clock (domain §1.1, §4.2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.roles import CLOCK, Role
from workflows.tables import WAITS, Ask, Machine, Stage, Step, staying

HEAD, QMR, SECRETARY = Role.STEERING_HEAD, Role.QMR, Role.ISO_SECRETARY
COORDINATOR = Role.PROVINCE_COORDINATOR

FOUND, MERGE, SPLIT, RENAME, MOVE, ABOLISH = "found", "merge", "split", "rename", "move", "abolish"
WHAT = (
    (MERGE, _("Nhập vào")),
    (SPLIT, _("Chia, tách thành")),
    (RENAME, _("Đổi tên")),
    (MOVE, _("Chuyển về trực thuộc")),
    (ABOLISH, _("Giải thể")),
    (FOUND, _("Thành lập mới")),
)
ENDING = (MERGE, SPLIT, ABOLISH)
"""Lines after which the agency is no more."""
OFFER, HAND = "offer", "hand"
MANNERS = ((OFFER, _("Mời tiếp nhận từng tài liệu")), (HAND, _("Chuyển thẳng sang nơi nhận")))

LINES = Ask("lines", "json", _("Các dòng sắp xếp"))
CHOICES = Ask("choices", "json", _("Nơi nhận"))
NUMBER = Ask("decision_no", "line", _("Số quyết định"))
DATED = Ask("decision_on", "date", _("Ngày quyết định"))
SINCE = Ask("effective_on", "date", _("Có hiệu lực từ ngày"))
REASON = Ask("note", "text", _("Lý do"))
HEIR = Ask("heir", "json", _("Đơn vị nhận"))  # a key, which may be greater than a number of people
WRITTEN = ("draft", "edit", "assign")
ANSWERING = (HEAD, QMR, SECRETARY, COORDINATOR)
WAITING, BEGUN = ("decided", "hindered"), ("applying", "halted")
HINDERED = ("hindered", "halted")
DECIDED = (*WAITING, *BEGUN)
"""States of a decision that is still to be carried out, or carried on."""


def handing_over(sources: tuple[str, ...], *tell: str) -> tuple[Step, ...]:
    """Rows of another table by which the clock passes open records to the heir of an agency that ended."""
    row = Step("hand_over", _("Chuyển giao cho cơ quan kế tục"), sources, "", (CLOCK,), asks=(HEIR,), then="take_heir", tell=tell)  # fmt: skip
    return staying(row)


# fmt: off
REORGANISATION = Machine(
    name="reorganisation",
    label=_("Sắp xếp tổ chức"),
    stages=(
        Stage("draft",     _("Đang chuẩn bị"),            "azure", (HEAD, QMR), days=10),
        Stage("decided",   _("Đã quyết định, chờ ngày hiệu lực"), "teal", public=True),
        Stage("hindered",  _("Đã quyết định, còn vướng"), "orange", ANSWERING, days=3, public=True),
        Stage("applying",  _("Đang chuyển giao"),         "blue",  public=True),
        Stage("halted",    _("Đang chuyển giao, còn vướng"), "orange", ANSWERING, days=3, public=True),
        Stage("in_effect", _("Đã thực hiện"),             "green", public=True, final=True),
        Stage("undone",    _("Đã huỷ"),                   "muted", public=True, final=True),
    ),
    steps=(
        Step("draft",   _("Chuẩn bị"),          (),            "draft",     (SECRETARY, COORDINATOR), guard="out_of_reach", asks=(LINES,), then="take_lines", tell=(WAITS,)),
        Step("edit",    _("Sửa các dòng"),      ("draft",),    "draft",     (SECRETARY, COORDINATOR), guard="out_of_reach", asks=(LINES,), then="take_lines"),
        Step("assign",  _("Chọn nơi nhận"),     ("draft",),    "draft",     (SECRETARY, COORDINATOR), asks=(CHOICES,), then="take_choices"),
        Step("assign",  _("Chọn nơi nhận còn thiếu"), WAITING, "decided",   ANSWERING, guard="rewritten", asks=(CHOICES,), then="take_choices", tell=ANSWERING),
        Step("assign",  _("Chọn nơi nhận còn thiếu"), BEGUN,   "applying",  ANSWERING, guard="rewritten", asks=(CHOICES,), then="take_choices", tell=ANSWERING),
        Step("decide",  _("Ghi quyết định"),    ("draft",),    "decided",   (HEAD, QMR), apart=WRITTEN, guard="unready", asks=(NUMBER, DATED, SINCE), then="take_decision", tell=ANSWERING),
        Step("import",  _("Nhập quyết định đã có"), (),        "decided",   (CLOCK,), guard="unfit_import", asks=(LINES, NUMBER, DATED, SINCE), then="take_import"),
        Step("abandon", _("Bỏ dự thảo"),        ("draft",),    "undone",    (SECRETARY, COORDINATOR, HEAD, QMR), asks=(REASON,)),
        Step("begin",   _("Đến ngày hiệu lực"), WAITING,       "applying",  (CLOCK,), guard="unripe", then="rearrange"),
        Step("finish",  _("Đã chuyển giao xong"), BEGUN,       "in_effect", (CLOCK,), guard="unfinished", tell=ANSWERING),
        Step("undo",    _("Huỷ khi chưa thực hiện"), WAITING, "undone", (HEAD, QMR), asks=(REASON,), tell=ANSWERING),
        Step("hinder",  _("Có điều vướng"),     ("decided",),  "hindered",  (CLOCK,), asks=(REASON,), tell=(WAITS,)),
        Step("hinder",  _("Có điều vướng"),     ("applying",), "halted",    (CLOCK,), asks=(REASON,), tell=(WAITS,)),
        Step("clear",   _("Hết vướng"),         ("hindered",), "decided",   (CLOCK,)),
        Step("clear",   _("Hết vướng"),         ("halted",),   "applying",  (CLOCK,)),
        *handing_over(("draft", *DECIDED)),
    ),
)
# fmt: on


def lapsing(sources: tuple[str, ...], target: str, then: str = "") -> Step:
    """A row of another table by which the clock ends an open record together with its agency."""
    return Step("lapse", _("Dừng vì cơ quan kết thúc"), sources, target, (CLOCK,), asks=(REASON,), then=then)


def lapsed() -> Stage:
    """The last stage of what ended so, where the table has none that would be true."""
    return Stage("lapsed", _("Kết thúc cùng cơ quan"), "muted", public=True, final=True)
