"""Cards of this app on the home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Campaign, DocumentVersion, RepublicationCause
from documents.services.alarm import LAW, OUTDATED, condition
from documents.services.asof import Moment
from documents.services.coverage import covered
from documents.services.shelf import STALE
from workflows.home import Card
from workflows.models import User, day_of


def home_cards(user: User, now: datetime) -> Iterator[Card]:
    """Documents in force, those out of date and why, versions under way, causes to publish again, open campaigns."""
    today, library = day_of(now), reverse("documents:library")
    visible = DocumentVersion.objects.visible_to(user, now)
    in_force = visible.in_force(today)
    at = Moment.now(today)
    stale, outdated = (Count("pk", filter=condition(cause, at, in_force)) for cause in (LAW, OUTDATED))
    found = in_force.aggregate(total=Count("pk"), stale=stale, outdated=outdated)
    yield Card(found["total"], _("tài liệu đang có hiệu lực"), library)
    told = f"{library}?state={STALE}"
    yield Card(found["stale"], _("tài liệu viện dẫn văn bản hết hiệu lực"), told, alarm=found["stale"] > 0)
    if found["outdated"] > found["stale"]:
        told = f"{library}?state={OUTDATED}"
        yield Card(found["outdated"], _("tài liệu lạc hậu vì bất kỳ lý do nào"), told, alarm=True)
    mine = {seat.agency.pk: seat.agency for seat in user.seats_held(now)}
    for pk, ratio in sorted(covered(at, user, agency__in=list(mine)).items()):
        label = _("thủ tục được công bố chưa có quy trình (đã có %(ratio)s)") % {"ratio": ratio}
        told = f"{reverse('documents:coverage')}?{urlencode({'agency': mine[pk].code})}"
        yield Card(ratio.missing, label, told, alarm=not ratio.full)
    under_way = list(visible.open().values_list("created_by", flat=True))
    if under_way:
        yield Card(len(under_way), _("bản đang soạn, đang trình"), f"{library}?tab=drafts")
    own = under_way.count(user.pk)
    if own:
        yield Card(own, _("bản do tôi mở, chưa ban hành"), f"{library}?tab=drafts&mine=1")
    # One query for both: the home page has few to spend.
    campaigns = Campaign.objects.visible_to(user, now).filter(state="open").order_by()
    causes = RepublicationCause.objects.filter(publication__agency__in=list(mine)).order_by()
    causes = causes.filter(publication__state="republish_required")
    open_ones, again = (
        rows.annotate(what=Value(what)).values_list("what", pk)
        for rows, what, pk in ((campaigns, "campaign", "pk"), (causes, "cause", "publication"))
    )
    counted = Counter(what for what, _pk in open_ones.union(again, all=True))
    if counted["campaign"]:
        yield Card(counted["campaign"], _("đợt rà soát đang mở"), reverse("documents:campaigns"))
    if counted["cause"]:
        yield Card(counted["cause"], _("lý do phải công bố lại"), reverse("documents:publications"), alarm=True)
