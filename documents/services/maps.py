"""The neighbourhood of a legal document put into words and addresses, ready to be drawn and to stand in tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from documents import drawing
from documents.layering import UNITS
from documents.models import DocumentVersion, Regulation, RelationKind, Validity
from documents.provisions import loaded, words
from documents.services.neighbourhood import NearRelation, Neighbourhood


@dataclass(frozen=True)
class RelationRow:
    """A relation in the table: ``since`` None where nobody knows the day, ``later`` if it does not hold yet."""

    source: Regulation
    source_url: str
    label: str
    target: Regulation
    target_url: str
    since: date | None
    later: bool


@dataclass(frozen=True)
class CitationRow:
    """A citation in the table: rows of the legal basis, from 1."""

    version: DocumentVersion
    url: str
    act: Regulation
    act_url: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Tables:
    """The same as the drawing, in rows: nearest first."""

    relations: list[RelationRow]
    citations: list[CitationRow]


Urls = Mapping[UUID, str]
"""Addresses of acts, and by their versions those of documents."""


def addresses(near: Neighbourhood) -> Urls:
    """Addresses of everything on the map; once for all, because each costs more than what is drawn of it."""
    acts = {one.act.pk: one.act.get_absolute_url() for one in near.acts}
    return acts | {one.version.pk: one.version.document.get_absolute_url() for one in near.versions}


def tables(near: Neighbourhood, on: date, urls: Urls) -> Tables:
    """What is drawn, as tables."""
    acts = {one.act.pk: one.act for one in near.acts}
    versions = {one.version.pk: one.version for one in near.versions}
    relations = [
        RelationRow(
            source=acts[one.source],
            source_url=urls[one.source],
            label=_does(one),
            target=acts[one.target],
            target_url=urls[one.target],
            since=one.since,
            later=_later(one, on),
        )
        for one in near.relations
    ]
    citations = [
        CitationRow(versions[one.version], urls[one.version], acts[one.act], urls[one.act], one.rows)
        for one in near.citations
    ]
    return Tables(relations, citations)


def plan(near: Neighbourhood, on: date, urls: Urls) -> drawing.Plan:
    """What ``documents.layout`` draws."""
    numbers = {one.act.pk: one.act.number for one in near.acts}
    acts = [_act(one.act, one.hops, urls[one.act.pk]) for one in near.acts]
    relations = []
    for one in near.relations:
        ends = str(one.source), str(one.target)
        said = {"source": numbers[one.source], "relation": _does(one), "target": numbers[one.target]}
        full = _("%(source)s %(relation)s %(target)s, từ %(day)s") % {**said, "day": _day(one.since)}
        relations.append(drawing.Relation(*ends, _kind(one.kind), full, later=_later(one, on)))
    headings = {
        -2: _("Cách hai quan hệ"),
        -1: _("Tác động lên văn bản này"),
        0: _("Văn bản này"),
        1: _("Chịu tác động"),
        2: _("Cách hai quan hệ"),
        UNITS: _("Đơn vị và quy trình viện dẫn"),
    }
    return drawing.Plan(acts, relations, _units(near, numbers, urls), headings, _count)


def _act(act: Regulation, hops: int, url: str) -> drawing.Act:
    validity = Validity(act.validity_on)  # type: ignore[attr-defined]
    words = "" if validity == Validity.IN_FORCE else str(validity.label)
    dead = validity == Validity.EXPIRED
    return drawing.Act(str(act.pk), act.number, act.title, words, dead, url, hops)


def _units(near: Neighbourhood, numbers: Mapping[UUID, str], urls: Urls) -> list[drawing.Unit]:
    """Units in the order of agency and unit, with their procedures by code."""
    cited: dict[UUID, list[tuple[UUID, tuple[int, ...]]]] = defaultdict(list)
    for one in near.citations:
        cited[one.version].append((one.act, one.rows))
    versions = sorted(
        (one.version for one in near.versions),
        key=lambda one: (one.agency.path, one.unit.path, one.document.code_key),
    )
    found = []
    for unit, rows in groupby(versions, key=lambda one: one.unit):
        procedures = tuple(
            drawing.Procedure(
                key=str(one.pk),
                code=one.document.code,
                title=one.document.title,
                words=", ".join(_basis(numbers[act], places) for act, places in cited[one.pk]),
                cites=tuple(str(act) for act, _places in cited[one.pk]),
                href=urls[one.pk],
            )
            for one in rows
        )
        href = f"{reverse('documents:library')}?unit={unit.pk}"
        found.append(drawing.Unit(f"unit-{unit.pk}", unit.name, procedures, href))
    return found


def _basis(number: str, rows: tuple[int, ...]) -> str:
    return _("%(number)s (số %(rows)s)") % {"rows": ", ".join(map(str, rows)), "number": number}


def _count(number: int) -> str:
    return _("viện dẫn: %(n)d") % {"n": number}


def _kind(kind: str) -> str:
    return str(RelationKind(kind).label)


def _does(relation: NearRelation) -> str:
    """The relation in words, with the articles that it acts on."""
    parts = words(loaded(relation.provisions))
    return f"{_kind(relation.kind)} {parts}" if parts else _kind(relation.kind)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else _("ngày chưa rõ")


def _later(relation: NearRelation, on: date) -> bool:
    return relation.since is not None and relation.since > on
