"""What the tests of the kernel's screens share: a logged-in client, counted statements, many records at one's price."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Document, DocumentVersion
from tests import factories
from tests.people import World
from workflows import engine
from workflows.models import Move, Record, User


def log_in(user: User) -> Client:
    """A client in which a person is logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(user: User, url: str, status: int = 200) -> str:
    """What a person reads at an address."""
    answer = log_in(user).get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def url_of(name: str, record: Record, *args: str) -> str:
    """Address of a page of a record."""
    return reverse(f"workflows:{name}", args=[record.machine.name, record.pk, *args])


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL run inside, without the marks of transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as caught:
        yield found
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    found += [query["sql"] for query in caught if not query["sql"].startswith(marks)]


def many_drafts(world: World, number: int) -> DocumentVersion:
    """``number`` drafts that wait on Lan: one through the door, the others copied from it with its ledger row."""
    factories.regulation()
    owner = factories.document(world)
    blank = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    first = engine.start(blank, "create", by=world.lan, content=factories.content())
    row = Move.objects.get(stream=first.pk)
    moves, documents, versions = [], [], []
    for _copy in range(number - 1):
        fresh, document = uuid.uuid4(), uuid.uuid4()
        moves.append(_like(row, id=None, stream=fresh))
        documents.append(_like(owner, id=document, code=document.hex[:9], code_key=document.hex[:9]))
        versions.append(_like(first, id=fresh, document_id=document))
    Move.objects.bulk_create(moves)
    Document.objects.bulk_create(documents)
    QuerySet.bulk_create(DocumentVersion.objects.all(), versions)
    return first


def _like(row: Any, **changes: Any) -> Any:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**fields | changes)
