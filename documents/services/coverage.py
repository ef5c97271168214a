"""Coverage: announced administrative procedures against documents in force, both ways (domain §6.3, F14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from documents.models import AnnouncedProcedure, DocumentKind, DocumentVersion
from documents.models.announced import AnnouncedQuerySet, standing_on
from documents.models.version import VersionQuerySet
from documents.services.asof import Moment, versions_in_force
from workflows.models import Unit, User


@dataclass(frozen=True)
class Ratio:
    """``44/44``: of so many announced procedures, so many have a document in force; or nobody knows the list.

    ``known`` is False where no list was announced by the day: then nothing is said, least of all 100 %.
    """

    covered: int = 0
    announced: int = 0
    surplus: int = 0
    known: bool = True

    @property
    def missing(self) -> int:
        """Announced procedures without a document in force."""
        return self.announced - self.covered

    @property
    def percent(self) -> Decimal | None:
        """Covered of announced, one decimal, half up (domain §6.3); None where nothing is announced."""
        if not self.known or not self.announced:
            return None
        return (Decimal(self.covered * 100) / self.announced).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def full(self) -> bool:
        """Every announced procedure has its document; False where nobody knows the list."""
        return self.known and not self.missing

    def __str__(self) -> str:
        return f"{self.covered}/{self.announced}" if self.known else "?"

    def __add__(self, other: Ratio) -> Ratio:
        """Of two places together; a place whose list nobody knows adds nothing."""
        mine, more = (one if one.known else Ratio(known=False) for one in (self, other))
        return Ratio(
            mine.covered + more.covered,
            mine.announced + more.announced,
            mine.surplus + more.surplus,
            known=mine.known or more.known,
        )


def procedures_in_force(at: Moment, user: User | None) -> VersionQuerySet:
    """Versions in force of procedures (TTHC) at a moment that a person sees; None: of everybody's."""
    found = versions_in_force(at).filter(document__kind=DocumentKind.TTHC_PROC)
    return found if user is None else found.visible_to(user)


def _seen(rows: AnnouncedQuerySet, user: User | None) -> AnnouncedQuerySet:
    return rows if user is None else rows.visible_to(user)


def _announced(at: Moment, user: User | None) -> AnnouncedQuerySet:
    return _seen(AnnouncedProcedure.objects.standing(at.on, at.cutoff), user).order_by()


def _documented(at: Moment, user: User | None) -> Exists:
    """Whether an announced procedure has a document in force in its agency."""
    found = procedures_in_force(at, user)
    return Exists(found.filter(agency=OuterRef("agency"), document__code_key=OuterRef("code_key")))


def _unannounced(at: Moment, user: User | None) -> VersionQuerySet:
    """Procedures in force that nobody announces, in agencies whose list is known."""
    same = _announced(at, user).filter(agency=OuterRef("agency"), code_key=OuterRef("document__code_key"))
    listed = _lists(at, user).filter(agency=OuterRef("agency"))
    return procedures_in_force(at, user).filter(~Exists(same), Exists(listed))


def _lists(at: Moment, user: User | None) -> AnnouncedQuerySet:
    """Everything put on a list by a moment: where there is any, the list is known."""
    return _seen(AnnouncedProcedure.objects.lists(at.on, at.cutoff), user).order_by()


def ratios(at: Moment, user: User | None, **agencies: Any) -> dict[int, Ratio]:
    """Coverage by agency, both ways, of those whose list is known; others are left out. Two queries.

    ``agencies``: which ones, as conditions on ``agency``. A procedure announced twice counts once.
    """
    left: Any = _unannounced(at, user).filter(**agencies).order_by().values("agency").annotate(n=Count("pk"))
    surplus = {row["agency"]: row["n"] for row in left}
    return {pk: replace(one, surplus=surplus.get(pk, 0)) for pk, one in covered(at, user, **agencies).items()}


def covered(at: Moment, user: User | None, **agencies: Any) -> dict[int, Ratio]:
    """The same one way only, without the surplus; one query."""
    live = standing_on(at.on, at.cutoff)
    codes = Count("code_key", distinct=True, filter=live)
    done = Count("code_key", distinct=True, filter=live & Q(_documented(at, user)))
    rows: Any = _lists(at, user).filter(**agencies).values("agency").annotate(n=codes, done=done)
    return {row["agency"]: Ratio(row["done"], row["n"]) for row in rows}


@dataclass(frozen=True)
class Surplus:
    """A procedure in force that nobody announces; ``ended``: the decision that did away with it, if there is one."""

    version: DocumentVersion
    ended: AnnouncedProcedure | None


@dataclass
class Share:
    """One unit's part of its agency's list. ``unit`` None: procedures of a field that no unit is in charge of.

    ``missing``: latest announcement of each procedure without a document; ``covered``: versions in force.
    """

    unit: Unit | None
    covered: list[DocumentVersion] = field(default_factory=list)
    missing: list[AnnouncedProcedure] = field(default_factory=list)
    surplus: list[Surplus] = field(default_factory=list)

    @property
    def ratio(self) -> Ratio:
        """The unit's figure."""
        return Ratio(len(self.covered), len(self.covered) + len(self.missing), len(self.surplus))


def shares(agency: Unit, at: Moment, user: User) -> list[Share]:
    """One agency's list by unit, both ways; five queries. A missing procedure falls to the unit in charge of its field.

    Empty where nobody announced a list by then.
    """
    if not _lists(at, user).filter(agency=agency).exists():
        return []
    announced = _latest(_announced(at, user).filter(agency=agency).order_by("effective_on", "pk"))
    standing = procedures_in_force(at, user).filter(agency=agency).for_list().order_by("document__code_key")
    units = {unit.pk: unit for unit in Unit.objects.filter(agency=agency).order_by("path")}
    by_field = {name: pk for pk, unit in units.items() for name in unit.fields}
    found: dict[int | None, Share] = defaultdict(lambda: Share(None))
    found.update({pk: Share(unit) for pk, unit in units.items()})
    ends = _endings(agency, at, user)
    for version in standing:
        key, share = version.document.code_key, found[version.unit_id]
        if key in announced:
            share.covered.append(version)
        else:
            share.surplus.append(Surplus(version, ends.get(key)))
    held = {version.document.code_key for share in found.values() for version in share.covered}
    for key, row in sorted(announced.items()):
        if key not in held:
            found[by_field.get(row.field)].missing.append(row)
    order: list[int | None] = [*units, None]
    return [found[pk] for pk in order if pk in found and (found[pk].ratio.announced or found[pk].surplus)]


def _latest(rows: Iterable[AnnouncedProcedure]) -> dict[str, AnnouncedProcedure]:
    """The latest announcement of each procedure; rows come in the order of time, those of unknown day first."""
    ordered = sorted(rows, key=lambda row: (row.effective_on is not None, row.effective_on, row.pk))
    return {row.code_key: row for row in ordered}


def _endings(agency: Unit, at: Moment, user: User) -> dict[str, AnnouncedProcedure]:
    """By procedure the last decision that did away with it: an abolition, or one that put another in its place."""
    mine = AnnouncedProcedure.objects.visible_to(user).filter(agency=agency)
    found = {row.code_key: row for row in mine.abolished(at.on, at.cutoff).order_by("effective_on", "pk")}
    replacing = mine.standing(at.on, at.cutoff).exclude(replaces_key="").exclude(effective_on=None)
    for row in replacing.order_by("effective_on", "pk"):
        found[row.replaces_key] = row
    return found
