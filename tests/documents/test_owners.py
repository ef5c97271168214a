"""The owner's section of the inbox: what it shows beside a document is what the person may read, and no more."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from documents.models import ImpactItem
from documents.services.owners import owned
from tests import factories
from tests.people import World


def test_reviews_beside_an_owned_document_are_those_that_the_owner_may_read(world: World) -> None:
    item = factories.impact(world)
    dead = factories.regulation("3/2001/NĐ-CP", expired_on=date(2010, 1, 1))
    stale = factories.in_force(world, legal_basis=[{"key": "b1", "number": dead.number, "issuer": "", "note": ""}])
    QuerySet(ImpactItem).filter(pk=item.pk).update(document=stale.document, version=stale)
    told, number = owned(world.lan)
    assert (number, [list(one.items) for one in told]) == (1, [[item]])
    QuerySet(ImpactItem).filter(pk=item.pk).update(unit=world.unit("bttp"))
    told, number = owned(world.lan)
    assert (number, [list(one.items) for one in told]) == (1, [[]]), "it is another unit's to deal with"
