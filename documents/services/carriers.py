"""What an agency that ends hands on of its documents: the documents, their reviews, its publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.machines.impact import OPEN as OPEN_ITEMS
from documents.machines.impact import UNSETTLED
from documents.machines.publication import STANDS, UNDER_WAY
from documents.models import (
    Adoption,
    Campaign,
    Handover,
    ImpactItem,
    ModelVersion,
    Publication,
    inherit,
    living,
)
from documents.services.campaigns import campaign_for
from workflows import engine
from workflows.carrying import Carrier, Parting
from workflows.errors import WorkflowError
from workflows.lapsing import ending, reason
from workflows.machines.reorganisation import HAND
from workflows.models import Unit, day_of
from workflows.ticking import Complaint


def _documents(agencies: Collection[int], day: date) -> QuerySet[Any]:
    """Those that live and of which nobody has been asked yet."""
    del day
    return living(list(agencies)).exclude(Exists(Handover.objects.filter(document=OuterRef("pk"))))


def _carry_document(document: Any, parting: Parting) -> None:
    unit = _needed(parting)
    if parting.manner == HAND:
        inherit(document, unit, code=document.code, day=parting.day, now=parting.now, ground=parting.ground)
        return
    offer = Handover(agency=unit.agency or unit, unit=unit, document=document, ground=parting.ground)
    engine.start(offer, "offer", by=None, now=parting.now)


def _needed(parting: Parting) -> Unit:
    if parting.heir is None:
        raise WorkflowError(_("Chưa có nơi nhận."))
    return parting.heir


def _offers(agencies: Collection[int], day: date) -> QuerySet[Any]:
    """Documents of others that were offered to an agency which ends before it has answered."""
    del day
    rows: QuerySet[Any] = Handover.objects.filter(agency__in=list(agencies), state="offered")
    return rows


def _pass_on(offer: Any, parting: Parting) -> None:
    engine.fire(offer, "hand_over", by=None, now=parting.now, heir=_needed(parting).pk)


def _reviews(agencies: Collection[int], day: date) -> QuerySet[Any]:
    """Open reviews, and those that the head let wait; those of documents that are still offered wait with them."""
    del day
    offered = Handover.objects.filter(document=OuterRef("document"), state="offered")
    return ImpactItem.objects.filter(~Exists(offered), agency__in=list(agencies), state__in=UNSETTLED)


def _carry_review(item: Any, parting: Parting) -> None:
    """The heir reviews the document that it took over, by the same event; here there is nothing left to review."""
    unit = _needed(parting)
    if item.document.heirs.exists():
        campaign_for(event=item.event, agency=unit.agency or unit, by=None, now=parting.now)
    engine.fire(item, "drop", by=None, now=parting.now)


def _publications(agencies: Collection[int], day: date) -> QuerySet[Any]:
    del day
    return Publication.objects.filter(agency__in=list(agencies), state__in=(*STANDS, *UNDER_WAY))


def _end_publication(found: Any, parting: Parting) -> None:
    note = reason(parting)
    if found.state in STANDS:
        engine.fire(found, "revoke", by=None, now=parting.now, revocation_no=parting.ground, note=note)
    else:
        engine.fire(found, "lapse", by=None, now=parting.now, note=note)


CARRIERS = (
    Carrier(
        "documents",
        lazy("Tài liệu đang có hiệu lực hoặc đang soạn"),
        lazy("Mời nơi nhận tiếp nhận, hoặc chuyển thẳng thành tài liệu của nơi nhận, nối với tài liệu cũ"),
        _documents,
        _carry_document,
    ),
    Carrier(
        "handovers",
        lazy("Lời mời tiếp nhận tài liệu chưa trả lời"),
        lazy("Chuyển cho nơi nhận trả lời"),
        _offers,
        _pass_on,
    ),
    Carrier(
        "reviews",
        lazy("Mục rà soát đang mở hoặc được tạm chưa sửa"),
        lazy("Nơi nhận rà soát tài liệu đã tiếp nhận theo cùng sự kiện"),
        _reviews,
        _carry_review,
    ),
    Carrier(
        "publications",
        lazy("Công bố hệ thống quản lý chất lượng"),
        lazy("Hết giá trị cùng cơ quan; nơi nhận công bố lại"),
        _publications,
        _end_publication,
        inherited=False,
    ),
    ending(
        "adoptions",
        lazy("Mô hình khung đang áp dụng"),
        Adoption,
        lazy("Thôi áp dụng; tài liệu đã chuyển thuộc nơi nhận, nơi nhận tự áp dụng mô hình"),
    ),
    ending("model_versions", lazy("Phiên bản mô hình khung đang soạn"), ModelVersion),
)


def _close(campaign: Campaign, now: datetime) -> Counter[str]:
    """Close what an agency left behind. What the event touches and no item holds comes into it first: the gate does
    not close over it, and an heir that takes the document over finds its review.
    """
    whole = campaign_for(event=campaign.event, agency=campaign.agency, by=None, now=now)
    if whole.filled_to is not None or whole.items.filter(state__in=OPEN_ITEMS).exists():
        return Counter({"campaign.widen": 1})
    engine.fire(whole, "close", by=None, now=now)
    return Counter({"campaign.close": 1})


def reviews_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Reviews of documents that were accepted meanwhile begin anew at the heir; campaigns without anything left close.

    Safe to run twice and late.
    """
    done, complaints = Counter[str](), list[Complaint]()
    taken = ImpactItem.objects.filter(state__in=UNSETTLED, document__handovers__state="accepted")
    for item in taken.select_related("event", "document", "agency"):
        heir = Handover.objects.select_related("unit__agency").get(document=item.document_id).unit
        try:
            _carry_review(item, Parting(heir, "", day_of(now), "", now))
            done["impact.drop"] += 1
        except WorkflowError as error:
            complaints.append(Complaint(str(item), error.said))
    left = ImpactItem.objects.filter(campaign=OuterRef("pk"), state__in=OPEN_ITEMS)
    ended = Campaign.objects.filter(~Exists(left), state="open", agency__valid_to__lte=day_of(now), filled_to=None)
    for campaign in ended.for_list():
        try:
            done.update(_close(campaign, now))
        except WorkflowError as error:
            complaints.append(Complaint(str(campaign), error.said))
    return done, complaints
