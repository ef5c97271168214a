"""A person's notices: their own, all of them, and nobody else's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from documents.models import DocumentVersion
from notifications.deliver import deliver
from notifications.models import Notice
from tests import factories
from tests.people import World
from workflows.models import User


@pytest.fixture
def minh(world: World) -> Client:
    """Minh, logged in, with one unread notice."""
    factories.version(world, "unit_review")
    deliver()
    return logged_in(world.minh)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_list_says_each_notice_and_links_to_its_record(world: World, minh: Client) -> None:
    version = DocumentVersion.objects.get()
    page = minh.get(reverse("notices:list")).content.decode()
    assert f"Chờ bạn kiểm tra: {version}" in page
    assert f'href="{version.get_absolute_url()}"' in page
    assert "Chờ bạn kiểm tra" not in logged_in(world.hung).get(reverse("notices:list")).content.decode()


@pytest.mark.parametrize("name", ["list", "dropdown"])
def test_what_is_shown_is_escaped(world: World, name: str) -> None:
    owner = factories.document(world, title="<script>alert(1)</script>")
    factories.version(world, "unit_review", owner=owner)
    deliver()
    page = logged_in(world.minh).get(reverse(f"notices:{name}")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_another_persons_notice_does_not_exist(world: World, minh: Client) -> None:
    notice = Notice.objects.get()
    answer = logged_in(world.hung).post(reverse("notices:read", args=[notice.pk]))
    assert answer.status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_one_lowers_the_count(minh: Client) -> None:
    notice = Notice.objects.get()
    after = {"after": str(notice.pk - 1)}
    assert minh.get(reverse("notices:newer"), after).json() == {"unread": 1, "last": notice.pk, "newer": True}
    assert minh.post(reverse("notices:read", args=[notice.pk])).status_code == 302
    after = {"after": str(notice.pk)}
    assert minh.get(reverse("notices:newer"), after).json() == {"unread": 0, "last": notice.pk, "newer": False}
    assert "Bạn đã đọc hết" in minh.get(reverse("notices:list"), {"unread": "1"}).content.decode()


def test_the_first_time_of_reading_stays(minh: Client) -> None:
    read = reverse("notices:read", args=[Notice.objects.get().pk])
    minh.post(read)
    first = Notice.objects.get().read_at
    minh.post(read)
    assert Notice.objects.get().read_at == first


def test_reading_all_spares_what_came_after_the_page_was_shown(world: World, minh: Client) -> None:
    shown = Notice.objects.of(world.minh).latest("pk").pk
    factories.version(world, "unit_review")
    deliver()
    minh.post(reverse("notices:read_all"), {"upto": str(shown)})
    assert Notice.objects.of(world.minh).unread().count() == 1
    minh.post(reverse("notices:read_all"))
    assert Notice.objects.of(world.minh).unread().count() == 0


def test_reading_all_touches_no_other_person(world: World, minh: Client) -> None:
    factories.version(world, "iso_check")
    deliver()
    minh.post(reverse("notices:read_all"))
    assert Notice.objects.of(world.hoa).unread().count() == 1


@pytest.mark.parametrize("name", ["read_all", "read"])
def test_a_visit_changes_nothing(minh: Client, name: str) -> None:
    args = [Notice.objects.get().pk] if name == "read" else []
    assert minh.get(reverse(f"notices:{name}", args=args)).status_code == 405
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("name", ["list", "dropdown", "newer"])
def test_nobody_reads_without_a_log_in(db: None, name: str) -> None:
    assert Client().get(reverse(f"notices:{name}")).status_code == 302


@pytest.mark.parametrize("after", ["x", "-1", "²", "٣", "9" * 400, "9" * 5000])
def test_a_strange_number_is_no_error(minh: Client, after: str) -> None:
    assert minh.get(reverse("notices:newer"), {"after": after}).status_code == 200
    assert minh.post(reverse("notices:read_all"), {"upto": after}).status_code == 302


def test_more_notices_cost_no_more_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, minh: Client
) -> None:
    minh.get(reverse("notices:dropdown"))
    with CaptureQueriesContext(connection) as few:
        minh.get(reverse("notices:dropdown"))
    for _ in range(3):
        factories.version(world, "unit_review")
    deliver()
    with django_assert_num_queries(len(few)):
        minh.get(reverse("notices:dropdown"))
