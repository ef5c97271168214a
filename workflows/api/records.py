"""Every governed record over HTTP: list, read, and one address for each action of its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.db.models import F, Q
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows import engine
from workflows.access import fetch, reach
from workflows.api.bodies import MAX_INT, Q_LIMIT, Number, PageQuery, Text
from workflows.api.endpoint import Deed, Endpoint
from workflows.api.errors import ExpectedVersionMissing
from workflows.api.files import Upload
from workflows.api.schema import Shape, action_body, start_body
from workflows.errors import NotVisible
from workflows.models import Record, RecordQuerySet
from workflows.text import fold

DOOR = frozenset({"record", "action", "by", "expected", "now"})
"""Arguments of the door itself. A body's key of this name is no answer, and must never be taken for one."""

ORDERS = ("entered_at", "-entered_at", "due_on", "-due_on", "created_at", "-created_at")


class RecordQuery(PageQuery):
    """Filters of every list of records. A field's ``source`` is the column it filters."""

    unit = Number(source="unit_id", required=False, help_text="Id of the unit.")
    agency = Number(source="agency_id", required=False, help_text="Id of the agency.")
    q = Text(
        required=False, max_length=Q_LIMIT, help_text="Part of code, number or title; marks and case do not matter."
    )
    order = serializers.ChoiceField(ORDERS, default="-entered_at")


@dataclass(frozen=True)
class Kind:
    """One kind of record in the API: its place in the address, its model, and what is shown of it.

    ``line`` is a row of a list, ``after`` the answer to a deed, ``detail`` the whole record. ``search``: folded text
    columns. ``shapes``: JSON schema of the table's ``json`` answers, by name.
    """

    plural: str
    model: type[Record]
    query: type[RecordQuery]
    line: type[serializers.BaseSerializer[Any]]
    after: type[serializers.BaseSerializer[Any]]
    detail: type[serializers.BaseSerializer[Any]]
    search: tuple[str, ...]
    shapes: Mapping[str, Shape] = field(default_factory=dict)

    def rows(self) -> RecordQuerySet[Any]:
        """All records with what a line shows."""
        rows: RecordQuerySet[Any] = self.model.objects.for_list()
        return rows

    def whole(self) -> RecordQuerySet[Any]:
        """All records with what the detail shows."""
        rows: RecordQuerySet[Any] = self.model.objects.for_list().select_related("created_by")
        return rows.defer(None)


class KindEndpoint(Endpoint):
    """An address of one kind."""

    kind: Kind = cast("Kind", None)  # given by ``kind_urls``


class RecordList(KindEndpoint):
    """Records the person may read, newest change first unless ordered otherwise."""

    many = True
    operation = "list"
    shaping: frozenset[str] = frozenset()
    """Parameters that ``rows`` uses up."""

    def get(self, request: Request) -> Response:
        """List the records that the person may read."""
        query = self.query.read(request)
        rows = self.rows(query).visible_to(self.person, self.now)
        wanted = {name: value for name, value in query.items() if name not in SHAPING | self.shaping}
        if "q" in query:
            rows = rows.filter(searched(self.kind.search, query["q"]))
        return self.page(rows.filter(**wanted).order_by(_order(query["order"]), "pk"), query)

    def rows(self, query: Mapping[str, Any]) -> RecordQuerySet[Any]:
        """Where to look; a kind may compute more columns by the query."""
        del query
        return self.kind.rows()


SHAPING = frozenset({"limit", "offset", "q", "order", "on"})
"""Parameters that shape the list; every other one is a column."""


def searched(columns: Iterable[str], text: str) -> Q:
    """Rows with the text in one of the folded columns."""
    where, folded = Q(), fold(text)
    for column in columns:
        where |= Q(**{f"{column}__contains": folded})
    return where


def _order(name: str) -> Any:
    column = F(name.removeprefix("-"))
    return column.desc(nulls_last=True) if name.startswith("-") else column.asc(nulls_last=True)


class RecordDetail(KindEndpoint):
    """One record, with the steps that lead on and why this person can or cannot take each."""

    def get(self, request: Request, pk: UUID) -> Response:
        """Read one record, with the steps that lead on and why this person can or cannot take each."""
        self.query.read(request)
        record = fetch(self.kind.model, self.person, pk, among=self.kind.whole())
        return self.show(record, self.kind.detail)


class RecordAction(Deed, KindEndpoint):
    """One action of the table on one record, through the door."""

    action: str = ""
    deed_statuses = (200,)

    def body_shape(self) -> Shape:
        """By the table's rows."""
        return action_body(self.kind.model.machine, self.action, self.kind.shapes)

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Fire the action."""
        self.record = reach(self.kind.model, self.person, kwargs["pk"])
        expected = expected_version(body)
        done = engine.fire(self.record, self.action, by=self.person, expected=expected, **answers(body))
        return self.show(done, self.kind.after)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Do this step of the table; `expected_version` is the `row_version` that was read."""
        return super().post(request, **kwargs)


class NoSuchAction(KindEndpoint):
    """An action that no table has: the record's wall still answers first."""

    schema = None  # type: ignore[assignment]  # DRF's way to leave an address out of OpenAPI

    def post(self, request: Request, pk: UUID, action: str) -> Response:
        """Refuse."""
        del request, action
        self.record = reach(self.kind.model, self.person, pk)
        raise NotVisible


class RecordStart(RecordList, Deed):
    """A list whose POST is a start row of the table without any choice of place."""

    action: str = ""

    def body_shape(self) -> Shape:
        """By the table's start row."""
        return start_body(self.kind.model.machine, self.action, self.kind.shapes)

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Start a record."""
        del kwargs
        fresh = engine.start(self.kind.model(), self.action, by=self.person, **answers(body))
        return self.show(fresh, self.kind.after, status=201)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Create a record by the table's start row."""
        return super().post(request, **kwargs)


def expected_version(body: dict[str, Any]) -> int:
    """Take the version on which the person decided out of the body; raises ``ExpectedVersionMissing``."""
    expected = body.pop("expected_version", None)
    if isinstance(expected, bool) or not isinstance(expected, int) or not 0 < expected <= MAX_INT:
        raise ExpectedVersionMissing
    return expected


def answers(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as answers to the door, which refuses by name what no step asks for."""
    return {f"body.{name}" if name in DOOR else name: value for name, value in body.items()}


def kind_urls(kind: Kind, listing: type[RecordList] = RecordList, **extra: Any) -> list[URLPattern]:
    """Addresses of one kind: list, detail, files if a step takes some, and one for each action that leads on."""
    place = kind.plural
    common = {"kind": kind, "tag": place}
    lists = listing.as_view(**common, query=kind.query, answer=kind.line, **extra)
    following = dict.fromkeys(step.action for step in kind.model.machine.steps if not step.starts)
    one = f"{place}/<uuid:pk>/"
    uploads = Upload.as_view(**common) if kind.model.machine.takes_files else None
    return [
        path(f"{place}/", lists, name=f"{place}_list"),
        path(one, RecordDetail.as_view(**common, answer=kind.detail), name=f"{place}_detail"),
        *([path(f"{one}files/<str:name>", uploads, name=f"{place}_upload")] if uploads else []),
        *(
            path(
                f"{one}actions/{action}/",
                RecordAction.as_view(**common, action=action, deed=action, deed_answer=kind.after),
                name=f"{place}_{action}",
            )
            for action in following
        ),
        path(f"{one}actions/<str:action>/", NoSuchAction.as_view(kind=kind), name=f"{place}_no_action"),
    ]
