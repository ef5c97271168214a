"""Where a record stands, in words for people: its history, who holds the roles it waits on, and why one cannot act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows.models import Move, Record, Seat, User, covers, day_of
from workflows.roles import CLOCK, label_of
from workflows.tables import Machine, Refusal, Stage, Step, judge


def history_of(record: Record) -> list[Move]:
    """The record's deeds, oldest first; read once per record object."""
    cache = record.__dict__
    if "_history" not in cache:
        cache["_history"] = list(Move.objects.of(record.pk).defer("body"))
    return cast("list[Move]", cache["_history"])


def as_told(record: Record, user: User, moves: Iterable[Move]) -> list[Move]:
    """The deeds as this person reads them: words of inner ones, and their sealed body, are for insiders."""
    found = list(moves)
    inner = {step.action for step in record.machine.steps if step.inner}
    if inner and not record.is_insider(user):
        for move in found:
            if move.action in inner:
                move.note, move.body = (_("Nội dung chỉ người lập và duyệt hồ sơ được đọc.") if move.note else ""), ""
    return found


def holders_of(record: Record) -> dict[str, list[User]]:
    """Who holds today each role that has a step in the record's table, for this record; read once per record object.

    The national register belongs to no agency: whoever keeps it sits in every one, and is not listed.
    """
    cache = record.__dict__
    if "_holders" not in cache:
        cache["_holders"] = _holders(record)
    return cast("dict[str, list[User]]", cache["_holders"])


def _holders(record: Record) -> dict[str, list[User]]:
    if not record.agency_id:
        return {}
    roles = {role for step in record.machine.steps for role in step.by}
    near = Q(unit=record.unit_id) | Q(unit__agency=record.agency_id)
    found: dict[str, list[User]] = {}
    for seat in Seat.objects.held_on(day_of()).filter(near, role__in=roles).select_related("user", "unit"):
        people = found.setdefault(seat.role, [])
        if covers(seat, record.agency_id, record.unit_id) and seat.user not in people:
            people.append(seat.user)
    return found


def refusal_of(record: Record, user: User, action: str) -> Refusal | None:
    """Why the person may not do this now, as the door would judge it before it looks at answers; None: may."""
    roles = {seat.role for seat in user.seats_held() if covers(seat, record.agency_id, record.unit_id)}
    deeds = {move.action for move in history_of(record) if move.actor_id == user.pk}
    step = record.machine.step(action, record.state)
    ties = record.ties_of(user, step.ties) if step and roles.intersection(step.by) else set()
    return judge(record.machine, record.state, action, roles, deeds, ties=ties)


def reason(record: Record, user: User, step: Step, refusal: Refusal) -> str:
    """Say a refusal in a sentence: the roles needed and who holds them, or the own deed that stands in the way."""
    if refusal.code == "same_hand":
        deed = _deed_label(record.machine, refusal.detail)
        own = [move for move in history_of(record) if (move.action, move.actor_id) == (refusal.detail, user.pk)]
        if not own:
            return _("Bạn đã “%(deed)s” hồ sơ này nên bước này phải do người khác làm.") % {"deed": deed}
        return _("Bạn đã “%(deed)s” hồ sơ này lúc %(at)s nên bước này phải do người khác làm.") % {
            "deed": own[-1].action_label,
            "at": f"{timezone.localtime(own[-1].at):%d/%m/%Y %H:%M}",
        }
    if refusal.code in ("barred", "not_tied"):
        label = record.machine.tie(refusal.detail).label
        words = (
            _("Bạn %(tie)s nên bước này phải do người khác làm.")
            if refusal.code == "barred"
            else _("Bước này chỉ dành cho: %(tie)s.")
        )
        return words % {"tie": label}
    if refusal.detail:
        return _("Chỉ người đã “%(deed)s” mới làm được.") % {"deed": _deed_label(record.machine, refusal.detail)}
    return _("Cần vai trò: %(roles)s.") % {"roles": roles_with_holders(record, step.by)}


def _deed_label(machine: Machine, action: str) -> str:
    return str(machine.rows_of(action)[0].label)


def roles_with_holders(record: Record, roles: tuple[str, ...]) -> str:
    """Roles in words, each with the people who hold it today; an empty seat is said, for then the record is stuck."""
    held, said = holders_of(record), []
    for role in roles:
        if role == CLOCK or not record.agency_id:
            said.append(label_of(role))
        elif people := held.get(role):
            said.append(f"{label_of(role)} ({', '.join(str(one) for one in people)})")
        else:
            said.append(_("%(role)s (hôm nay chưa ai giữ)") % {"role": label_of(role)})
    return ", ".join(said)


def waits_in_words(record: Record) -> str:
    """Whose turn it is: roles with the people who hold them today, or the one person the record names; "": nobody's."""
    turns = [(role, person) for role, person in record.turns() if role != CLOCK]
    named = {person for _role, person in turns if person}
    people = [str(user) for user in User.objects.filter(pk__in=named)] if named else []
    return ", ".join(filter(None, (*people, roles_with_holders(record, tuple(r for r, person in turns if not person)))))


def main_path(machine: Machine) -> list[Stage]:
    """The stages a record passes when all goes well, read off the table.

    From the first start row always the first step that leads to a stage further down; it ends where a public stage
    leads only to an end: what comes then is the end of life, not progress.
    """
    order = {state: place for place, state in enumerate(machine.states)}
    state, path = machine.starts[0].target, [machine.stage(machine.starts[0].target)]
    while ahead := [step for step in machine.steps_from(state) if order[step.target] > order[state]]:
        following = machine.stage(ahead[0].target)
        if following.final and machine.stage(state).public:
            break
        state = following.state
        path.append(following)
    return path


def progress(record: Record) -> list[tuple[Stage, str]]:
    """The main path with marks ``done``, ``now`` and ``next``; a record beside the path stands at its end, alone."""
    path = main_path(record.machine)
    states = [stage.state for stage in path]
    if record.state not in states:
        passed = {move.target for move in history_of(record)}
        return [*((stage, "done") for stage in path if stage.state in passed), (record.stage, "now")]
    at = states.index(record.state)
    marks = ["done"] * at + ["now"] + ["next"] * (len(path) - at - 1)
    return list(zip(path, marks, strict=True))
