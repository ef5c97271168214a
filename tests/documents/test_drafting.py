"""Who may draft what, said beforehand exactly as the door would judge it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from documents.models import Document, DocumentKind, DocumentVersion, code_key, open_version
from documents.models.document import SYSTEM_KINDS
from documents.services.drafting import drafting_places, drafting_refusal
from documents.services.opening import document_open
from tests import factories, people
from tests.people import World
from workflows.errors import BadAnswer, NotYourTurn, WorkflowError
from workflows.models import Seat, User
from workflows.roles import Role

EVERY = sorted(DocumentKind.values)
SYSTEM = sorted(SYSTEM_KINDS)


@pytest.mark.parametrize("kind", ["TTHC_PROC", "INSTRUCTION", "SYS_PROC", "POLICY"])
@pytest.mark.parametrize("unit", ["hctp", "bttp", "nx1", "xa"])
def test_the_word_beforehand_is_the_verdict_of_the_door(world: World, unit: str, kind: str) -> None:
    for name in ("lan", "minh", "mai", "hoa", "phuc", "quang", "tuan", "son", "dung", "xuan", "cao", "root"):
        owner = factories.document(world, unit, kind=kind)
        said = drafting_refusal(world.people[name], owner)
        try:
            open_version(owner, by=world.people[name])
        except WorkflowError:
            assert said, (name, unit, kind)
        else:
            assert said == "", (name, unit, kind)


def asked_anew(user: User) -> User:
    """The person as the next request has them: seats are read once for each."""
    return User.objects.get(pk=user.pk)


def test_a_secretary_who_also_drafts_is_judged_by_the_role_that_allows(world: World) -> None:
    owner = factories.document(world)
    assert "Thư ký ISO" in drafting_refusal(world.hoa, owner)
    people.seat(world.hoa, Role.DRAFTER, world.unit("hctp"))
    assert drafting_refusal(asked_anew(world.hoa), owner) == ""
    assert open_version(owner, by=asked_anew(world.hoa)).state == "draft"


@pytest.mark.parametrize(
    ("name", "codes", "kinds"),
    [
        ("lan", ["HCTP"], EVERY),
        ("minh", ["HCTP"], EVERY),
        ("mai", ["BTTP"], EVERY),
        ("phuc", ["STP", "HCTP", "BTTP"], EVERY),
        ("hoa", ["STP", "HCTP", "BTTP"], SYSTEM),
        ("xuan", ["XA1"], EVERY),
        ("quang", [], SYSTEM),
        ("son", [], SYSTEM),
        ("cao", [], SYSTEM),
        ("root", [], SYSTEM),
    ],
)
def test_where_and_which_kinds(world: World, name: str, codes: list[str], kinds: list[str]) -> None:
    places, found = drafting_places(world.people[name])
    assert ([place.code for place in places], found) == (codes, kinds)


def test_a_seat_that_ended_opens_nothing(world: World) -> None:
    owner = factories.document(world)
    Seat.objects.filter(user=world.lan).update(valid_to=timezone.localdate())
    assert drafting_refusal(asked_anew(world.lan), owner)
    assert list(drafting_places(asked_anew(world.lan))[0]) == []
    Seat.objects.filter(user=world.lan).update(valid_to=timezone.localdate() + timedelta(days=1))
    assert drafting_refusal(asked_anew(world.lan), owner) == ""


@pytest.mark.parametrize("code", ["QT 01/CX-HCTP", "qt.01.cx.hctp", "QT01–CX_HCTP", "QT01CXHCTP"])
def test_a_code_is_unique_in_its_agency_in_any_spelling(world: World, code: str) -> None:
    place = world.unit("hctp")
    first = document_open(unit=place, kind="TTHC_PROC", code="QT.01/CX-HCTP", title="Một", by=world.lan)
    for unit, by in ((place, world.lan), (world.unit("bttp"), world.mai)):
        with pytest.raises(BadAnswer) as refused:
            document_open(unit=unit, kind="TTHC_PROC", code=code, title="Hai", by=by)
        assert list(refused.value.problems) == ["code"]
    for name, by in (("nx1", world.dung), ("xa", world.xuan)):
        made = document_open(unit=world.unit(name), kind="TTHC_PROC", code=code, title="Hai", by=by)
        assert made.document.code_key == first.document.code_key
    assert Document.objects.count() == 3


def test_different_codes_stay_different() -> None:
    keys = [code_key(code) for code in ("QT.01", "QT.1", "QT.010", "QT.01A", "QĐ.01", "HD.01")]
    assert keys == ["QT01", "QT1", "QT010", "QT01A", "QD01", "HD01"]


def test_identity_and_first_draft_or_neither(world: World) -> None:
    place = world.unit("hctp")
    draft = document_open(
        unit=place, kind="TTHC_PROC", code="QT.1", title="Cấp bản sao", field="Hộ tịch", note="Mới", by=world.minh
    )
    owner = draft.document
    assert (owner.agency, owner.unit, owner.kind, owner.field) == (world.unit("stp"), place, "TTHC_PROC", "Hộ tịch")
    assert (draft.number, draft.change_note, draft.created_by, draft.unit) == ("01/00", "Mới", world.minh, place)
    for by, kind, error in ((world.mai, "TTHC_PROC", NotYourTurn), (world.hoa, "TTHC_PROC", WorkflowError)):
        with pytest.raises(error):
            document_open(unit=place, kind=kind, code="QT.2", title="Hai", by=by)
    with pytest.raises(NotYourTurn):  # whoever may not draft there learns no code
        document_open(unit=place, kind="TTHC_PROC", code="QT.1", title="Hai", by=world.mai)
    assert (Document.objects.count(), DocumentVersion.objects.count()) == (1, 1)
    agency_wide = document_open(unit=world.unit("stp"), kind="POLICY", code="CS", title="Chính sách", by=world.hoa)
    assert agency_wide.document.agency == world.unit("stp")
