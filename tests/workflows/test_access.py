"""Getting at one row: read, refused with the reason, or not there at all."""

from __future__ import annotations

import uuid

import pytest

from documents.models import DocumentVersion
from tests import factories
from tests.people import World
from workflows import registry
from workflows.access import fetch, may_start, reach
from workflows.errors import NotReadable, NotVisible
from workflows.models import Unit


def test_a_row_is_read_refused_or_absent(world: World) -> None:
    draft = factories.version(world)
    assert fetch(DocumentVersion, world.lan, draft.pk) == draft
    for name in ("son", "mai", "admin", "cao"):
        with pytest.raises(NotReadable) as refused:
            fetch(DocumentVersion, world.people[name], draft.pk)
        assert refused.value.status == 403
    for name in ("dung", "xuan", "root", "nghi"):
        with pytest.raises(NotVisible) as absent:
            fetch(DocumentVersion, world.people[name], draft.pk)
        assert absent.value.status == 404
    with pytest.raises(NotVisible):
        fetch(DocumentVersion, world.lan, uuid.uuid4())


def test_the_rows_looked_in_are_those_given(world: World) -> None:
    draft = factories.version(world)
    among = DocumentVersion.objects.filter(state="effective")
    with pytest.raises(NotVisible):
        fetch(DocumentVersion, world.lan, draft.pk, among=among)
    assert fetch(DocumentVersion, world.lan, draft.pk, among=DocumentVersion.objects.all()) == draft


def test_a_kind_without_a_wall_of_its_own_is_seen_or_absent(world: World) -> None:
    foreign = world.unit("nx")
    assert fetch(Unit, world.dung, foreign.pk) == foreign
    with pytest.raises(NotVisible):
        fetch(Unit, world.lan, foreign.pk)


def test_to_act_on_a_row_within_the_wall_is_enough(world: World) -> None:
    draft = factories.version(world)
    for name in ("lan", "son", "mai", "cao"):
        assert reach(DocumentVersion, world.people[name], draft.pk) == draft
    for name in ("dung", "xuan", "root", "nghi"):
        with pytest.raises(NotVisible):
            reach(DocumentVersion, world.people[name], draft.pk)
    with pytest.raises(NotVisible):
        reach(DocumentVersion, world.lan, uuid.uuid4())


def test_who_may_begin_a_record_in_a_place(world: World) -> None:
    stp, hctp, bttp = (world.unit(name).pk for name in ("stp", "hctp", "bttp"))
    machine = registry.machine("version")
    here = {name for name, user in world.people.items() if may_start(machine, "create", user, stp, hctp) is None}
    there = {name for name, user in world.people.items() if may_start(machine, "create", user, stp, bttp) is None}
    assert here == {"lan", "minh", "hoa", "phuc"}
    assert there == {"mai", "hung", "hoa", "phuc"}
    assert may_start(machine, "adopt", world.lan, stp, hctp) is not None
    assert may_start(machine, "edit", world.lan, stp, hctp) is not None
    national = registry.machine("regulation")
    keepers = {name for name, user in world.people.items() if may_start(national, "register", user, None, None) is None}
    assert keepers == {"phuc", "hoa", "dung"}
