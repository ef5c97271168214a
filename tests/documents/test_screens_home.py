"""Cards of this app on the first page: each number is the length of the list that it opens."""

from __future__ import annotations

import re

from django.utils import timezone

from documents.home import home_cards
from documents.models import RegulationRelation
from tests import factories
from tests.people import World
from tests.workflows.screens import text
from workflows.home import Card
from workflows.models import User


def cards(user: User) -> dict[str, Card]:
    return {str(card.label): card for card in home_cards(user, timezone.now())}


def test_numbers_are_those_of_the_lists_behind_them(world: World) -> None:
    factories.in_force(world, legal_basis=[])
    stale = factories.in_force(world)
    heir = factories.regulation("07/2025/NĐ-CP")
    RegulationRelation.objects.create(source=heir, kind="replaces", target=factories.regulation())
    factories.version(world)
    factories.impact(world)
    found = cards(world.lan)
    numbers = {label: card.number for label, card in found.items()}
    assert numbers == {
        "tài liệu đang có hiệu lực": 3,
        "tài liệu viện dẫn văn bản hết hiệu lực": 1,
        "bản đang soạn, đang trình": 1,
        "bản do tôi mở, chưa ban hành": 1,
        "đợt rà soát đang mở": 1,
    }
    assert found["tài liệu viện dẫn văn bản hết hiệu lực"].alarm
    for card in found.values():
        shown = text(world.lan, card.url)
        listed = re.search(r"(\d+) tài liệu", shown)
        assert "/campaigns/" in card.url or (listed and int(listed[1]) == card.number), card
    assert stale.document.title in text(world.lan, found["tài liệu viện dẫn văn bản hết hiệu lực"].url)


def test_others_see_their_own_numbers(world: World) -> None:
    factories.version(world)
    factories.in_force(world)
    assert "bản đang soạn, đang trình" not in cards(world.son)
    assert "bản do tôi mở, chưa ban hành" not in cards(world.minh)
    assert {label: card.number for label, card in cards(world.dung).items()} == {
        "tài liệu đang có hiệu lực": 0,
        "tài liệu viện dẫn văn bản hết hiệu lực": 0,
    }
