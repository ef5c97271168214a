"""A citation of an act that nobody had registered is given the act once it is: reached, and alarmed, from then on."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.models import Citation, DocumentVersion, Regulation, RegulationRelation
from documents.services.alarm import dead_citations, doubts
from documents.services.asof import Moment
from documents.services.touching import regulation_touches
from tests import factories
from tests.documents.test_cited_parts import step
from tests.documents.test_imports import PROCEDURE, shelved
from tests.people import World
from tests.workflows.screens import statements
from workflows import engine

TODAY = timezone.localdate()
LATE, OTHER, HEIR = "08/2021/TT-BTP", "9/2021/TT-BTP", "18/2026/NĐ-CP"


def naming(world: World, *texts: str) -> DocumentVersion:
    """A procedure in force whose steps say this."""
    return factories.in_force(world, steps=[step(f"s{at}", text) for at, text in enumerate(texts)])


def linked(version: DocumentVersion) -> list[tuple[str, str | None]]:
    rows = Citation.objects.filter(version=version, place="step").order_by("position", "mention")
    return list(rows.values_list("number", "regulation__number"))


def register(number: str, **facts: Any) -> Regulation:
    return engine.start(
        Regulation(), "import", by=None, facts={"number": number, "effective_on": date(2021, 1, 1), **facts}
    )


def test_what_is_registered_later_is_linked_reached_and_alarmed(world: World) -> None:
    late = naming(world, f"Theo Thông tư {LATE}", f"Điều 3 Thông tư 8/2021/tt-btp và {OTHER}")
    apart = naming(world, f"Theo Thông tư {OTHER}, mẫu 08 năm 2021")
    assert linked(late) == [(LATE, None), ("8/2021/tt-btp", None), (OTHER, None)]
    facts = {"number": "8/2021/TT-BTP", "effective_on": date(2021, 1, 1)}
    act = engine.start(Regulation(), "register", by=world.phuc, facts=facts)
    assert linked(late) == [(LATE, act.number), ("8/2021/tt-btp", act.number), (OTHER, None)]
    assert linked(apart) == [(OTHER, None)]
    heir = factories.regulation(HEIR)
    RegulationRelation.objects.create(source=heir, kind="replaces", target=act, effective_on=TODAY)
    touched = regulation_touches(heir, on=TODAY, agency=world.unit("stp"))
    assert [one.version.pk for one in touched] == [late.pk]
    assert [(one.position, one.regulation) for one in doubts(late.pk, TODAY)] == [(0, act), (1, act)]
    assert doubts(apart.pk, TODAY) == doubts(late.pk, TODAY - timedelta(days=1)) == []


def test_a_legal_basis_that_is_registered_later_alarms(world: World) -> None:
    late = factories.in_force(world, legal_basis=[{"key": "b1", "number": LATE, "issuer": "", "note": ""}])
    assert dead_citations([late.pk], Moment.now(TODAY)) == []
    act = register(LATE)
    heir = factories.regulation(HEIR)
    RegulationRelation.objects.create(source=heir, kind="replaces", target=act, effective_on=TODAY)
    (found,) = dead_citations([late.pk], Moment.now(TODAY))
    assert (found.citation.position, found.act, found.since) == (0, act, TODAY)
    assert dead_citations([late.pk], Moment.now(TODAY - timedelta(days=1))) == []


def test_a_number_that_was_corrected_is_linked_as_well(world: World) -> None:
    late = naming(world, f"Theo Thông tư {LATE}")
    act = register("80/2021/TT-BTP")
    assert linked(late) == [(LATE, None)]
    engine.fire(act, "correct", by=None, facts={"number": LATE})
    assert linked(late) == [(LATE, LATE)]
    engine.fire(act, "correct", by=None, facts={"number": "81/2021/TT-BTP"})
    assert linked(late) == [(LATE, "81/2021/TT-BTP")], "what was linked once is not taken back by the register"


def test_a_number_that_several_acts_share_is_nobody_s(world: World) -> None:
    for issuer in ("UBND tỉnh Bắc Ninh", "UBND tỉnh Bắc Giang"):
        register("24/2024/QĐ-UBND", issuer=issuer)
    shared = naming(world, "Theo Quyết định 24/2024/QĐ-UBND")
    register("24/2024/QĐ-UBND", issuer="UBND tỉnh Lào Cai")
    assert linked(shared) == [("24/2024/QĐ-UBND", None)]


def test_a_local_number_is_linked_to_the_act_of_the_citing_agency_s_place(world: World) -> None:
    late = naming(world, "Theo Quyết định 24/2024/QĐ-UBND và 5/2024/NQ-HĐND")
    for number, place in (
        ("24/2024/QĐ-UBND", "Núi Xanh"),
        ("24/2024/QĐ-UBND", "Sông Vàng"),
        ("5/2024/NQ-HĐND", "Vàng"),
    ):
        register(number, issuer=f"{'UBND' if 'UBND' in number else 'HĐND'} tỉnh {place}")
    assert linked(late) == [("24/2024/QĐ-UBND", "24/2024/QĐ-UBND"), ("5/2024/NQ-HĐND", None)]
    issuers = Citation.objects.filter(version=late, place="step").order_by("mention")
    assert list(issuers.values_list("regulation__issuer", flat=True)) == ["UBND tỉnh Sông Vàng", None]


def test_nothing_else_of_a_frozen_citation_changes(world: World) -> None:
    late = naming(world, f"Theo Thông tư {LATE} và {OTHER}")
    act, other = register(LATE), register("7/2020/TT-BTP")
    mine, open_one = Citation.objects.filter(version=late, place="step").order_by("mention")
    refused: list[tuple[Citation, dict[str, Any]]] = [
        (mine, {"regulation": other}),
        (mine, {"regulation": None}),
        (mine, {"number": "x"}),
        (open_one, {"number": "x"}),
        (open_one, {"regulation": other, "number": "x"}),
        (open_one, {"regulation": other, "provisions": "|5|"}),
        (open_one, {"regulation": other, "version": naming(world, "Tiếp nhận").pk}),
    ]
    for row, change in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            Citation.objects.filter(pk=row.pk).update(**change)
    assert linked(late) == [(LATE, act.number), (OTHER, None)]


def test_the_registration_costs_one_statement_where_nothing_waits(world: World) -> None:
    naming(world, f"Theo Thông tư {OTHER}")
    with statements() as asked:
        register(LATE)
    assert len([one for one in asked if "documents_citation" in one and one.startswith("SELECT")]) <= 2
    assert not [one for one in asked if one.startswith('UPDATE "documents_citation"')]


def test_an_import_enters_no_act_that_only_a_step_names_and_links_it_later(world: World, tmp_path: Path) -> None:
    steps = [f"Tiếp nhận theo Thông tư {LATE}", "Trả kết quả theo Luật Hộ tịch năm 2014", f"Lưu theo {LATE}"]
    shelved(world, tmp_path, PROCEDURE | {"steps": steps})
    version = DocumentVersion.objects.get()
    assert not Regulation.objects.by_number(LATE).exists()
    act = register(LATE)
    assert linked(version) == [(LATE, act.number), (LATE, act.number)]
