"""The input pack of a management review: figures with the rows behind each, live until the meeting, then frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from capa import printing
from capa.machines.review import INPUTS, KINDS, Input
from capa.models import InputText, Output, Pack, Review
from capa.services.known import COUNTS, Count, Place
from capa.services.listing import Line
from workflows.models import Move, Record


@dataclass(frozen=True)
class Number:
    """A figure of the pack: what it counts, and how many."""

    key: str
    label: str
    number: int


@dataclass(frozen=True)
class Part:
    """One input: its figures, and what was written of it or why it was waived."""

    row: Input
    numbers: Sequence[Number]
    text: str = ""
    by: str = ""
    waived: bool = False

    @property
    def is_missing(self) -> bool:
        """Somebody has yet to write it."""
        return self.row.written and not self.text


@dataclass(frozen=True)
class Inputs:
    """The whole pack as of a day; ``frozen``: as it stood when the meeting was held."""

    as_of: date
    frozen: bool
    parts: Sequence[Part]


def place_of(review: Review, day: date) -> Place:
    """The whole agency, in the review's year."""
    return Place(review.agency, day, review.year)


def pack_of(review: Review, day: date) -> dict[str, Any]:
    """Everything as JSON, in Vietnamese whoever holds the meeting: figures, rows behind each, texts and waivers."""
    with translation.override("vi"):
        place, said = place_of(review, day), review.said()
        counts = {key: frozen(COUNTS[key], place) for one in INPUTS for key in one.counts}
        texts = {
            key: {"text": row.text, "waived": row.waived, "by": str(row.by) if row.by else ""}
            for key, row in said.items()
        }
        return {"as_of": day.isoformat(), "counts": counts, "texts": texts}


def frozen(count: Count, place: Place) -> dict[str, Any]:
    """A figure as it is kept: its label, and text, address and unit of every row that it counts."""
    rows = [_row(one) for one in count.rows(place)]
    return {"label": str(count.label), "rows": rows}


def _row(row: Any) -> list[str]:
    """Text, address and unit of a counted row."""
    if isinstance(row, Record):
        return [str(row), row.get_absolute_url(), str(row.unit)]
    named = (str(getattr(row, "code", "") or ""), str(getattr(row, "title", "") or row))
    return [" · ".join(filter(None, named)), "", ""]


def inputs_of(review: Review, day: date) -> Inputs:
    """The pack as it stands, or as it stood when the meeting was held."""
    if review.is_held:
        pack = Pack.objects.get(review=review)
        return Inputs(pack.as_of, True, [_kept(one, pack.body) for one in INPUTS])
    place, said = place_of(review, day), review.said()
    return Inputs(day, False, [_live(one, place, said) for one in INPUTS])


def _kept(one: Input, body: Mapping[str, Any]) -> Part:
    counts, text = body["counts"], body["texts"].get(one.key, {})
    numbers = [Number(key, counts[key]["label"], len(counts[key]["rows"])) for key in one.counts if key in counts]
    return Part(one, numbers, text.get("text", ""), text.get("by", ""), text.get("waived", False))


def _live(one: Input, place: Place, said: Mapping[str, InputText]) -> Part:
    numbers = [Number(key, str(COUNTS[key].label), COUNTS[key].number(place)) for key in one.counts]
    row = said.get(one.key)
    return Part(one, numbers) if row is None else Part(one, numbers, row.text, str(row.by or ""), row.waived)


def kept_lines(review: Review, key: str) -> tuple[str, list[Line]] | None:
    """What a frozen figure counted, and its rows; None if the pack has no such figure."""
    found = Pack.objects.get(review=review).body["counts"].get(key)
    if found is None:
        return None
    return found["label"], [Line(text, url, unit=unit) for text, url, unit in found["rows"]]


def notice_of(review: Review, outputs: Sequence[Output], moves: Sequence[Move], day: date) -> printing.Conclusions:
    """The notice of conclusions, in Vietnamese whoever prints it."""
    with translation.override("vi"):
        above, labels = review.agency.parent, dict(KINDS)
        return printing.Conclusions(
            head=printing.Letterhead(agency=str(review.agency), superior=str(above) if above else "", printed_on=day),
            number=review.number,
            dated=review.issued_on,
            subject=str(review),
            held=review.held_on,
            attendance=review.attendance,
            conclusions=review.minutes,
            works=tuple(
                printing.Work(
                    kind=str(labels[one.kind]),
                    what=one.what,
                    who=f"{one.owner}, {one.unit}",
                    due=one.due,
                    resources=one.resources,
                )
                for one in outputs
            ),
            signers=(printing.Signer(capacity="TRƯỞNG BAN CHỈ ĐẠO ISO", name=_signer(moves)),),
            distribution=(_("Ban chỉ đạo ISO"), *dict.fromkeys(str(one.unit) for one in outputs)),
            history=tuple(_signature(move) for move in moves),
        )


def _signer(moves: Sequence[Move]) -> str:
    return next((str(move.actor) for move in reversed(moves) if move.action == "issue"), "")


def _signature(move: Move) -> printing.Signature:
    return printing.Signature(
        who=str(move.actor) if move.actor else str(move.role_label),
        role=str(move.role_label) if move.actor else "",
        decision=move.ground,
        at=timezone.localtime(move.at).replace(tzinfo=None),
        deed=str(move.action_label),
    )
