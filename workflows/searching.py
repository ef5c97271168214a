"""The search: each app announces what it has; a person finds what they may read, hits with their marks first.

Texts lie in ``Passage``, written with the deed that changes them (``post_save``, inside its transaction) and, for what
no save tells of, such as a file that a deed takes, by the clock. PostgreSQL and SQLite compare the same forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.signals import post_save
from django.utils.functional import Promise

from workflows.excerpts import Piece, excerpt, highlighted
from workflows.models import Passage, Unit, User
from workflows.spelling import code_of, folded, key, marked, readable, words

QUERY_LIMIT = 200
HITS = 20
"""Hits of one kind beside other kinds."""
MOST = 100
"""Hits of one kind that are counted and can be seen; who has more needs another word."""
AGENCIES = 200
"""Agencies whose passages are picked out; who sees more has the whole looked through."""
LONG = 3
"""Letters of a word that an index knows; shorter ones alone are looked for in titles."""
CHUNK = 1500
"""Letters of one passage, about: long enough to hold several words, short enough for an index to tell apart."""


@dataclass(frozen=True)
class Texts:
    """What a record says. ``codes``: numbers found in any spelling; ``parts``: text by the source's own name of it."""

    head: str
    day: date
    codes: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)


class Source:
    """One kind of things that are found. ``columns``: those of ``model`` whose change changes what it says."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    model: ClassVar[type[Model]]
    columns: ClassVar[frozenset[str]] = frozenset()
    beside: ClassVar[type[Model] | None] = None
    """Another model whose rows are a part of what records say."""

    def visible(self, user: User) -> QuerySet[Any]:
        """Rows that the person may find, with what a hit shows of them."""
        raise NotImplementedError

    def holders(self) -> QuerySet[Any]:
        """All rows that say something."""
        return QuerySet(self.model)

    def texts(self, record: Any) -> Texts | None:
        """What a record says; None for one that is not searched."""
        raise NotImplementedError

    def touched(self, row: Any) -> Iterable[Any]:
        """Records that say what a changed row of ``beside`` says."""
        del row
        return ()

    def title(self, record: Any) -> str:
        """How a hit is called."""
        return str(record)

    def url(self, record: Any) -> str:
        """Where a hit is read."""
        found: str = record.get_absolute_url()
        return found

    def within(self, record: Any) -> str:
        """Address of the record that holds the hit, if that is another one; else ""."""
        del record
        return ""

    def kind(self, record: Any) -> str:
        """What a hit is, in words."""
        return str(record._meta.verbose_name)

    def part(self, name: str) -> str:
        """Where in the record the text stands, in words."""
        del name
        return ""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Announce a source; called once per app at ``ready()``."""
    _sources[source.name] = source
    if source.columns:
        post_save.connect(_saved, sender=source.model, dispatch_uid="workflows.searching")
    if source.beside:
        post_save.connect(_saved_beside, sender=source.beside, dispatch_uid="workflows.searching")


def sources() -> list[Source]:
    """All sources, in the order in which the apps announced them."""
    return list(_sources.values())


def _saved(
    sender: type[Model], instance: Any, created: bool, update_fields: Iterable[str] | None, **_kwargs: Any
) -> None:
    for source in _sources.values():
        if source.model is not sender or not source.columns:
            continue
        if created or update_fields is None or source.columns.intersection(update_fields):
            index(source, instance, fresh=created)


def _saved_beside(sender: type[Model], instance: Any, created: bool, **_kwargs: Any) -> None:
    for source in _sources.values():
        if source.beside is sender and not created:
            for record in source.touched(instance):
                index(source, record)


def index(source: Source, record: Any, *, fresh: bool = False) -> int:
    """Write down anew what a record says; return how many passages. ``fresh``: there are none yet."""
    texts = source.texts(record)
    if not fresh:
        Passage.objects.filter(source=source.name, owner=record.pk).delete()
    found = passages(source.name, record, texts) if texts else []
    Passage.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def passages(source: str, record: Any, texts: Texts) -> list[Passage]:
    """The passages of one record: its title with its codes, then its parts in pieces of ``CHUNK`` letters."""
    codes = " ".join(filter(None, (key(code) for code in texts.codes)))
    pieces = [("", texts.head), *((name, piece) for name, text in texts.parts.items() for piece in pieces_of(text))]
    found = []
    for place, (part, raw) in enumerate(pieces):
        text = readable(raw)
        form = folded(text) if place else f"{folded(text)}\n{codes}"
        found.append(
            Passage(
                source=source,
                owner=record.pk,
                agency=record.agency_id or 0,
                place=place,
                body=place > 0,
                day=texts.day,
                part=part,
                text=text,
                marked=marked(text),
                folded=form,
            )
        )
    return found


def pieces_of(text: str) -> list[str]:
    """A text cut at line ends or spaces into pieces of about ``CHUNK`` letters; nothing for a blank one."""
    found, rest = [], text.strip()
    while len(rest) > CHUNK:
        at = max(rest.rfind("\n", CHUNK // 2, CHUNK), rest.rfind(" ", CHUNK - 200, CHUNK))
        at = at if at > 0 else CHUNK
        found.append(rest[:at])
        rest = rest[at:].lstrip()
    return [*found, rest] if rest else found


@dataclass(frozen=True)
class Wanted:
    """A query: its words without marks, with marks, and as a code, which is "" if it can be none."""

    words: tuple[str, ...]
    marked: tuple[str, ...]
    code: str

    @classmethod
    def of(cls, query: str) -> Wanted:
        """The forms of a query of at most ``QUERY_LIMIT`` letters; without a letter or digit it wants nothing."""
        text = readable(query).replace("\n", " ")
        return cls(words(folded(text)), words(marked(text)), code_of(text))

    @property
    def place(self) -> Q:
        """Titles alone, if no word is long enough for more."""
        return Q() if any(len(word) >= LONG for word in self.words) else Q(body=False)

    @property
    def loose(self) -> Q:
        """Passages with all words, marks apart, or with the code."""
        found = Q()
        for word in self.words:
            found &= Q(folded__contains=word)
        return self.place & (found | Q(folded__contains=self.code) if self.code else found)

    @property
    def exact(self) -> Q:
        """Passages with all words as typed, case apart."""
        found = self.place
        for word in self.marked:
            found &= Q(marked__contains=word)
        return found


@dataclass(frozen=True)
class Hit:
    """One thing found. ``within``: address of the record that holds it, or ""; ``part``: where in it, in words."""

    id: UUID
    title: list[Piece]
    url: str
    within: str
    kind: str
    part: str
    excerpt: list[Piece]
    exact: bool


@dataclass(frozen=True)
class Found:
    """Hits of one source; ``count`` of all, but at most ``MOST``, and then ``more`` is true if there are others."""

    name: str
    label: str
    count: int
    more: bool
    hits: list[Hit]


def search(user: User, query: str, only: str = "") -> list[Found]:
    """What a person finds, by source, without those where nothing is. ``only``: one source, up to ``MOST`` hits.

    At most four queries for each source, however much there is.
    """
    wanted = Wanted.of(query)
    if not wanted.words:
        return []
    asked = [source for source in sources() if only in ("", source.name)]
    near = _near(user)
    found = (_found(source, user, wanted, near, MOST if only else HITS) for source in asked)
    return [one for one in found if one.count]


def _near(user: User) -> Q:
    """Passages of the agencies that the person reaches: a coarse wall before the record's own."""
    reached = Unit.objects.visible_to(user).agencies().values_list("pk", flat=True)[: AGENCIES + 1]
    found = list(reached)
    return Q(agency__in=[0, *found]) if len(found) <= AGENCIES else Q()


def _found(source: Source, user: User, wanted: Wanted, near: Q, limit: int) -> Found:
    visible = source.visible(user)
    rows = Passage.objects.filter(near, source=source.name, owner__in=visible.values("pk"))
    same = Passage.objects.filter(source=source.name, owner=OuterRef("owner"))

    def first(condition: Q) -> Q:
        """The first passage of each record that fits."""
        return condition & ~Q(Exists(same.filter(condition, place__lt=OuterRef("place"))))

    count = rows.filter(first(wanted.loose))[: MOST + 1].count()
    if not count:
        return Found(source.name, str(source.label), 0, more=False, hits=[])
    strict = list(rows.filter(first(wanted.exact))[:limit])
    other = rows.filter(first(wanted.loose), ~Exists(same.filter(wanted.exact)))[: limit - len(strict)]
    shown = [(row, True) for row in strict] + [(row, False) for row in (other if len(strict) < limit else ())]
    records = visible.in_bulk([row.owner for row, _exact in shown])
    hits = [_hit(source, records[row.owner], row, wanted, exact) for row, exact in shown if row.owner in records]
    return Found(source.name, str(source.label), min(count, MOST), count > MOST, hits)


def _hit(source: Source, record: Any, row: Passage, wanted: Wanted, exact: bool) -> Hit:
    told = wanted.marked if exact else wanted.words
    title = highlighted(readable(source.title(record)), told, exact=exact)
    shown = any(piece.hit for piece in title) and not row.body
    return Hit(
        id=record.pk,
        title=title,
        url=source.url(record),
        within=source.within(record),
        kind=source.kind(record),
        part=source.part(row.part) if row.body else "",
        excerpt=[] if shown else excerpt(row.text, told, exact=exact),
        exact=exact,
    )
