"""Framework model: published in versions by one agency, adopted item by item by others (domain §1.4, S0.2, S4.8)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.machines.reorganisation import lapsing
from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, WAITS, Ask, Machine, Stage, Step

DRAFTER, UNIT_HEAD, SECRETARY, LEGAL = Role.DRAFTER, Role.UNIT_HEAD, Role.ISO_SECRETARY, Role.LEGAL_WATCH
QMR, HEAD, CLERK, COORDINATOR = Role.QMR, Role.STEERING_HEAD, Role.RECORDS_CLERK, Role.PROVINCE_COORDINATOR
MEMBER, SUPPORT = Role.STEERING_MEMBER, Role.SUPPORT_TEAM

REASON = Ask("note", "text", _("Lý do"))
OPINION = Ask("note", "text", _("Ý kiến"), required=False)
ITEMS = Ask("items", "json", _("Các mục của mô hình"))
FIRST_ITEMS = Ask("items", "json", _("Các mục của mô hình (để trống: như bản trước)"), required=False)
NUMBER = Ask("decision_no", "line", _("Số quyết định"))
SIGNED_ON = Ask("decision_on", "date", _("Ngày quyết định"))
EFFECTIVE = Ask("effective_from", "date", _("Ngày có hiệu lực"))
DOCUMENT = Ask("document", "pick", _("Tài liệu của cơ quan"))
TARGET = Ask("target", "pick", _("Mục của bản mô hình mới"))
SEEN = Ask("seen", "line", _("Bản tài liệu đã xem"))
DECISIONS = Ask("decisions", "json", _("Quyết định từng chỗ khác nhau"))

WRITTEN = ("draft", "edit", "submit")
WRITERS = (SECRETARY, COORDINATOR)
ADOPTERS = (SECRETARY, QMR, HEAD)
DRAFTERS = (DRAFTER, UNIT_HEAD, LEGAL, SECRETARY)
"""Who drafts a version of a document; whether this very document, the door asks when the draft is opened."""

UPGRADE_DAYS = 30
"""Working days that an agency has to follow a new version of a model it adopted."""

# fmt: off
MODEL_VERSION = Machine(
    name="model_version",
    label=_("Phiên bản mô hình khung"),
    readers=(QMR, SUPPORT),
    stages=(
        Stage("draft",      _("Đang soạn"),              "secondary", WRITERS),
        Stage("submitted",  _("Chờ phê duyệt, công bố"), "purple",    (HEAD,), days=3),
        Stage("published",  _("Đã công bố"),             "green",     public=True),
        Stage("superseded", _("Đã có bản mới"),          "orange",    public=True, final=True),
        Stage("cancelled",  _("Đã huỷ dự thảo"),         "muted",     final=True),
    ),
    steps=(
        Step("draft",     _("Lập phiên bản mô hình"), (),             "draft",      WRITERS, asks=(FIRST_ITEMS, OPINION), then="take_items"),
        Step("edit",      _("Sửa các mục"),           ("draft",),     "draft",      WRITERS, asks=(ITEMS, OPINION), then="take_items"),
        Step("submit",    _("Trình công bố"),         ("draft",),     "submitted",  WRITERS, guard="unfit_items", asks=(OPINION,), tell=(WAITS,)),
        Step("return",    _("Trả lại"),               ("submitted",), "draft",      (HEAD,), asks=(REASON,), tell=(WAITS, ACTORS)),
        Step("publish",   _("Công bố mô hình"),       ("submitted",), "published",  (HEAD,),
             apart=WRITTEN, guard="unfit_dates", asks=(NUMBER, SIGNED_ON, EFFECTIVE), then="take_decision", tell=(ACTORS, QMR, CLERK)),
        Step("supersede", _("Bản mới có hiệu lực"),   ("published",), "superseded", (CLOCK,), guard="still_holds"),
        Step("abandon",   _("Huỷ dự thảo"),           ("draft",),     "cancelled",  WRITERS, asks=(REASON,), tell=(ACTORS,)),
        lapsing(("draft", "submitted"), "cancelled"),
    ),
)

ADOPTION = Machine(
    name="adoption",
    label=_("Áp dụng mô hình khung"),
    stages=(
        Stage("following", _("Theo kịp mô hình"),        "green",  public=True),
        Stage("behind",    _("Có bản mới phải cập nhật"), "yellow", (SECRETARY,), days=UPGRADE_DAYS, public=True),
        Stage("left",      _("Thôi áp dụng"),            "muted",  public=True, final=True),
    ),
    steps=(
        Step("adopt",       _("Áp dụng mô hình"),       (),             "following", ADOPTERS, guard="not_adoptable", asks=(OPINION,), then="take_version",
             tell=(SECRETARY, QMR, UNIT_HEAD)),
        Step("fall_behind", _("Mô hình có bản mới"),    ("following",), "behind",    (CLOCK,), guard="nothing_new", tell=(WAITS, QMR, UNIT_HEAD)),
        Step("settle",      _("Đã cập nhật theo bản mới"), ("behind",), "following", (SECRETARY, CLOCK), guard="unsettled", then="take_version", tell=(QMR,)),
        Step("leave",       _("Thôi áp dụng mô hình"),  ("following", "behind"), "left", (HEAD,), asks=(REASON,), then="release_items",
             tell=(SECRETARY, QMR)),
        lapsing(("following", "behind"), "left", then="release_items"),
    ),
)

ADOPTED = Machine(
    name="adopted_item",
    label=_("Mục áp dụng theo mô hình"),
    stages=(
        Stage("followed", _("Theo mô hình"),  "green",     public=True),
        Stage("kept",     _("Giữ làm tài liệu riêng"), "blue", public=True),
        Stage("dropped",  _("Không theo nữa"), "muted",    public=True, final=True),
    ),
    steps=(
        Step("take",  _("Áp dụng mục"),             (),            "followed", DRAFTERS, guard="unfit_document", asks=(TARGET, DOCUMENT), then="take_up"),
        Step("merge", _("Cập nhật theo bản mới"),   ("followed",), "followed", DRAFTERS, guard="undecided", asks=(TARGET, SEEN, DECISIONS, OPINION),
             then="carry_out"),
        Step("keep",  _("Giữ làm tài liệu riêng"),  ("followed",), "kept",     DRAFTERS, guard="still_offered", asks=(REASON,)),
        Step("drop",  _("Thôi theo mục này"),       ("followed", "kept"), "dropped", DRAFTERS, asks=(REASON,)),
        Step("release", _("Cơ quan thôi áp dụng mô hình"), ("followed", "kept"), "dropped", (CLOCK,)),
    ),
)
# fmt: on
