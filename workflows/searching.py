"""The search: a person finds what they may read of what the sources say, hits with their marks first.

PostgreSQL and SQLite compare the same forms of the texts.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from workflows.excerpts import Piece, excerpt, highlighted
from workflows.marks import Mark, marks
from workflows.models import Heading, Passage, Record, Unit, User
from workflows.sources import Source, sources
from workflows.spelling import code_of, folded, marked, readable, words

QUERY_LIMIT = 200
HITS = 20
"""Hits of one kind beside other kinds."""
MOST = 100
"""Hits of one kind that are counted and can be seen; who has more needs another word."""
AGENCIES = 200
"""Agencies whose texts are picked out; who sees more has the whole looked through."""
WIDE = 3
"""Times as many records are found as are shown, before it is asked which of them the person may see."""
LONG = 3
"""Letters of a word that an index knows; shorter ones alone are looked for in titles."""
FEW = 300
"""Texts of several sources that are read at once; if there are more, each source is asked by itself."""


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
    def long(self) -> bool:
        """A word is long enough to be looked for beyond titles."""
        return any(len(word) >= LONG for word in self.words)

    @property
    def loose(self) -> Q:
        """Texts with all words, marks apart, or with the code."""
        found = _holding("folded", self.words)
        return found | Q(folded__contains=self.code) if self.code else found

    @property
    def exact(self) -> Q:
        """Texts with all words as typed, case apart."""
        return _holding("marked", self.marked)


def _holding(form: str, words: Sequence[str]) -> Q:
    found = Q()
    for word in words:
        found &= Q((f"{form}__contains", word))
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
    marks: Sequence[Mark] = ()


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

    At most ten queries for each source, however much there is, and those of its ``marks``; three in all where nothing
    fits.
    """
    wanted = Wanted.of(query)
    if not wanted.words:
        return []
    asked = [source for source in sources() if only in ("", source.name)]
    texts = _Written(wanted, _near(user), asked)
    found = (_found(source, user, texts, MOST if only else HITS) for source in asked)
    return [one for one in found if one.count]


def _near(user: User) -> Q:
    """Texts of the agencies that the person reaches: a coarse wall before the record's own."""
    within = Q(pk__in=())
    for path in user.agency_paths():
        within |= Q(path__startswith=path)
    found = list(Unit.objects.agencies().filter(within).order_by().values_list("pk", flat=True)[: AGENCIES + 1])
    return Q(agency__in=[0, *found]) if len(found) <= AGENCIES else Q()


def _found(source: Source, user: User, written: _Written, limit: int) -> Found:
    sight, wanted = _Sight(cache(partial(source.visible, user))), written.wanted
    ask = partial(written.firsts, source)
    firsts, loose = _seen(ask, sight, wanted.loose, MOST + 1)
    if not loose:
        return Found(source.name, str(source.label), 0, more=False, hits=[])
    # Both lists are in one order: of what fits with its marks none stands before those that are known already.
    strict = sight.first(firsts.exact, limit)
    if len(strict) < limit and firsts.cut:
        _found_anew, strict = _seen(ask, sight, wanted.exact, limit)
    shown = dict(
        itertools.islice((strict | {one: at for one, at in loose.items() if one not in strict}).items(), limit)
    )
    records, texts = {one.pk: one for one in source.shown(shown.keys()).order_by()}, _texts(source, shown)
    hits = [
        _hit(source, records[owner], texts[owner], wanted, owner in strict)
        for owner in shown
        if owner in records and owner in texts
    ]
    told = marks(record for record in records.values() if isinstance(record, Record))
    hits = [replace(hit, marks=told.get(hit.id, ())) for hit in hits]
    return Found(source.name, str(source.label), min(len(loose), MOST), len(loose) > MOST, hits)


def _seen(ask: Callable[..., _Firsts], sight: _Sight, fits: Q, limit: int) -> tuple[_Firsts, dict[UUID, int]]:
    """What fits, and where the first ``limit`` records do that the person may see.

    As a rule nearly all that is found is seen: so it is found first, and then asked for by its ids. Only where too much
    is hidden does the database sort that out before it counts.
    """
    found = ask(fits, WIDE * limit)
    seen = sight.first(found.places, limit)
    if len(seen) < limit and found.cut:
        found = ask(fits, limit, among=sight.rows)
        seen = sight.knows(found.places)
    return found, seen


class _Sight:
    """Which records the person may see; each is asked for once."""

    def __init__(self, rows: Callable[[], QuerySet[Any]]) -> None:
        self.rows = rows
        self._known: dict[UUID, bool] = {}

    def first(self, found: Mapping[UUID, int], limit: int) -> dict[UUID, int]:
        """The first of them that the person sees, at most ``limit``."""
        owners, kept = list(found), dict[UUID, int]()
        for some in (owners[at : at + limit] for at in range(0, len(owners), limit)):
            unsure = [owner for owner in some if owner not in self._known]
            may = set(self.rows().filter(pk__in=unsure).order_by().values_list("pk", flat=True)) if unsure else set()
            self._known.update((owner, owner in may) for owner in unsure)
            kept.update((owner, found[owner]) for owner in some if self._known[owner])
            if len(kept) >= limit:
                break
        return dict(itertools.islice(kept.items(), limit))

    def knows(self, found: Mapping[UUID, int]) -> dict[UUID, int]:
        """Those of which the database has said already that the person sees them."""
        self._known.update(dict.fromkeys(found, True))
        return dict(found)


@dataclass(frozen=True)
class _Firsts:
    """Where each record fits first, in order: 0 in its title, else a passage's place; ``exact``: with its marks.

    ``cut``: there may be more than these.
    """

    places: dict[UUID, int]
    exact: dict[UUID, int]
    cut: bool


class _Written:
    """What the sources say with the wanted words, within a coarse wall: read at once while it is little."""

    def __init__(self, wanted: Wanted, near: Q, asked: Sequence[Source]) -> None:
        self.wanted, self._near = wanted, near
        self._titles = self._few(Heading.objects.all(), asked, "owner", "with_marks")
        small = [source for source in asked if source.parted and not source.vast] if wanted.long else []
        self._parts = self._few(Passage.objects.all(), small, "owner", "place", "with_marks")

    def _few(self, texts: QuerySet[Any], asked: Sequence[Source], *told: str) -> dict[str, list[Any]]:
        """What fits by source, in the order of its day and owner; nothing of any source if that is much."""
        names = [source.name for source in asked]
        rows = texts.filter(self._near & self.wanted.loose, source__in=names).annotate(with_marks=self.wanted.exact)
        found = list(rows.values_list("source", "day", *told).order_by()[: FEW + 1]) if names else []
        if len(found) > FEW:
            return {}
        by_source: dict[str, list[Any]] = {name: [] for name in names}
        for source, _day, *row in sorted(found, key=lambda row: (-row[1].toordinal(), *row[2:4])):
            by_source[source].append(row)
        return by_source

    def firsts(
        self, source: Source, fits: Q, limit: int, *, among: Callable[[], QuerySet[Any]] | None = None
    ) -> _Firsts:
        """Where records of a source fit first. ``among``: of these records alone."""
        own = self._near & Q(source=source.name) & fits
        if among is not None:
            own &= Q(owner__in=among().values("pk"))
        known, strict = among is None, fits == self.wanted.exact
        titles = self._titles.get(source.name) if known else None
        if titles is None:
            titles = self._titled(own, limit)
        elif strict:
            titles = [row for row in titles if row[-1]]
        places, exact = {owner: 0 for owner, _marks in titles}, {owner: 0 for owner, with_marks in titles if with_marks}
        cut = len(titles) >= limit
        if self.wanted.long and source.parted and not cut:
            parts = self._parts.get(source.name) if known else None
            rows = self._parted(own, limit) if parts is None else _least(row for row in parts if row[-1] or not strict)
            for owner, first, with_marks in rows:
                places.setdefault(owner, first)
                if with_marks is not None:
                    exact.setdefault(owner, with_marks)
            cut = len(rows) == limit or len(places) > limit
        return _Firsts(dict(itertools.islice(places.items(), limit)), exact, cut)

    # Each of these follows the order of an index, so that a common word ends the reading as soon as there are enough.

    def _titled(self, own: Q, limit: int) -> list[Any]:
        rows = Heading.objects.filter(own).annotate(with_marks=self.wanted.exact)
        return list(rows.values_list("owner", "with_marks")[:limit])

    def _parted(self, own: Q, limit: int) -> list[Any]:
        with_marks = Min("place", filter=self.wanted.exact)
        groups = Passage.objects.filter(own).values("day", "owner").annotate(first=Min("place"), with_marks=with_marks)
        return list(groups.order_by("-day", "owner").values_list("owner", "first", "with_marks")[:limit])


def _least(parts: Iterable[Any]) -> list[tuple[UUID, int, int | None]]:
    """Each record once, with its first place, and its first with marks."""
    found: dict[UUID, tuple[UUID, int, int | None]] = {}
    for owner, place, with_marks in parts:
        _owner, first, exact = found.get(owner, (owner, place, None))
        found[owner] = (owner, first, place if exact is None and with_marks else exact)
    return list(found.values())


def _texts(source: Source, shown: Mapping[UUID, int]) -> dict[UUID, Heading | Passage]:
    """The texts that are shown, by their record."""
    titles = [owner for owner, place in shown.items() if not place]
    found: dict[UUID, Heading | Passage] = {}
    if titles:
        heads = Heading.objects.filter(source=source.name, owner__in=titles).defer("marked", "folded")
        found.update({row.owner: row for row in heads})
    if len(titles) < len(shown):
        rows = Passage.objects.filter(source=source.name, owner__in=shown.keys(), place__in=set(shown.values()) - {0})
        rows = rows.defer("marked", "folded")
        found.update({row.owner: row for row in rows if shown[row.owner] == row.place})
    return found


def _hit(source: Source, record: Any, row: Heading | Passage, wanted: Wanted, exact: bool) -> Hit:
    told = wanted.marked if exact else wanted.words
    title = highlighted(readable(source.title(record)), told, exact=exact)
    shown = any(piece.hit for piece in title) and not row.place
    return Hit(
        id=record.pk,
        title=title,
        url=source.url(record),
        within=source.within(record),
        kind=source.kind(record),
        part=source.part(row.part) if row.place else "",
        excerpt=[] if shown else excerpt(row.text, told, exact=exact),
        exact=exact,
    )
