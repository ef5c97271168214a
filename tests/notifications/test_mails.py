"""Letters: one each, each on its own, tried again with growing waits, and never twice."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from notifications import mails
from notifications.deliver import deliver
from notifications.mails import ATTEMPTS, WAITS, send_mails
from notifications.models import Notice
from tests import factories
from tests.people import World
from workflows import engine
from workflows.models import User

NOTE = 'Đồng ý & chuyển <nhanh> "hôm nay"'


@pytest.fixture
def due(world: World) -> list[Notice]:
    """Three letters: of the submission to Minh, of the agreement to Hoa and to Lan."""
    for name in ("lan", "minh", "hoa"):
        User.objects.filter(username=name).update(email=f"{name}@example.vn")
    factories.version(world, "iso_check")
    deliver(now=timezone.now() - timedelta(seconds=1))
    return list(Notice.objects.order_by("pk"))


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception, *names: str) -> None:
    """Let letters to these people fail."""
    real = EmailMessage.send

    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        if any(to.startswith(name) for to in self.to for name in names):
            raise error
        return real(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send)


def test_each_person_gets_a_letter_of_their_own_once(due: list[Notice]) -> None:
    assert send_mails() == 3
    assert send_mails() == 0
    assert [letter.to for letter in mail.outbox] == [[f"{name}@example.vn"] for name in ("minh", "lan", "hoa")]
    names = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert names == [f"<notice-{notice.move_id}-{notice.user_id}@khung>" for notice in due]
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_a_letter_names_record_actor_and_page_in_plain_text(world: World, settings: pytest.FixtureRequest) -> None:
    settings.SITE_URL = "https://khung.example.vn"  # type: ignore[attr-defined]
    User.objects.filter(pk=world.hoa.pk).update(email="hoa@example.vn")
    version = factories.version(world, "unit_review")
    deliver()
    version = engine.fire(version, "agree", by=world.minh, note=NOTE)
    deliver()
    send_mails()
    (letter,) = mail.outbox
    assert "\n" not in letter.subject
    assert str(version) in letter.subject
    assert f"https://khung.example.vn{version.get_absolute_url()}" in letter.body
    assert NOTE in letter.body
    assert "Minh (Trưởng đơn vị)" in letter.body
    assert "\n\n\n" not in letter.body


def test_one_bad_address_blocks_nobody_and_waits_longer_each_time(
    due: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, SMTPRecipientsRefused({"minh@example.vn": (550, b"no such user")}), "minh")
    now = timezone.now()
    assert send_mails(now) == 2
    bad = due[0]
    for tried, wait in enumerate(WAITS, start=1):
        bad.refresh_from_db()
        assert (bad.mail_attempts, bad.mail_next_at, bad.mailed_at) == (tried, now + wait, None)
        assert "no such user" in bad.mail_error
        assert send_mails(now + wait - timedelta(seconds=1)) == 0
        now += wait
        send_mails(now)
    bad.refresh_from_db()
    assert (bad.mail_attempts, bad.mail_next_at) == (ATTEMPTS, None) == (10, None)
    assert [wait.total_seconds() / 60 for wait in WAITS[:4]] == [1, 5, 15, 60]


def test_a_letter_goes_when_the_server_takes_it_again(due: list[Notice], monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, SMTPRecipientsRefused({}), "minh")
    now = timezone.now()
    send_mails(now)
    monkeypatch.undo()
    assert send_mails(now + WAITS[0]) == 1
    due[0].refresh_from_db()
    assert due[0].mailed_at is not None
    assert due[0].mail_error == ""


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), SMTPServerDisconnected()])
def test_a_server_that_is_away_is_asked_once_a_sweep(
    due: list[Notice], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    refuse(monkeypatch, error, "minh", "lan", "hoa")
    now = timezone.now()
    assert send_mails(now) == 0
    assert Notice.objects.filter(mail_attempts=1).count() == 1
    assert Notice.objects.mail_due(now).count() == 2


def test_a_letter_that_another_process_has_claimed_is_left_alone(
    due: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    assert mails._claimed(due[0], now)
    assert not mails._claimed(due[0], now)


def test_people_without_an_address_or_gone_get_no_letter(world: World, due: list[Notice]) -> None:
    User.objects.filter(pk=world.lan.pk).update(email="")
    User.objects.filter(pk=world.minh.pk).update(is_active=False)
    assert send_mails() == 1
    assert [letter.to for letter in mail.outbox] == [["hoa@example.vn"]]
    assert not Notice.objects.mail_due(timezone.now() + timedelta(days=9)).exists()


def test_no_address_at_the_time_means_no_letter_later(world: World) -> None:
    factories.version(world, "unit_review")
    deliver()
    User.objects.filter(pk=world.minh.pk).update(email="minh@example.vn")
    assert send_mails() == 0
    assert Notice.objects.get().mail_next_at is None


def test_no_more_than_the_limit_is_sent(due: list[Notice]) -> None:
    assert send_mails(limit=2) == 2
    assert send_mails(limit=2) == 1
