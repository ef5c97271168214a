"""One notice for a decision on many items, one for a run of reminders; every item keeps its own row in the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from documents.models import ImpactItem
from documents.services.campaigns import campaign_decide, impacts_decide
from notifications.deliver import deliver, deliver_reminders
from notifications.gathering import LETTER_WAITS, numbers
from notifications.mails import send_mails
from notifications.models import Notice
from notifications.recipients import recipients
from notifications.sentences import say
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements
from workflows import engine
from workflows.models import Move, Pending, Reminder, User
from workflows.reminding import remind


@pytest.fixture
def items(world: World) -> list[ImpactItem]:
    """Three items of one campaign, two of them in one unit; nobody has anything to read yet."""
    found = [factories.impact(world, unit=unit) for unit in ("hctp", "hctp", "bttp")]
    deliver()
    Notice.objects.all().delete()
    return found


def of(user: User) -> list[tuple[str, str]]:
    """Subject and link of the person's notices."""
    own = Notice.objects.of(user).select_related("move__actor", "reminder").order_by("pk")
    return [(words.subject, words.url) for _notice, words in say(own)]


def test_a_decision_on_many_is_one_notice_for_each_person(world: World, items: list[ImpactItem]) -> None:
    seen = {item.pk: item.row_version for item in items}
    campaign = items[0].campaign
    campaign_decide(campaign=campaign, action="confirm", by=world.phuc, seen=seen, answers={"note": "Phải sửa"})
    assert Move.objects.filter(action="confirm").count() == 3
    assert deliver() == 3
    subject, url = of(world.lan)[0]
    assert (len(of(world.lan)), "2 tài liệu" in subject, url) == (1, True, campaign.get_absolute_url())
    assert subject.startswith("Phải sửa tài liệu: ")
    assert "18/2026/NĐ-CP" in subject
    # Of one item alone, the notice is that of the item.
    assert of(world.mai) == [(f"Phải sửa tài liệu: {items[2]}", items[2].get_absolute_url())]
    for name in ("phuc", "son", "dung"):
        assert of(world.people[name]) == [], name
    assert not Pending.objects.exists()


def test_what_a_notice_counts_is_whom_each_deed_tells(world: World, items: list[ImpactItem]) -> None:
    proposed = [engine.fire(item, "screen", by=world.phuc, note="Không đổi") for item in items[:2]]
    proposed.append(engine.fire(items[2], "screen", by=world.hoa, note="Không đổi"))
    impacts_decide(items=proposed, action="no_impact", by=world.quang)
    expected: dict[int, int] = {}
    for move in Move.objects.filter(action="no_impact"):
        for person in recipients(move):
            expected[person.pk] = expected.get(person.pk, 0) + 1
    deliver()
    found = Notice.objects.filter(move__action="no_impact").select_related("move", "reminder")
    many = numbers(found)
    assert {notice.user_id: many[notice.pk].number for notice in found} == expected
    assert (expected[world.phuc.pk], expected[world.hoa.pk], expected[world.minh.pk]) == (3, 1, 2)


def test_two_decisions_are_two_notices_and_what_grows_is_unread_again(world: World, items: list[ImpactItem]) -> None:
    impacts_decide(items=items[:1], action="confirm", by=world.phuc)
    impacts_decide(items=items[1:2], action="confirm", by=world.phuc)
    deliver()
    assert len(of(world.lan)) == 2
    now = timezone.now()
    third, fourth = (factories.impact(world) for _item in range(2))
    Pending.objects.all().delete()
    engine.fire(third, "confirm", by=world.phuc, now=now)
    deliver()
    Notice.objects.update(read_at=now)
    engine.fire(fourth, "confirm", by=world.phuc, now=now)
    deliver()
    assert Notice.objects.of(world.lan).count() == 3
    assert Notice.objects.of(world.lan).unread().count() == 1


def test_the_letter_waits_for_the_others_and_tells_of_all(world: World, items: list[ImpactItem]) -> None:
    User.objects.filter(pk=world.lan.pk).update(email="lan@example.vn")
    now = timezone.now()
    impacts_decide(items=items, action="confirm", by=world.phuc, note="Phải sửa", now=now)
    deliver(now=now)
    assert send_mails(now) == 0
    assert send_mails(now + LETTER_WAITS) == 1
    (letter,) = mail.outbox
    assert "2 tài liệu" in letter.subject
    assert "“Xác nhận phải sửa” một lần cho 2 hồ sơ" in letter.body
    assert "Ý kiến kèm theo: Phải sửa" in letter.body


def _late(items: list[ImpactItem]) -> datetime:
    days = [item.due_on for item in ImpactItem.objects.all() if item.due_on]
    return timezone.now() + (max(days) - timezone.localdate()) + timedelta(days=2)


def test_a_run_of_reminders_is_one_notice_for_each_campaign(world: World, items: list[ImpactItem]) -> None:
    late = _late(items)
    remind(late)
    assert Reminder.objects.filter(machine="impact").count() == 3
    deliver_reminders(now=late)
    mine = [subject for subject, _url in of(world.phuc) if "18/2026/NĐ-CP" in subject]
    assert len(mine) == 1
    assert mine[0].startswith("Quá hạn: ")
    assert "3 tài liệu" in mine[0]
    assert of(world.lan) == []
    deliver_reminders(now=late)
    remind(late)
    deliver_reminders(now=late)
    assert len([subject for subject, _url in of(world.phuc) if "18/2026/NĐ-CP" in subject]) == 1
    later = late + timedelta(days=30)
    remind(later)
    deliver_reminders(now=later)
    assert len([subject for subject, _url in of(world.phuc) if "18/2026/NĐ-CP" in subject]) == 2
    # Raised to leaders, each hears of the items in their own scope.
    notices = Notice.objects.exclude(reminder=None).filter(reminder__at=later).select_related("move", "reminder")
    many = numbers(notices)
    heard = {notice.user_id: many[notice.pk].number for notice in notices if notice.pk in many}
    assert heard[world.tuan.pk] == 3
    assert heard[world.minh.pk] == 2


def test_the_list_costs_the_same_for_one_and_for_many(world: World, items: list[ImpactItem]) -> None:
    client, counted = log_in(world.lan), list[Any]()
    more = [factories.impact(world) for _item in range(6)]
    for at, rows in enumerate((more[:2], more[2:4], more[4:])):
        impacts_decide(items=rows, action="confirm", by=world.phuc)
        deliver()
        client.get("/notices/")
        with statements() as asked:
            page = client.get("/notices/").content.decode()
        counted.append(len(asked))
        assert page.count("2 tài liệu") >= at + 1
    assert len(set(counted)) == 1
