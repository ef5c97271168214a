"""Citations of legal documents by versions: the live projection that answers “who cites this act”."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat, StrIndex
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.citing import BASIS, STEP, basis_provisions, mentions
from documents.content import BasisRow, Content
from documents.law_names import LAW_KINDS, find_names, is_named
from documents.models.regulation import (
    LOSING,
    STOPPING,
    Regulation,
    RegulationProvision,
    RegulationRelation,
    RelationKind,
    holds,
    is_dead,
    lasts,
    since_of,
)
from documents.number_keys import is_local, issued_in
from documents.numbers import SUGGESTIONS, find_numbers, issuer_key, lookalike, number_key, suggest
from documents.provisions import LIMIT, Provisions, loaded, stored, within, words
from workflows.models import Unit

LOOKED_THROUGH = 500
"""Acts of the register that are compared with an unknown number at most."""


class CitationPlace(models.TextChoices):
    """Where a citation stands."""

    BASIS = BASIS, lazy("căn cứ pháp lý")
    STEP = STEP, lazy("bước thực hiện")


class Citation(models.Model):
    """A legal document named in a version's legal basis or steps; ``regulation`` is None while nobody registered it.

    ``position``: row of that section from 0; ``mention``: which one of the row. ``provisions``: the articles, clauses
    and points that it names, as ``provisions.stored`` writes them; "" is the whole document.
    """

    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="citations")
    place = models.CharField(
        lazy("nơi viện dẫn"), max_length=5, choices=CitationPlace.choices, default=BASIS, db_default=BASIS
    )
    position = models.PositiveIntegerField()
    mention = models.PositiveSmallIntegerField(default=0, db_default=0)
    row_key = models.CharField(max_length=40)
    number = models.CharField(lazy("số, ký hiệu"), max_length=300)
    regulation = models.ForeignKey(Regulation, models.PROTECT, null=True, related_name="citations")
    provisions = models.CharField(lazy("điều, khoản, điểm"), max_length=LIMIT, blank=True, default="", db_default="")

    class Meta:
        verbose_name = lazy("viện dẫn")
        ordering = ("version", "place", "position", "mention")
        constraints = (
            models.UniqueConstraint(fields=["version", "place", "position", "mention"], name="citation_position"),
        )
        indexes = (models.Index(fields=["regulation", "version"], name="citation_regulation"),)

    def __str__(self) -> str:
        return self.number

    @property
    def parts(self) -> Provisions:
        """The provisions that it names; none for the whole document."""
        return loaded(self.provisions)

    @classmethod
    def rebuild(cls, version_id: UUID, content: Content, agency: Unit | None = None) -> None:
        """Replace a draft's citations by those of its content, resolved against the register; ≤ 4 statements."""
        cls.objects.filter(version=version_id).delete()
        rows = citation_rows(content, agency=agency)
        Citation.objects.bulk_create(Citation(version_id=version_id, **row) for row in rows)


def citation_rows(content: Mapping[str, Any], register: Any = None, agency: Unit | None = None) -> list[dict[str, Any]]:
    """Columns of the citations that a content makes, but for the version; one query, none if it cites nothing.

    ``register``: a manager of regulations, where a migration has its own. ``agency``: whose content it is.
    """
    found = mentions(content)
    rows = [BasisRow(key=str(at), number=one.number, issuer=one.issuer, note="") for at, one in enumerate(found)]
    acts: Any = Regulation.objects if register is None else register
    known = matched(rows, acts.filter(candidates(rows)), agency) if rows else {}
    return [
        {
            "place": one.place,
            "position": one.position,
            "mention": one.mention,
            "row_key": one.row_key,
            "number": one.number,
            "regulation_id": known[str(at)].pk if str(at) in known else None,
            "provisions": stored(one.provisions),
        }
        for at, one in enumerate(found)
        if one.sure or str(at) in known
    ]


def lost_parts_q(on: date) -> Q:
    """Condition on citations: a provision that the citation names is repealed, or stopped, on a day.

    A citation of a whole act does not die with a part of it. Relations without a known day prove nothing.
    """
    acting = _losing(on).filter(relation__target=OuterRef("regulation"))
    very, part = (
        StrIndex(OuterRef("provisions"), Concat(Value("|"), F("provision"), Value(end))) for end in ("|", ".")
    )
    gone = acting.annotate(very=very, part=part).filter(Q(very__gt=0) | Q(part__gt=0))
    return Q(provisions__gt="") & Q(Exists(gone))


def _losing(on: date) -> Any:
    """Provisions that relations take away on a day, each with ``since``."""
    rows = RegulationProvision.objects.filter(relation__kind__in=LOSING).annotate(since=since_of("relation__"))
    return rows.filter(holds(LOSING, "relation__"), lasts(on, "relation__"), since__lte=on)


@dataclass(frozen=True)
class LostPart:
    """A provision of an act that does not hold, since a day: repealed, or stopped for the time being."""

    part: str
    since: date
    stopped: bool

    def takes(self, cited: Iterable[str]) -> bool:
        """Whether a citation of these provisions falls with it."""
        return within(cited, [self.part])


def lost_parts(acts: Collection[UUID], on: date) -> dict[UUID, list[LostPart]]:
    """Provisions of these documents that do not hold on a day, by document; one query, none for nothing."""
    found: dict[UUID, list[LostPart]] = {}
    columns = ("relation__target", "provision", "since", "relation__kind")
    rows = _losing(on).filter(relation__target__in=acts).values_list(*columns) if acts else ()
    for act, part, day, kind in rows:
        found.setdefault(act, []).append(LostPart(part, day, kind in STOPPING))
    return found


def resolve(basis: Sequence[BasisRow], on: date | None = None) -> dict[str, Regulation]:
    """Find the register's document for each row, by row key; one query.

    A number shared by several issuers resolves only if the row names the issuer; a law called by name and year, only
    if one act has that name and year. With ``on``, each document carries ``validity_on``.
    """
    rows = Regulation.objects.filter(candidates(basis))
    return matched(basis, rows.with_validity(on) if on else rows)


def candidates(basis: Iterable[BasisRow]) -> Q:
    """Documents that rows of a legal basis may mean: those of their numbers, and laws of the years of their names."""
    keys: set[str] = set()
    years: set[int] = set()
    for row in basis:
        keys.update(number_keys(row["number"]))
        years.update(named.year for named in find_names(row["number"]))
    wanted = Q(number_key__in=keys)
    for year in sorted(years):
        wanted |= Q(kind__in=LAW_KINDS) & (Q(number_key__contains=f"/{year}/") | Q(issued_on__year=year))
    return wanted


def number_keys(number: str) -> list[str]:
    """Keys that the words of a cell may stand for: the cell as it is; and the only number in it, if it stands free."""
    return list(dict.fromkeys((number_key(number), number_key(the_number(number)))))


def the_number(text: str) -> str:
    """The only number in the words of a cell, if it stands free in them; else the cell as it is."""
    found = find_numbers(text)
    return found[0].text if len(found) == 1 and _free(text, found[0].start, found[0].end) else text


def _free(text: str, start: int, end: int) -> bool:
    """Not stuck to letters or digits, which might belong to it: a misprint is never cut to fit."""
    return not text[:start][-1:].isalnum() and not text[end:][:1].isalnum()


def matched(basis: Sequence[BasisRow], rows: Iterable[Regulation], agency: Unit | None = None) -> dict[str, Regulation]:
    """Match rows of a legal basis with ``candidates``, by row key.

    A local number is that of the issuer whom the row names; with ``agency``, where it names none, that of a committee
    or council of the agency's own place.
    """
    by_number: dict[str, list[Regulation]] = {}
    for regulation in rows:
        by_number.setdefault(regulation.number_key, []).append(regulation)
    found = {}
    for row in basis:
        same = next((by_number[key] for key in number_keys(row["number"]) if key in by_number), None)
        same = _named(row["number"], by_number.values()) if same is None else same
        same = _of_issuer(same, row, agency) if any(is_local(act.number) for act in same) else same
        if len(same) > 1:
            same = [act for act in same if act.issuer_key == issuer_key(act.number, row["issuer"])] or same
        if len(same) == 1:
            found[row["key"]] = same[0]
    return found


def _of_issuer(same: list[Regulation], row: BasisRow, agency: Unit | None) -> list[Regulation]:
    """Those of the acts of one local number that the row means."""
    if row["issuer"]:
        return [act for act in same if is_of(act, row["issuer"])] or [act for act in same if not act.issuer]
    if agency is None:
        return same
    names = place_names(agency)
    return [act for act in same if issued_in(act.issuer, names)]


def is_of(act: Regulation, issuer: str) -> bool:
    """Whether the issuer of a local act is the one so called; the place alone will do."""
    return act.issuer_key == issuer_key(act.number, issuer) or issued_in(act.issuer, [issuer])


def place_names(agency: Unit) -> list[str]:
    """Names of an agency and of those above it; one query."""
    return list(Unit.objects.filter(pk__in=agency.path.strip("/").split("/")).values_list("name", flat=True))


def _named(text: str, acts: Iterable[list[Regulation]]) -> list[Regulation]:
    """Laws that a text calls by name and year; none if it calls several, or holds a number."""
    names = find_names(text)
    if len(names) != 1 or find_numbers(text):
        return []
    laws = [law for same in acts for law in same if law.kind in LAW_KINDS and _year(law) == names[0].year]
    return [laws[place] for place in is_named(names[0], [law.title for law in laws])]


def _year(law: Regulation) -> int | None:
    """The year of a law's number, or of its issue where the number has none."""
    year = law.number_key.split("/")[1:2]
    if year and year[0].isdecimal():
        return int(year[0])
    return law.issued_on.year if law.issued_on else None


def replacements(regulation: Regulation, on: date) -> list[Regulation]:
    """Documents that replaced a dead one by a day, newest first: what “replace this citation” offers."""
    return replacements_of([regulation.pk], on).get(regulation.pk, [])


def replacements_of(dead: Collection[UUID], on: date) -> dict[UUID, list[Regulation]]:
    """The same for many at once, by the dead document; without any, it is left out. One query, none for nothing.

    A replacement of which nobody knows the day is named where the document is known to be dead and no other is known.
    """
    found: dict[UUID, list[Regulation]] = {}
    if not dead:
        return found
    replacing = RegulationRelation.objects.filter(target__in=dead, kind=RelationKind.REPLACES)
    known = Q(pk__in=replacing.acting((RelationKind.REPLACES,), on).values("pk"))
    undated = Q(effective_on=None, source__effective_on=None, target__in=Regulation.objects.dead(on).values("pk"))
    rows = replacing.filter(known | undated).select_related("source")
    maybe: dict[UUID, list[Regulation]] = {}
    for row in rows.order_by(F("source__effective_on").desc(nulls_last=True), "source__number_key"):
        dated = row.effective_on or row.source.effective_on
        (found if dated else maybe).setdefault(row.target_id, []).append(row.source)
    return maybe | found


def citation_problems(basis: Sequence[BasisRow], on: date, agency: Unit | None = None) -> list[str]:
    """Sentences for citations that do not resolve, or cite a document, or a part of one, that is dead on the day."""
    known, gone = _judged(basis, on, agency)
    found = []
    for row in basis:
        regulation = known.get(row["key"])
        if regulation is not None:
            found += _no_longer(row, regulation, gone.get(regulation.pk, []), on)
        elif _of_many(row):
            found.append(_("Căn cứ %(number)s: nhiều nơi có thể có cùng số; hãy ghi cơ quan ban hành.") % row)
        else:
            text = _("Căn cứ %(number)s chưa có trong danh mục văn bản") % {"number": row["number"]}
            hints = ", ".join(_near(row["number"]))
            found.append(f"{text}; {_('có phải')} {hints}?" if hints else f"{text}.")
    return found


def _of_many(row: BasisRow) -> bool:
    """A local number that the register has, by an issuer whom the row does not name."""
    local = not row["issuer"] and is_local(the_number(row["number"]))
    return local and Regulation.objects.filter(number_key__in=number_keys(row["number"])).exists()


def first_day_problems(basis: Sequence[BasisRow], begins: date, agency: Unit | None = None) -> list[str]:
    """Sentences for what a text that begins on a day may not rest on: acts, or parts of them, dead on that day."""
    known, gone = _judged(basis, begins, agency)
    acts = ((row, known[row["key"]]) for row in basis if row["key"] in known)
    return [text for row, act in acts for text in _no_longer(row, act, gone.get(act.pk, []), begins)]


def _no_longer(row: BasisRow, act: Regulation, lost: Iterable[LostPart], on: date) -> list[str]:
    """A sentence if a cited document, or a part of it, is dead on the day."""
    if act.dead:  # type: ignore[attr-defined]
        heirs = ", ".join(heir.number for heir in replacements(act, on))
        text = _("Căn cứ %(number)s đã hết hiệu lực") % {"number": row["number"]}
        return [f"{text}; {_('được thay bằng')} {heirs}." if heirs else f"{text}."]
    if parts := _ended(basis_provisions(row), lost):
        said = {"number": row["number"], "parts": words(parts)}
        return [_("Căn cứ %(number)s: %(parts)s đã bị bãi bỏ.") % said]
    return []


def step_warnings(content: Content, on: date) -> list[str]:
    """Sentences for numbers in steps that do not resolve or cite what is dead on the day: to be looked at, no bar.

    A step may rightly name a dead act (“… đã được thay thế bởi …”), or one that is none of the register's business.
    """
    steps = [one for one in mentions(content) if one.place == STEP]
    rows = [BasisRow(key=str(at), number=one.number, issuer="", note="") for at, one in enumerate(steps)]
    known, gone = _judged(rows, on) if rows else ({}, {})
    found = []
    for at, one in enumerate(steps):
        regulation = known.get(str(at))
        said = {"step": one.position + 1, "number": one.number}
        if regulation is None:
            found += [_("Bước %(step)d: %(number)s chưa có trong danh mục văn bản.") % said] if one.sure else []
        elif regulation.dead:  # type: ignore[attr-defined]
            found.append(_("Bước %(step)d: %(number)s đã hết hiệu lực.") % said)
        elif parts := _ended(one.provisions, gone.get(regulation.pk, [])):
            text = _("Bước %(step)d: %(parts)s của %(number)s đã bị bãi bỏ.")
            found.append(text % {**said, "parts": words(parts)})
    return found


def _judged(
    rows: Sequence[BasisRow], on: date, agency: Unit | None = None
) -> tuple[dict[str, Regulation], dict[UUID, list[LostPart]]]:
    """Documents of rows with ``dead``, by row key, and their provisions that do not hold on a day; two queries."""
    columns = ("number", "number_key", "issuer", "issuer_key", "kind", "title", "issued_on")
    acts = Regulation.objects.filter(candidates(rows)).only(*columns)
    known = matched(rows, acts.annotate(dead=Case(When(is_dead(on), then=True), default=False)), agency)
    return known, lost_parts([act.pk for act in known.values()], on)


def _ended(cited: Provisions, lost: Iterable[LostPart]) -> Provisions:
    """Those of the cited provisions that are repealed."""
    gone = [one for one in lost if not one.stopped]
    return tuple(part for part in cited if any(one.takes([part]) for one in gone))


def _near(number: str) -> list[str]:
    """Numbers of the register that a cell's words may be a slip of; for a name, the laws so called in any year."""
    names = find_names(number)
    if names and not find_numbers(number):
        words = Q(kind__in=LAW_KINDS)
        for word in names[0].name.split():
            words &= Q(search__contains=word.strip(","))
        laws = list(Regulation.objects.filter(words).order_by("-number_key").only("number", "title")[:LOOKED_THROUGH])
        return [laws[place].number for place in is_named(names[0], [law.title for law in laws])][:SUGGESTIONS]
    head = lookalike(number_key(number))[:3]
    near = Regulation.objects.filter(number_key__startswith=head).values_list("number", flat=True)
    return suggest(number, list(near[:LOOKED_THROUGH]))
