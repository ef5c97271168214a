"""What one act does to another: entered by those who watch the law, and seen in the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Regulation, RegulationRelation, Validity
from documents.models.citation import lost_parts
from documents.services.lawthen import acts_known
from documents.services.relations import relation_add
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import BadAnswer, NotYourTurn, Stale, WorkflowError
from workflows.models import Move

HEIR = "07/2025/NĐ-CP"
DAY = date(2025, 1, 9)


@pytest.fixture
def heir(world: World) -> Regulation:
    del world
    factories.regulation()
    return factories.regulation(HEIR, effective_on=DAY, title="Nghị định sửa đổi")


def test_a_replacement_ends_its_target_from_its_day_on(world: World, heir: Regulation) -> None:
    made = relation_add(source=heir, kind="replaces", number="123/2015/nđ-cp", by=world.phuc, effective_on=DAY)
    assert (made.target.number, made.effective_on) == (factories.LAW, DAY)
    assert made.target.validity(date(2025, 1, 8)) == Validity.IN_FORCE
    assert made.target.validity(DAY) == Validity.EXPIRED


def test_without_a_day_it_counts_from_the_acting_documents_own(world: World, heir: Regulation) -> None:
    made = relation_add(source=heir, kind="replaces", number=factories.LAW, by=world.hoa)
    assert made.effective_on is None
    assert made.target.validity(DAY) == Validity.EXPIRED


def test_who_entered_it_stands_in_the_ledger(world: World, heir: Regulation) -> None:
    relation_add(source=heir, kind="amends", number=factories.LAW, by=world.phuc, effective_on=DAY)
    row = Move.objects.filter(stream=heir.pk).latest("seq")
    assert (row.action, row.actor, row.role) == ("correct", world.phuc, "legal_watch")
    assert row.note == "Quan hệ: sửa đổi 123/2015/NĐ-CP từ 09/01/2025"
    heir.refresh_from_db()
    assert (heir.title, heir.effective_on) == ("Nghị định sửa đổi", DAY)


@pytest.mark.parametrize(
    ("number", "field", "sentence"),
    [
        ("123/2051/NĐ-CP", "number", "có phải 123/2015/NĐ-CP?"),
        ("999/1999/QĐ-XYZ", "number", "hãy đăng ký văn bản đó trước"),
        (HEIR, "number", "chính nó"),
    ],
)
def test_a_target_that_will_not_do_is_refused(
    world: World, heir: Regulation, number: str, field: str, sentence: str
) -> None:
    with pytest.raises(BadAnswer) as refused:
        relation_add(source=heir, kind="amends", number=number, by=world.phuc)
    assert isinstance(refused.value.problems, dict)
    assert sentence in refused.value.problems[field]
    assert not RegulationRelation.objects.exists()
    assert Move.objects.filter(stream=heir.pk).count() == 1


def test_a_number_of_several_issuers_asks_for_the_issuer(world: World, heir: Regulation) -> None:
    for issuer in ("HĐND tỉnh A", "HĐND tỉnh B"):
        engine.start(Regulation(), "import", by=None, facts={"number": "04/2024/NQ-HĐND", "issuer": issuer})
    with pytest.raises(BadAnswer) as refused:
        relation_add(source=heir, kind="repeals", number="04/2024/NQ-HĐND", by=world.phuc)
    assert "issuer" in refused.value.problems
    made = relation_add(
        source=heir, kind="repeals", number="04/2024/NQ-HĐND", issuer="Hội đồng nhân dân tỉnh B", by=world.phuc
    )
    assert made.target.issuer == "HĐND tỉnh B"


def test_it_is_written_once_and_only_by_the_keepers_of_the_register(world: World, heir: Regulation) -> None:
    with pytest.raises(NotYourTurn):
        relation_add(source=heir, kind="amends", number=factories.LAW, by=world.lan)
    with pytest.raises(BadAnswer):
        relation_add(source=heir, kind="loves", number=factories.LAW, by=world.phuc)
    with pytest.raises(Stale):
        relation_add(source=heir, kind="amends", number=factories.LAW, by=world.phuc, expected=7)
    relation_add(source=heir, kind="amends", number=factories.LAW, by=world.phuc)
    moves = Move.objects.filter(stream=heir.pk).count()
    with pytest.raises(WorkflowError) as refused:
        relation_add(source=heir, kind="amends", number=factories.LAW, by=world.phuc)
    assert "đã có" in str(refused.value.problems)
    assert (RegulationRelation.objects.count(), Move.objects.filter(stream=heir.pk).count()) == (1, moves)


def test_a_day_that_was_wrong_is_mended_and_what_was_known_stays(world: World, heir: Regulation) -> None:
    start, later = timezone.now(), date(2027, 1, 9)
    first: dict[str, Any] = {
        "source": heir,
        "kind": "replaces",
        "number": factories.LAW,
        "by": world.phuc,
        "effective_on": DAY,
    }
    made = relation_add(**first, now=start)
    mended = relation_add(**first | {"effective_on": later}, now=start + timedelta(hours=2))
    assert (mended.pk, mended.recorded_at, RegulationRelation.objects.count()) == (made.pk, made.recorded_at, 1)
    assert made.target.validity(date(2026, 1, 1)) == Validity.IN_FORCE
    assert made.target.validity(later) == Validity.EXPIRED
    acts = Regulation.objects.filter(pk=made.target_id)
    for hours, said in ((1, "expired"), (3, "in_force")):
        (then,) = acts_known(acts, date(2026, 1, 1), start + timedelta(hours=hours)).values()
        assert then.validity_on == said, hours  # type: ignore[attr-defined]
    notes = Move.objects.filter(stream=heir.pk, action="correct").order_by("seq").values_list("note", flat=True)
    assert [note[-10:] for note in notes] == ["09/01/2025", "09/01/2027"]
    with pytest.raises(BadAnswer):
        relation_add(**first | {"effective_on": later})


def test_another_article_may_be_repealed_from_another_day(world: World, heir: Regulation) -> None:
    rows = (("Điều 5", date(2026, 1, 1)), ("Điều 7", date(2026, 6, 1)))
    for part, day in rows:
        relation_add(
            source=heir, kind="repeals_part", number=factories.LAW, by=world.phuc, provisions=part, effective_on=day
        )
    act = Regulation.objects.get(number=factories.LAW)
    for day, parts in ((date(2025, 12, 31), []), (date(2026, 5, 31), ["5"]), (date(2026, 6, 1), ["5", "7"])):
        assert sorted(one.part for one in lost_parts([act.pk], day).get(act.pk, [])) == parts
