"""Cards of this app on the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Campaign, DocumentVersion
from documents.services.shelf import STALE, dead_rows
from workflows.home import Card
from workflows.models import User, day_of


def home_cards(user: User, now: datetime) -> Iterator[Card]:
    """Documents in force, those that cite dead law, versions under way, one's own drafts, open campaigns."""
    today, library = day_of(now), reverse("documents:library")
    visible = DocumentVersion.objects.visible_to(user, now)
    in_force = visible.in_force(today)
    stale = in_force.filter(Exists(dead_rows(today).filter(version=OuterRef("pk")))).count()
    yield Card(in_force.count(), _("tài liệu đang có hiệu lực"), library)
    yield Card(stale, _("tài liệu viện dẫn văn bản hết hiệu lực"), f"{library}?state={STALE}", alarm=stale > 0)
    under_way = list(visible.open().values_list("created_by", flat=True))
    if under_way:
        yield Card(len(under_way), _("bản đang soạn, đang trình"), f"{library}?tab=drafts")
    mine = under_way.count(user.pk)
    if mine:
        yield Card(mine, _("bản do tôi mở, chưa ban hành"), f"{library}?tab=drafts&mine=1")
    campaigns = Campaign.objects.visible_to(user, now).filter(state="open").count()
    if campaigns:
        yield Card(campaigns, _("đợt rà soát đang mở"), reverse("documents:campaigns"))
