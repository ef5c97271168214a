"""The heir of each replaced act in a legal basis, and a draft that starts with the exchange made."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from documents.classing import REPLACES, Link
from documents.content import Content
from documents.models.citation import candidates, matched
from documents.models.difference import Links, links_to
from documents.models.regulation import Regulation
from documents.numbers import number_key
from documents.sections import BasisRow

if TYPE_CHECKING:
    from documents.models.version import DocumentVersion

NOTED = 20
"""Exchanges that a note names one by one."""


@dataclass(frozen=True)
class Heir:
    """The act at the end of the line of replacements, and what the register says of the first of them."""

    act: Regulation
    link: Link


def heirs_of(bases: Mapping[UUID, Sequence[BasisRow]]) -> dict[UUID, dict[str, Heir]]:
    """For many legal bases at once, the one heir of each replaced act, by the row's key.

    Left out where the line forks, or has a day that nobody knows, or where the cell says more than the number: then a
    person must choose.
    """
    rows = [row for basis in bases.values() for row in basis]
    known = list(Regulation.objects.filter(candidates(rows))) if rows else []
    cited = {pk: _bare(basis, matched(basis, known)) for pk, basis in bases.items()}
    last = _last(links_to({act.pk for acts in cited.values() for act in acts.values()}))
    acts = Regulation.objects.in_bulk([heir for heir, _link in last.values()]) if last else {}
    return {
        pk: {key: Heir(acts[last[act.pk][0]], last[act.pk][1]) for key, act in found.items() if act.pk in last}
        for pk, found in cited.items()
    }


def _bare(basis: Sequence[BasisRow], acts: Mapping[str, Regulation]) -> dict[str, Regulation]:
    keys = {row["key"]: number_key(row["number"]) for row in basis}
    return {key: act for key, act in acts.items() if keys[key] == act.number_key}


def _last(links: Links) -> dict[Any, tuple[Any, Link]]:
    """The last heir of each act: one at every distance, each with its day."""
    lines: dict[Any, list[tuple[Any, Link]]] = defaultdict(list)
    for (source, target), found in links.items():
        if replacing := [(source, link) for link in found if link.kind == REPLACES]:
            lines[target] += replacing
    ends = {}
    for target, line in lines.items():
        farthest = max(len(link.through) for _heir, link in line)
        if len(line) == farthest + 1 and all(link.since for _heir, link in line):
            ends[target] = next(one for one in line if len(one[1].through) == farthest)
    return ends


def swapped(content: Content, heirs: Mapping[str, Heir]) -> tuple[Content, list[tuple[str, str]]]:
    """The content with each replaced act exchanged for its heir, and the pairs of numbers; notes stay for people.

    A row goes where its heir is cited already, unless it has a note.
    """
    new = copy.deepcopy(content)
    basis, pairs = list[BasisRow](), list[tuple[str, str]]()
    cited = {number_key(row["number"]) for row in content["legal_basis"]}
    for row in new["legal_basis"]:
        heir = heirs.get(row["key"])
        if heir is None:
            basis.append(row)
            continue
        if heir.act.number_key in cited:
            if row["note"]:
                basis.append(row)
                continue
        else:
            basis.append({**row, "number": heir.act.number, "issuer": heir.act.issuer if row["issuer"] else ""})
            cited.add(heir.act.number_key)
        pairs.append((row["number"], heir.act.number))
    return {**new, "legal_basis": basis}, pairs


def swapped_of(version: DocumentVersion) -> tuple[Content, list[tuple[str, str]]]:
    """The same of one version's content, by the register as it is."""
    heirs = heirs_of({version.pk: version.content["legal_basis"]})
    return swapped(version.content, heirs[version.pk])


def noted(pairs: Sequence[tuple[str, str]]) -> str:
    """The exchanges as a sentence for the draft's note: nothing is exchanged silently."""
    named = "; ".join(f"{old} → {new}" for old, new in pairs[:NOTED])
    more = "…" if len(pairs) > NOTED else ""
    return _("Đã đổi sẵn căn cứ, cần kiểm tra điều khoản: %(pairs)s") % {"pairs": f"{named}{more}"}
