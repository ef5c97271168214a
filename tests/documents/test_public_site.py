"""The public site: what it shows and hides, kept without a query, and never beyond the day or the change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from time import sleep
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.models import AnnouncedChange, DocumentVersion, Publication
from documents.services import keeping, public, qr
from tests import factories
from tests.documents import published
from tests.people import World
from tests.workflows.screens import log_in, statements
from workflows import engine

Commit = Callable[..., AbstractContextManager[list[Any]]]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    caches["public"].clear()
    yield
    caches["public"].clear()


@pytest.fixture
def version(world: World) -> DocumentVersion:
    """A document of the first department, published."""
    found = published.fit(world)
    published.publication(world)
    return found


def page(version: DocumentVersion, kind: str = "document", code: str = "STP") -> str:
    of = {"document": [version.document_id], "check": [version.pk], "agency": [], "scope": [], "sitemap": []}
    return reverse(f"documents:public_{kind}", args=[code, *of[kind]])


def read(url: str, status: int = 200, **query: str) -> str:
    answer = Client().get(url, query)
    assert answer.status_code == status, (url, answer.status_code)
    return " ".join(answer.content.decode().split())


def test_what_is_kept_costs_no_query(version: DocumentVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "STAMP_SECONDS", 60)  # Redis keeps its own time, and a busy machine is slower
    for kind in ("document", "check", "agency", "scope", "sitemap"):
        with time_machine.travel(timezone.now(), tick=False):
            first = read(page(version, kind))
            with statements() as asked:
                assert read(page(version, kind)) == first
        assert asked == [], kind


def test_addresses_that_anybody_can_make_up_are_not_kept(
    version: DocumentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(page(version))  # the stamp is remembered
    written: list[str] = []
    monkeypatch.setattr(type(caches["public"]), "set", lambda _self, key, *_args, **_kwargs: written.append(key))
    with time_machine.travel(timezone.now(), tick=False):
        for url in (f"/p/STP/{uuid4()}/", f"/p/STP/check/{uuid4()}/", f"/p/STP/check/{uuid4()}/qr.svg", "/p/NO/"):
            read(url, 404)
        for kind in ("agency", "scope"):
            read(page(version, kind), page="7")
        assert [key for key in written if key != "stamp:STP"] == []
        read(page(version, "agency"), page="1")
        assert len([key for key in written if key != "stamp:STP"]) == 1


def test_a_page_number_makes_no_other_page_of_a_document(version: DocumentVersion) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for kind in ("document", "check", "sitemap"):
            first = read(page(version, kind))
            with statements() as asked:
                assert read(page(version, kind), page="2") == first
            assert asked == [], kind


def test_what_is_not_kept_costs_the_same_for_one_as_for_many(world: World, version: DocumentVersion) -> None:
    costs = []
    for _more in (0, 5):
        for _row in range(_more):
            published.announce(world, factories.in_force(world).document.code)
        if _more:
            published.publication(world)
        caches["public"].clear()
        with statements() as asked:
            read(page(version, "agency"))
        costs.append(len(asked))
    assert costs == [6, 6]


def test_the_declaration_and_what_it_covers(world: World, version: DocumentVersion) -> None:
    factories.version(world, "draft")
    later = factories.in_force(world)
    shown = read(page(version, "agency"))
    for said in ("01/QĐ-STP", published.EDITION, version.document.title, "1 tài liệu, 1 thủ tục hành chính"):
        assert said in shown
    assert later.document.title not in shown
    assert version.document.code in read(page(version, "scope"))
    read(page(later), 404)


def test_only_what_was_published_exists(world: World, version: DocumentVersion) -> None:
    foreign = factories.in_force(world, "nx1")
    for url in (
        "/p/NX/",
        "/p/SV/",
        "/p/khong-co/",
        page(foreign, code="NX"),
        page(version, code="NX"),
        page(foreign, code="STP"),
        page(foreign, "check", code="STP"),
        page(factories.version(world, "draft"), "check"),
    ):
        assert "Không tìm thấy" in read(url, 404)


def test_an_answer_is_nobody_s_own(world: World, version: DocumentVersion) -> None:
    client = log_in(world.lan)
    with time_machine.travel(timezone.now(), tick=False):
        read(page(version))
        with statements() as asked:
            answer = client.get(page(version))
    assert asked == []
    assert (answer.cookies, "Vary" in answer) == ({}, False)
    assert answer["Cache-Control"] == "public, no-cache"
    assert client.head(page(version)).content == b""
    assert Client().post(page(version)).status_code == 405


def test_a_reader_who_has_it_is_told_so(version: DocumentVersion) -> None:
    tag = Client().get(page(version))["ETag"]
    again = Client().get(page(version), headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


def test_english_by_the_address(version: DocumentVersion) -> None:
    vietnamese, english = read(page(version)), Client().get(page(version), {"lang": "en"})
    assert english["Content-Language"] == "en"
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="vi">' in vietnamese
    client = Client()
    client.cookies["django_language"] = "en"
    assert '<html lang="vi">' in client.get(page(version)).content.decode()
    assert f'canonical" href="http://testserver{page(version)}"' in " ".join(english.content.decode().split())


def test_search_within_the_scope(world: World, version: DocumentVersion) -> None:
    other = factories.in_force(world)
    shown = read(page(version, "agency"), q=version.document.code)
    assert version.document.title in shown
    assert 'name="robots" content="noindex"' in shown
    assert version.document.title in read(page(version, "agency"), q=factories.LAW)
    nothing = read(page(version, "agency"), q="khong co gi")
    assert version.document.title not in nothing
    assert other.document.title not in nothing + shown
    assert "<script>" not in read(page(version, "agency"), q="<script>")


def test_for_search_engines(version: DocumentVersion) -> None:
    shown = read(page(version))
    assert re.search(r'<meta name="description" content="[^"]+">', shown)
    assert "<script" not in shown
    assert page(version) in read(page(version, "sitemap"))
    assert page(version, "sitemap") in read("/p/sitemap.xml")
    assert "Disallow: /\n" in Client().get("/robots.txt").content.decode()
    assert page(version, "agency") in read("/p/")


# --- Never beyond the change.


def test_publishing_shows_at_once(world: World, django_capture_on_commit_callbacks: Commit) -> None:
    version = published.fit(world)
    read(page(version), 404)
    with django_capture_on_commit_callbacks(execute=True):
        published.publication(world)
    # An agency of which nothing was known is asked for anew within a second.
    with time_machine.travel(timezone.now() + timedelta(seconds=1.5)):
        assert "Đang có hiệu lực" in read(page(version))


def test_a_withdrawn_document_is_gone_with_the_commit(
    world: World, version: DocumentVersion, django_capture_on_commit_callbacks: Commit
) -> None:
    assert "Đang có hiệu lực" in read(page(version))
    assert version.document.title in read(page(version, "agency"))
    with django_capture_on_commit_callbacks(execute=True):
        engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    shown = read(page(version))
    assert "Không còn hiệu lực" in shown
    assert "99/QĐ-STP" in shown
    assert version.content["purpose"] not in shown
    assert version.document.title not in read(page(version, "agency"))
    assert page(version) not in read(page(version, "sitemap"))
    assert "Bản in này không còn hiệu lực" in read(page(version, "check"))


def test_what_another_process_commits_is_seen_within_two_seconds(world: World, version: DocumentVersion) -> None:
    """Its memory is not ours, so nothing is dropped here: the remembered stamp runs out by itself."""
    assert "Đang có hiệu lực" in read(page(version))
    engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    sleep(keeping.STAMP_SECONDS + 0.2)  # truly: Redis keeps its own time
    assert "Không còn hiệu lực" in read(page(version))


def test_a_page_made_while_the_document_is_withdrawn_is_not_kept_for_the_next(
    world: World,
    version: DocumentVersion,
    django_capture_on_commit_callbacks: Commit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = public.document_of

    def slow(*asked: Any) -> Any:
        shown = found(*asked)
        monkeypatch.setattr(public, "document_of", found)
        with django_capture_on_commit_callbacks(execute=True):
            engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
        return shown

    monkeypatch.setattr(public, "document_of", slow)
    assert "Đang có hiệu lực" in read(page(version))
    assert "Không còn hiệu lực" in read(page(version))


def test_a_version_steps_down_at_midnight_though_the_clock_is_late(world: World, version: DocumentVersion) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft = factories.version(world, "approved", owner=version.document, purpose="Mục đích của bản mới.")
    engine.fire(draft, "issue", by=world.van, decision_on=timezone.localdate(), effective_from=tomorrow)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=HANOI)
    caches["public"].clear()
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        assert version.content["purpose"] in read(page(version))
        assert "Bản in này còn hiệu lực" in read(page(version, "check"))
        assert f"{tomorrow:%d/%m/%Y}" in read(page(draft, "check"))
    with time_machine.travel(midnight, tick=False):
        shown = read(page(version))
        assert "Mục đích của bản mới." in shown
        assert version.content["purpose"] not in shown
        old = read(page(version, "check"))
        assert "Bản in này không còn hiệu lực" in old
        assert "bản 01/01" in old


def test_what_replaced_a_procedure_is_named(world: World, version: DocumentVersion) -> None:
    heir = factories.in_force(world)
    code = heir.document.code
    published.announce(world, code, change=AnnouncedChange.REPLACED, replaces=version.document.code)
    published.publication(world)
    engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    caches["public"].clear()
    shown = read(page(version))
    assert "Được thay bằng" in shown
    assert page(heir) in shown


def test_a_revoked_publication_shows_nothing_as_in_force(
    world: World, version: DocumentVersion, django_capture_on_commit_callbacks: Commit
) -> None:
    read(page(version))
    found = Publication.objects.standing().get()
    with django_capture_on_commit_callbacks(execute=True):
        engine.fire(found, "revoke", by=world.tuan, **published.answers("revoke"))
    assert "không có bản công bố nào đang có giá trị" in read(page(version, "agency"))
    assert "Không còn hiệu lực" in read(page(version))
    assert page(version) not in read(page(version, "sitemap"))


def test_dead_law_is_marked_where_the_agency_chose_so(
    world: World, version: DocumentVersion, django_capture_on_commit_callbacks: Commit
) -> None:
    act = factories.regulation()
    facts = {"number": act.number, "effective_on": date(2016, 1, 1), "expired_on": date(2026, 2, 1)}
    with django_capture_on_commit_callbacks(execute=True):
        engine.fire(act, "correct", by=None, facts=facts)
    assert "viện dẫn văn bản hết hiệu lực" not in read(page(version)).casefold()
    found = Publication.objects.standing().get()
    with django_capture_on_commit_callbacks(execute=True):
        engine.fire(found, "show", by=world.hoa, alarms="shown")
    shown = read(page(version))
    assert '<p class="state bad">' in shown
    assert factories.LAW in shown


# --- The drawing of the QR.


def test_the_drawing_leads_to_the_check(version: DocumentVersion) -> None:
    address = page(version, "check")
    shown = read(page(version))
    assert f'{address}qr.svg" alt=' in shown
    assert address in shown.replace(f"{address}qr.svg", "")
    answer = Client().get(f"{address}qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.decode() == qr.drawing(f"http://testserver{address}")
    assert answer.content != qr.drawing(f"http://testserver{page(version)}").encode()
    assert "<script" not in answer.content.decode()
