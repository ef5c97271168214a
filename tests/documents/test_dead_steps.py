"""A step that names dead law is a doubt for a person to read, and no alarm."""

from __future__ import annotations

from datetime import date

import pytest

from documents.models import DocumentVersion, Regulation
from documents.services.alarm import LAW, condition, doubts
from documents.services.asof import Moment
from tests import factories
from tests.documents.lives import at as instant
from tests.documents.test_cited_parts import DAY, EVE, NEW, OLD, TODAY, YOUNG, citing, dead, relate
from tests.people import World
from tests.workflows.screens import log_in
from workflows import engine


@pytest.fixture
def register(world: World) -> None:
    """The acts, known since long ago; the day of the last one nobody knows."""
    del world
    for number, day in ((OLD, date(2016, 1, 1)), (NEW, date(2016, 1, 1)), ("7/2026/NĐ-CP", None)):
        facts = {"number": number, "effective_on": day}
        engine.start(Regulation(), "import", by=None, now=instant(YOUNG), facts=facts)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("known", [None, EVE])
def test_a_step_that_names_dead_law_is_a_doubt_and_no_alarm(world: World, known: date | None) -> None:
    by_step, other = citing(world, text=f"theo Điều 5 Nghị định {OLD}"), citing(world, text=f"Điều 6 Nghị định {OLD}")
    told = citing(world, text=f"Nghị định {OLD} đã được sửa đổi bởi Nghị định {NEW}")
    by_basis = citing(world)
    relate("replaces" if known is None else "repeals")
    assert dead(by_basis, DAY, known) == [("", DAY, False)]
    for one in (by_step, other, told):
        assert dead(one, DAY, known) == []
        assert [(row.place, row.number) for row in doubts(one.pk, DAY)][:1] == [("step", OLD)]
        assert doubts(one.pk, EVE) == []
    at = Moment(DAY, known, TODAY)
    standing = DocumentVersion.objects.filter(pk__in=[one.pk for one in (by_step, other, told, by_basis)])
    assert list(standing.filter(condition(LAW, at, standing))) == [by_basis]


@pytest.mark.usefixtures("register")
def test_a_step_feels_the_provision_that_it_names(world: World) -> None:
    by_step, other = citing(world, text=f"theo Điều 5 Nghị định {OLD}"), citing(world, text=f"Điều 6 Nghị định {OLD}")
    relate("repeals_part", "Điều 5")
    assert [row.place for row in doubts(by_step.pk, DAY)] == ["step"]
    assert doubts(other.pk, DAY) == doubts(by_step.pk, EVE) == []


def test_the_document_s_page_says_which_step_names_dead_law(world: World) -> None:
    factories.regulation(NEW)
    told = citing(world, text=f"điểm a khoản 2 Điều 5 Nghị định {OLD}, nay theo Nghị định {NEW}")
    by_step = citing(world, text=f"theo điểm a khoản 2 Điều 5 Nghị định {OLD}")
    other = citing(world, text=f"theo Điều 6 Nghị định {OLD}")
    doubt, alarm = (
        "Các bước nhắc đến văn bản đã, hoặc có thể đã, hết hiệu lực",
        "Bản này viện dẫn văn bản đã hết hiệu lực",
    )
    pages = {one: one.document.get_absolute_url() for one in (told, by_step, other)}
    client = log_in(world.son)

    def shown(one: DocumentVersion) -> tuple[bool, bool]:
        page = client.get(pages[one]).content.decode()
        return doubt in page, alarm in page

    assert {shown(one) for one in pages} == {(False, False)}
    relate("repeals_part", "Điều 5")
    assert [shown(one) for one in (told, by_step, other)] == [(True, False), (True, False), (False, False)]
    assert "bước 2 – điểm a khoản 2 Điều 5 <a" in client.get(pages[told]).content.decode()
    assert "bước 2 – điểm a khoản 2 Điều 5 <a" in client.get(pages[by_step]).content.decode()
    listed = client.get("/documents/?state=stale").content.decode()
    for one in (told, by_step, other):
        assert one.document.code not in listed
    law = client.get(factories.regulation(OLD).get_absolute_url()).content.decode()
    assert "Chỉ nhắc đến trong bước thực hiện: 3" in law
    assert f"điểm a khoản 2 Điều 5 {OLD} ← bước 2 của {by_step.document.code}" in law
