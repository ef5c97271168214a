"""What the product's own data says of the flags that an inspector judges (domain §6.3, ``auto_*``), stated once.

A flag is said from counts of records, each the length of the list that is its evidence, and from the same facts as
F13. It never touches what was judged: both stand side by side. Of an agency without a document in force nothing is
said, and of three flags nothing ever: the product holds no case files and cannot tell whether an audit is true to life.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from capa.machines.inspection import FLAGS
from capa.models import Finding, InputText, Inspection, Review, Visit
from capa.models.independence import OF_THE_UNIT, WROTE
from capa.models.review import ISSUED
from capa.rollup import Facts
from capa.services import known, rules
from capa.services.agencyfacts import Among, compute, declarations_on, kept_on
from capa.services.known import Count, Place, Places, Where, signed
from capa.services.rules import Figure
from documents.models import Document, DocumentVersion, Publication, ScopeKind, ScopeRow
from documents.services import required
from documents.services.alarm import LAW, condition
from documents.services.asof import versions_in_force
from workflows.models import Move, Seat, day_of


def outdated_law(place: Where) -> QuerySet[DocumentVersion]:
    """Versions in force that cite dead law."""
    rows = known.documents(place)
    return rows.filter(condition(LAW, place.moment, rows))


def idle(place: Where) -> QuerySet[Document]:
    """Documents of groups that the agency keeps and of which none is in force."""
    standing = versions_in_force(place.moment).filter(agency=OuterRef("agency"), document__kind=OuterRef("kind"))
    rows = Document.objects.filter(place.among()).filter(kept_on(place.day), ~Exists(standing))
    found: QuerySet[Document] = rows.order_by("kind", "code_key")
    return found


def items_lacking(place: Where) -> QuerySet[Any]:
    """Items required by a framework model that the agency applies, which have no text in force there."""
    return required.lacking(place.day, place.among()).order_by("named", "version", "position")


def pasted(place: Where) -> QuerySet[Finding]:
    """Findings of signed rounds whose evidence is word for word that of another unit (domain §5.1)."""
    kept = Finding.objects.filter(signed(place, "round__")).exclude(state="withdrawn").exclude(evidence_text="")
    same = kept.filter(agency=OuterRef("agency"), evidence_text=OuterRef("evidence_text")).order_by()
    rows = kept.filter(place.among()).filter(Exists(same.exclude(unit=OuterRef("unit"))))
    found: QuerySet[Finding] = rows.select_related("unit").order_by("round__starts_on", "unit__path", "pk")
    return found


def not_apart(place: Where) -> QuerySet[Visit]:
    """Visits of signed rounds in whose team somebody was of the unit, or had written its documents."""
    went = Visit.members.through.objects.filter(visit=OuterRef(OuterRef("pk"))).values("user")
    lasted = Q(valid_to=None) | Q(valid_to__gt=OuterRef("round__starts_on"))
    seats = Seat.objects.filter(lasted, OF_THE_UNIT, unit=OuterRef("unit"), valid_from__lte=OuterRef("round__ends_on"))
    deeds = Move.objects.filter(machine="version", action__in=WROTE, unit=OuterRef("unit"))
    deeds = deeds.filter(at__date__lt=OuterRef("round__starts_on"))
    of_it = Exists(seats.filter(Q(user=OuterRef("lead")) | Q(user__in=went)))
    wrote = Exists(deeds.filter(Q(actor=OuterRef("lead")) | Q(actor__in=went)))
    rows = Visit.objects.filter(signed(place, "round__"), place.among("round__agency")).filter(of_it | wrote)
    found: QuerySet[Visit] = rows.select_related("round", "unit").order_by("round__starts_on", "unit__path")
    return found


def reviews_right(place: Where) -> QuerySet[Review]:
    """Reviews whose conclusions are out, with every input of the standard and none waived."""
    later = InputText.objects.filter(review=OuterRef("review"), subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    waived = InputText.objects.filter(review=OuterRef("pk"), waived=True).filter(~Exists(later))
    return rules.reviews(place).filter(~Exists(waived), state__in=ISSUED, issued_on__lte=place.day)


def declarations(place: Where) -> QuerySet[Publication]:
    """Declarations that stood on the day."""
    found: QuerySet[Publication] = declarations_on(place.day).filter(place.among()).order_by("agency__path", "pk")
    return found


def links_dead(place: Where) -> QuerySet[ScopeRow]:
    """Documents that the standing declaration names and whose permanent link shows nothing that is in force."""
    standing = versions_in_force(place.moment).filter(document=OuterRef("document"))
    rows = ScopeRow.objects.filter(publication__in=declarations(place).order_by().values("pk"))
    rows = rows.filter(kind=ScopeKind.DOCUMENT, taken=F("publication__taken")).filter(~Exists(standing))
    return rows.order_by("publication", "group", "code_key")


COUNTS = {
    **rules.COUNTS,
    **{
        count.key: count
        for count in (
            Count("outdated_law", _("Tài liệu có hiệu lực viện dẫn văn bản hết hiệu lực"), outdated_law),
            Count("idle", _("Tài liệu thuộc nhóm chưa có tài liệu nào có hiệu lực"), idle),
            Count("items_lacking", _("Mục bắt buộc của mô hình khung chưa có tài liệu có hiệu lực"), items_lacking,
                  by="applier"),
            Count("pasted", _("Phát hiện có bằng chứng chép y nguyên giữa các đơn vị"), pasted),
            Count("not_apart", _("Lượt đánh giá có người của chính đơn vị trong đoàn"), not_apart, by="round__agency"),
            Count("reviews_right", _("Cuộc xem xét đủ đầu vào, đã ra thông báo kết luận"), reviews_right),
            Count("declarations", _("Công bố đang có giá trị trong ngày"), declarations),
            Count("links_dead", _("Tài liệu đã công bố mà đường dẫn không còn bản có hiệu lực"), links_dead,
                  by="publication__agency"),
        )
    },
}  # fmt: skip

Numbers = Mapping[str, int]


@dataclass(frozen=True)
class Auto:
    """How one flag is said from facts and counts: yes, no, or None where it is not known. ``counts``: its lists."""

    flag: str
    counts: tuple[str, ...]
    says: Callable[[Facts, Numbers], bool | None]


def _built(facts: Facts, _n: Numbers) -> bool | None:
    return facts.built and facts.applied if facts.listed else None


def _not_merged(facts: Facts, _n: Numbers) -> bool | None:
    return not facts.full if facts.listed else None


def _audit_ok(_facts: Facts, n: Numbers) -> bool:
    return bool(n["rounds_held"]) and not (n["units_unaudited"] or n["pasted"] or n["not_apart"])


def _incomplete(_facts: Facts, n: Numbers) -> bool:
    return bool((n["rounds_held"] and n["units_unaudited"]) or (n["reviews_held"] and not n["reviews_right"]))


AUTO: Mapping[str, Auto] = {
    one.flag: one
    for one in (
        Auto("built_applied", ("documents", "idle", "announced", "uncovered", "items_lacking"), _built),
        Auto("outdated_law", ("outdated_law",), lambda _facts, n: n["outdated_law"] > 0),
        Auto("internal_not_merged", ("announced", "uncovered"), _not_merged),
        Auto("audit_done", ("rounds_held",), lambda _facts, n: n["rounds_held"] > 0),
        Auto("audit_ok", ("units", "units_unaudited", "pasted", "not_apart"), _audit_ok),
        Auto("review_done", ("reviews_held",), lambda _facts, n: n["reviews_held"] > 0),
        Auto("review_ok", ("reviews_held", "reviews_right"), lambda _facts, n: n["reviews_right"] > 0),
        Auto("incomplete", ("units_unaudited", "reviews_held", "reviews_right"), _incomplete),
        Auto("generic", ("pasted",), lambda _facts, n: n["pasted"] > 0),
        Auto("cross_check_wrong", ("not_apart",), lambda _facts, n: n["not_apart"] > 0),
        Auto("posted", ("declarations",), lambda _facts, n: n["declarations"] > 0),
        Auto("link_alive", ("declarations", "links_dead"), lambda _facts, n: n["declarations"] > n["links_dead"] == 0),
    )
}
"""By flag; those of ``FLAGS`` that are missing here nobody but an inspector can tell."""
DECISIVE = ("outdated_law", "rounds_held", "units_unaudited", "pasted", "not_apart", "reviews_held", "reviews_right",
            "declarations", "links_dead")  # fmt: skip
"""Counts that decide a flag; the others only show on what it rests."""
Flags = dict[str, bool | None]


def flags_of(facts: Mapping[int, Facts], day: date, year: int) -> dict[int, Flags]:
    """Every flag of those agencies that work with the product, by agency; a fixed number of queries for all of them."""
    mine = {pk: one for pk, one in facts.items() if one.applied}
    if not mine:
        return {}
    places = Places(tuple(mine), day, year)
    counted = {key: COUNTS[key].numbers(places) for key in DECISIVE}
    return {pk: _flags(one, {key: found.get(pk, 0) for key, found in counted.items()}) for pk, one in mine.items()}


def _flags(facts: Facts, numbers: Numbers) -> Flags:
    return {flag.key: AUTO[flag.key].says(facts, numbers) if flag.key in AUTO else None for flag in FLAGS}


@dataclass(frozen=True)
class Said:
    """One flag by the product's data; None: not known. ``figures``: the numbers it rests on, each with its list."""

    flag: str
    value: bool | None
    figures: Sequence[Figure] = ()


def place_of(inspection: Inspection) -> Place:
    """The inspected agency today, in the plan's year."""
    return Place(inspection.about, day_of(), inspection.plan.year)


def said_of(place: Place) -> dict[str, Said]:
    """The same of one agency with every number it rests on; nothing where the agency does not work with the product."""
    facts = next(iter(compute(place.day, Among(ids=[place.agency.pk]))), None)
    if facts is None or not facts.applied:
        return {}
    keys = dict.fromkeys((*DECISIVE, *(key for one in AUTO.values() for key in one.counts)))
    numbers = {key: COUNTS[key].number(place) for key in keys}
    shown = {key: Figure(key, str(COUNTS[key].label), number) for key, number in numbers.items()}
    return {
        key: Said(key, value, [shown[name] for name in AUTO[key].counts] if key in AUTO else ())
        for key, value in _flags(facts, numbers).items()
    }
