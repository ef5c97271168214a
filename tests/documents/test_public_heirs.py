"""A printed copy of an agency that ended says so: since when, who came in its place, and with which document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches

from documents.models import Document, DocumentVersion, Handover, Publication
from tests.documents import published
from tests.documents.test_carriers import heir
from tests.documents.test_public_site import page, read
from tests.people import World
from tests.workflows.mergers import SOON, TODAY, at, decided, merge
from workflows import engine
from workflows.handing import sweep
from workflows.models import Unit, User

__all__ = ["heir"]
DAY = timedelta(days=1)
ENDED = f"Sở Tư pháp tỉnh Sông Vàng đã kết thúc hoạt động từ ngày {SOON:%d/%m/%Y}."


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


def on(day: date, hour: int = 9) -> Any:
    return time_machine.travel(at(day, hour), tick=False)


def publish(agency: Unit, day: date) -> Publication:
    """The agency's publication of what is in force in it on the day."""
    given = {"edition": published.EDITION, "decision_no": "3/QĐ-SM", "decision_on": day, "website": published.SITE}
    fresh = Publication(agency=agency, unit=agency)
    return engine.start(fresh, "adopt", by=None, now=at(day, 10), notified="4/CV", alarms="hidden", **given)


def both(version: DocumentVersion) -> list[str]:
    return [read(page(version, kind)) for kind in ("document", "check")]


def test_a_copy_names_the_heir_and_its_document_once_that_is_published(
    world: World, heir: Unit, version: DocumentVersion
) -> None:
    decided(world, merge("STP", "SM", documents="hand"))
    with on(SOON - DAY):
        assert "Bản in này còn hiệu lực" in read(page(version, "check"))
        assert not any("kết thúc hoạt động" in shown for shown in both(version))
    assert sweep(at(SOON))[1] == []
    went = Document.objects.get(predecessor=version.document)
    with on(SOON):
        for shown in (*both(version), read(page(version, "agency"))):
            assert ENDED in shown
            assert "Cơ quan kế tục: Sở Nội vụ." in shown
            assert str(went.pk) not in shown, "it is not published yet"
        assert "Chưa có tài liệu thay thế nào được công bố" in both(version)[0]
        publish(heir, SOON)
        for shown in both(version):
            assert ENDED in shown
            assert f"/p/SM/{went.pk}/" in shown
            assert 'href="/p/SM/">Sở Nội vụ</a>' in shown
            assert "Được thay bằng" in shown
        assert "Bản in này không còn hiệu lực" in read(page(version, "check"))
        assert f"ended its work on {SOON:%d/%m/%Y}" in read(page(version), lang="en")
    clerk = Publication.objects.standing().get(agency=heir)
    engine.fire(clerk, "revoke", by=None, now=at(SOON + DAY), **published.answers("revoke"))
    with on(SOON + DAY):
        assert not any(str(went.pk) in shown for shown in both(version)), "a page of one that ended is never kept"


def test_what_waits_to_be_taken_over_is_not_called_out_of_force(
    world: World, heir: Unit, version: DocumentVersion
) -> None:
    decided(world, merge("STP", "SM"))
    assert sweep(at(SOON))[1] == []
    with on(SOON):
        shown = read(page(version, "check"))
        assert "không còn được công bố là đang có hiệu lực" in shown
        assert "Bản in này không còn hiệu lực" not in shown
        assert ENDED in shown
    head = User.objects.get(username="truong")
    engine.fire(Handover.objects.get(), "decline", by=head, now=at(SOON, 10), note="Không còn thủ tục")
    with on(SOON, 11):
        assert "Bản in này không còn hiệu lực" in read(page(version, "check"))


def test_two_heirs_are_named_and_who_is_none_is_not(world: World, heir: Unit, version: DocumentVersion) -> None:
    Unit.objects.create(code="SK", name="Sở Khác", kind="department", parent=world.unit("tinh"))
    Unit.objects.create(code="SN", name="Sở Ngoài Cuộc", kind="department", parent=world.unit("tinh"))
    split = {"what": "split", "unit": "STP", "into": ["SM", "SK"]}
    below = [{"what": "move", "unit": code, "parent": "SN"} for code in ("XA1", "XB1")]
    decided(world, split, *below, on=SOON)
    sweep(at(SOON))
    with on(SOON):
        for shown in both(version):
            assert "Sở Nội vụ, Sở Khác." in shown or "Sở Khác, Sở Nội vụ." in shown
            assert "Sở Ngoài Cuộc" not in shown


def test_the_line_of_heirs_is_followed_to_who_stands_today(world: World, heir: Unit, version: DocumentVersion) -> None:
    last = Unit.objects.create(code="SX", name="Sở Sau Cùng", kind="department", parent=world.unit("tinh"))
    decided(world, merge("STP", "SM", documents="hand"), on=TODAY)
    sweep(at(TODAY, 9))
    decided(world, merge("SM", "SX", documents="hand"), number="6/NQ")
    assert sweep(at(SOON))[1] == []
    publish(last, SOON)
    went = Document.objects.get(agency=last)
    with on(SOON):
        for shown in both(version):
            assert "Sở Sau Cùng</a>." in shown
            assert f"/p/SX/{went.pk}/" in shown
            assert "Sở Nội vụ" not in shown
