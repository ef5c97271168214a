"""What a version changes against the one in force, with its class; and how it is signed together with others.

The class is computed here, from the frozen contents and the register, when it is shown and once more inside the door
when it is signed: nobody sends it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from documents.classing import JOINS, REPLACES, Change, Law, LegalAct, Link, Verdict, classed
from documents.machines.version import OPEN, SIGNED
from documents.models.citation import candidates, matched
from documents.models.regulation import Regulation, RegulationRelation
from documents.sections import BasisRow, section
from workflows.errors import BadAnswer
from workflows.ledger import stamp
from workflows.models import User

if TYPE_CHECKING:
    from datetime import datetime

    from documents.models.version import DocumentVersion
    from workflows.engine import Act

MOST = 500
"""Versions in one sitting, at most."""
_TOGETHER = (Change.SWAP, Change.EDITORIAL)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OPENED = Signer(salt="documents.sitting")
Links = dict[tuple[Hashable, Hashable], list[Link]]


@dataclass(frozen=True)
class Difference:
    """A version against its base: the class, and a digest of all that a person is shown of it."""

    version: DocumentVersion
    base: DocumentVersion | None
    verdict: Verdict

    @property
    def change(self) -> Change:
        """The class."""
        return self.verdict.change

    @property
    def digest(self) -> str:
        """SHA-256, in hex, over both contents, the class, and each exchange with what justifies it."""
        shown = {
            "v": 1,
            "base": self.base.content_sha256 if self.base else "",
            "content": self.version.content_sha256,
            "class": self.change.value,
            "swaps": [
                [one.old, one.new, one.basis, one.link.kind, str(one.link.since), one.link.through]
                for one in self.verdict.swaps
            ],
        }
        return hashlib.sha256(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def hard(self) -> str:
        """Names of the sections whose substance changes."""
        return ", ".join(str(section(key).label) for key in self.verdict.hard)

    def opened(self, by: User, now: datetime) -> str:
        """Proof that a person opened this very difference."""
        return _OPENED.sign_object({"by": by.pk, "of": str(self.version.pk), "is": self.digest, "at": stamp(now)})

    def opened_at(self, proof: str, by: User | None) -> str:
        """When this person opened this very difference, by the proof; "" if it proves nothing of the kind."""
        try:
            said = _OPENED.unsign_object(proof)
        except (BadSignature, ValueError):
            return ""
        mine = by is not None and (said["by"], said["of"], said["is"]) == (by.pk, str(self.version.pk), self.digest)
        return str(said["at"]) if mine else ""


def differences(versions: Sequence[DocumentVersion]) -> dict[UUID, Difference]:
    """Each version against the newest signed one, which it will follow, else against the one that it followed; by the
    version's id.

    What is issued for a day to come counts: a draft of the version in force would undo it, which is no swap.

    As many queries for many as for one: bases, acts, and one per level of replacement.
    """
    bases = bases_of(versions)
    rows = {pk: (base.content["legal_basis"] if base else []) for pk, base in bases.items()}
    law = laws({one.pk: (rows[one.pk], one.content["legal_basis"]) for one in versions})
    return {
        one.pk: Difference(one, base, classed(base.content if base else None, one.content, law[one.pk]))
        for one in versions
        for base in (bases[one.pk],)
    }


def bases_of(versions: Sequence[DocumentVersion]) -> dict[UUID, DocumentVersion | None]:
    """What each is compared with: the last signed version that begins before it, else the one that it followed."""
    if not versions:
        return {}
    rows = type(versions[0]).objects
    signed: dict[UUID, list[DocumentVersion]] = defaultdict(list)
    for one in rows.filter(state__in=SIGNED, document__in={one.document_id for one in versions}):
        signed[one.document_id].append(one)
    found = {one.pk: max(_before(one, signed[one.document_id]), key=_begins, default=None) for one in versions}
    left = {one.predecessor_id for one in versions if found[one.pk] is None and one.predecessor_id}
    before = rows.in_bulk(list(left)) if left else {}
    return {one.pk: found[one.pk] or before.get(one.predecessor_id) for one in versions}


def _before(version: DocumentVersion, signed: Sequence[DocumentVersion]) -> list[DocumentVersion]:
    coming = version.state in (*OPEN, "cancelled")
    return [one for one in signed if one.pk != version.pk and (coming or _begins(one) < _begins(version))]


def _begins(version: DocumentVersion) -> date:
    return version.effective_from or date.min


def laws(pairs: Mapping[UUID, tuple[Sequence[BasisRow], Sequence[BasisRow]]]) -> dict[UUID, Law]:
    """What the register says of each pair of an old and a new legal basis."""
    rows = [row for pair in pairs.values() for basis in pair for row in basis]
    known = list(Regulation.objects.filter(candidates(rows))) if rows else []
    found = {pk: (matched(old, known), matched(new, known)) for pk, (old, new) in pairs.items()}
    links = links_to({act.pk for old, _new in found.values() for act in old.values()})
    return {pk: Law(_acts(old), _acts(new), links) for pk, (old, new) in found.items()}


def _acts(found: Mapping[str, Regulation]) -> dict[str, LegalAct]:
    return {key: LegalAct(act.pk, act.number, act.issuer, act.title) for key, act in found.items()}


def links_to(acts: Collection[UUID]) -> Links:
    """What acts on these acts, by (acting act, act acted on); through replacements of replacements as well.

    One query per level of replacement, none for nothing.
    """
    found: Links = defaultdict(list)
    heirs: dict[UUID, list[tuple[UUID, str, date | None]]] = defaultdict(list)
    asked, front = set[UUID](), set(acts)
    while front:
        wanted = Q(target__in=front) & (Q(kind__in=JOINS) if not asked else Q(kind=REPLACES))
        rows = RegulationRelation.objects.filter(wanted).order_by("pk")
        since = Coalesce("effective_on", "source__effective_on")
        for source, number, kind, target, day in rows.values_list("source", "source__number", "kind", "target", since):
            if target in acts:
                found[source, target].append(Link(kind, day))
            if kind == REPLACES:
                heirs[target].append((source, number, day))
        asked |= front
        front = {source for target in front for source, _number, _day in heirs[target]} - asked
    for act in acts:
        _chains(act, heirs, found)
    return found


def _chains(act: UUID, heirs: Mapping[UUID, list[tuple[UUID, str, date | None]]], found: Links) -> None:
    """Heirs of heirs, by the shortest way; a way with a day that nobody knows leads nowhere."""
    reached = {act}
    front: list[tuple[UUID, tuple[str, ...], date | None]] = [(act, (), None)]
    while front:
        ahead: list[tuple[UUID, tuple[str, ...], date | None]] = []
        for here, through, since in front:
            for source, number, day in heirs.get(here, ()):
                if source in reached or day is None:
                    continue
                reached.add(source)
                if through:
                    found[source, act].append(Link(REPLACES, since, through))
                ahead.append((source, (*through, number), since or day))
        front = ahead


class SignedInSitting:
    """The part of a version that is signed together with others: the table's answer ``sitting``.

    ``{"id", "size", "difference", "opened"}``: which sitting and of how many, the digest of the difference shown, and
    for a change of writing the proof that it was opened.
    """

    signed_sitting: dict[str, Any] | None = None

    @staticmethod
    def clean_sitting(raw: Any) -> dict[str, Any] | None:
        """Check the answer's shape; raise ``BadAnswer``."""
        if raw is None:
            return None
        wrong = BadAnswer(problems={"sitting": _("Thông tin phiên ký không đúng mẫu.")})
        if not isinstance(raw, dict) or set(raw) - {"id", "size", "difference", "opened"}:
            raise wrong
        size, digest, opened = raw.get("size"), raw.get("difference"), raw.get("opened") or ""
        if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= MOST:
            raise wrong
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest) or not isinstance(opened, str):
            raise wrong
        try:
            return {"id": str(UUID(str(raw.get("id")))), "size": size, "difference": digest, "opened": opened}
        except ValueError:
            raise wrong from None

    def unfit_sitting(self, act: Act) -> list[str]:
        """What forbids signing it together with others: substance, or another difference than the one shown."""
        given = act.answers.get("sitting")
        if not given:
            return []
        found = self._difference()
        if found.change not in _TOGETHER:
            sections = {"sections": found.hard}
            return [_("Bản này sửa nội dung (%(sections)s): phải mở riêng để xem và ký.") % sections]
        if found.digest != given["difference"]:
            return [_("Khác biệt hoặc căn cứ đã thay đổi sau khi hiển thị. Hãy xem lại trước khi ký.")]
        if found.change == Change.EDITORIAL and not found.opened_at(given["opened"], act.by):
            return [_("Chưa mở xem khác biệt của bản này.")]
        return []

    def take_sitting(self, act: Act) -> None:
        """Keep for the ledger what was signed in which sitting."""
        given = act.answers.get("sitting")
        if not given:
            return
        found = self._difference()
        self.signed_sitting = {
            "id": given["id"],
            "size": given["size"],
            "class": found.change.value,
            "difference": found.digest,
            "base": found.base.content_sha256 if found.base else None,
            "opened": found.opened_at(given["opened"], act.by) or None,
        }

    def _difference(self) -> Difference:
        version: Any = self
        return differences([version])[version.pk]
