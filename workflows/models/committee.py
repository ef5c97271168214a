"""A steering committee on its way to a decision, and a seat of one that stands empty (domain §2.1)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows.errors import BadAnswer
from workflows.machines.committee import ESTABLISHMENT, HEAD, NEEDED, VACANT_SEAT
from workflows.models.people import Committee, Seat, Unit, User
from workflows.models.record import Record, RecordQuerySet
from workflows.models.tree import NUMBER_LIMIT
from workflows.roles import Role, label_of
from workflows.tables import Step

if TYPE_CHECKING:
    from workflows.engine import Act

COMMITTEE_ROLES = (*NEEDED, Role.SUPPORT_TEAM, Role.STEERING_MEMBER)
"""Seats that a committee's decision gives; the other roles are given one by one."""
MEMBER_LIMIT = 100
KEYS = frozenset({"username", "role", "unit"})


def open_seats(agency: Unit, day: date) -> models.QuerySet[Seat]:
    """Seats of an agency's committee that run on a day or begin later."""
    runs = Q(valid_to=None) | Q(valid_to__gt=day)
    return Seat.objects.filter(runs, unit__agency=agency, role__in=COMMITTEE_ROLES)


def checked_number(number: str) -> None:
    """Raises ``BadAnswer`` for a number of a decision that is longer than one may be."""
    if len(number) > NUMBER_LIMIT:
        raise BadAnswer(problems={"decision_no": _("Dài quá %(limit)d ký tự.") % {"limit": NUMBER_LIMIT}})


class AboutQuerySet(RecordQuerySet[Any]):
    """Records with the agency they are about."""

    def for_list(self) -> AboutQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("about")


class Establishment(Record):
    """Who is to sit in an agency's committee, until the decision is signed; then the seats are theirs.

    ``agency`` is who prepares it: the agency itself, or one above where nobody there can yet. ``members``: rows of
    ``username``, ``role`` and the ``unit``'s id.
    """

    machine = ESTABLISHMENT

    about = models.ForeignKey(Unit, models.PROTECT, related_name="establishments")
    members: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    committee = models.OneToOneField(Committee, models.PROTECT, null=True, related_name="establishment")

    objects: ClassVar[AboutQuerySet] = AboutQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("quyết định lập Ban chỉ đạo")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["about", "state"], name="establishment_about"),)

    def __str__(self) -> str:
        return _("Ban chỉ đạo ISO của %(agency)s") % {"agency": self.about}

    def get_absolute_url(self) -> str:
        """Page of the committee to be."""
        return reverse("workflows:establishment", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Whose committee, and everyone in it."""
        return {"about": self.about_id, "members": self.members}

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Members are people and places that there are; the number as long as it may be."""
        del step
        if "members" in answers:
            answers["members"] = self._members(answers["members"])
        checked_number(answers.get("decision_no", ""))
        return answers

    def _members(self, given: Any) -> list[dict[str, Any]]:
        if not isinstance(given, list) or not given or len(given) > MEMBER_LIMIT:
            raise BadAnswer(problems={"members": _("Cần từ 1 đến %(n)d thành viên.") % {"n": MEMBER_LIMIT}})
        rows = [one for one in given if isinstance(one, dict) and set(one) == KEYS and _typed(one)]
        if len(rows) != len(given):
            raise BadAnswer(problems={"members": _("Mỗi thành viên gồm username, role và unit.")})
        names = {one["username"] for one in rows}
        people = set(User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True))
        units = set(Unit.objects.filter(agency=self.about_id).values_list("pk", flat=True))
        unknown = _("Không có người dùng “%(name)s” đang hoạt động.")
        problems = [unknown % {"name": name} for name in sorted(names - people)]
        if {one["unit"] for one in rows} - units:
            problems.append(_("Có đơn vị không thuộc cơ quan này."))
        if {one["role"] for one in rows} - {*COMMITTEE_ROLES}:
            problems.append(_("Có vai trò không thuộc Ban chỉ đạo."))
        if len({tuple(sorted(one.items(), key=str)) for one in rows}) != len(rows):
            problems.append(_("Có dòng lặp lại."))
        if problems:
            raise BadAnswer(problems={"members": " ".join(problems)})
        return rows

    def take_members(self, act: Act) -> None:
        """Write down who is to sit."""
        self.members = act.answers["members"]

    def incomplete(self, act: Act) -> list[str]:
        """A committee needs its three seats, one head, a decision of its own, and to begin after the one before."""
        given, found = act.answers, []
        roles = [one["role"] for one in self.members]
        lacking = [label_of(role) for role in NEEDED if role not in roles]
        if lacking:
            found.append(_("Thiếu: %(roles)s.") % {"roles": ", ".join(lacking)})
        if roles.count(HEAD) > 1:
            found.append(_("Chỉ có một Trưởng Ban chỉ đạo."))
        if not self.about.path.startswith(self.agency.path) or not self.about.is_agency:
            found.append(_("Chỉ lập Ban chỉ đạo của cơ quan mình và các cơ quan trong cây của mình."))
        if given["decision_on"] > act.day:
            found.append(_("Ngày quyết định không thể sau ngày ghi."))
        if Committee.objects.filter(agency=self.about, decision_no=given["decision_no"]).exists():
            found.append(_("Quyết định số này đã lập một Ban chỉ đạo của cơ quan."))
        late = open_seats(self.about, given["valid_from"]).filter(valid_from__gte=given["valid_from"]).exists()
        if late or Committee.objects.filter(agency=self.about, valid_from__gte=given["valid_from"]).exists():
            found.append(_("Ngày hiệu lực phải sau ngày bắt đầu của Ban chỉ đạo và các vị trí hiện có."))
        return found

    def establish(self, act: Act) -> None:
        """End the committee before with its seats, and seat the new one from its day on."""
        day, given = act.answers["valid_from"], act.answers
        Unit.objects.select_for_update().get(pk=self.about_id)  # two decisions on one agency, one after the other
        runs = Q(valid_to=None) | Q(valid_to__gt=day)
        Committee.objects.filter(runs, agency=self.about).update(valid_to=day)
        open_seats(self.about, day).update(valid_to=day)
        facts = {"decision_no": given["decision_no"], "decision_on": given["decision_on"], "valid_from": day}
        self.committee = Committee.objects.create(agency=self.about, **facts)
        people = User.objects.in_bulk([one["username"] for one in self.members], field_name="username")
        Seat.objects.bulk_create(
            Seat(user=people[one["username"]], role=one["role"], unit_id=one["unit"], committee=self.committee, **facts)
            for one in self.members
        )


def _typed(row: dict[str, Any]) -> bool:
    texts = isinstance(row["username"], str) and isinstance(row["role"], str)
    return texts and isinstance(row["unit"], int) and not isinstance(row["unit"], bool)


class VacantSeat(Record):
    """An agency whose committee has nobody in a seat without which the system stands still.

    Whether a seat is empty is computed from seats (``workflows.vacancies``); this is the task that follows from it.
    """

    machine = VACANT_SEAT

    about = models.ForeignKey(Unit, models.PROTECT, related_name="vacant_seats")
    role = models.CharField(lazy("vai trò"), max_length=30, choices=Role.choices)

    objects: ClassVar[AboutQuerySet] = AboutQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("vị trí bỏ trống")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=["about", "role"], condition=Q(state="open"), name="vacant_seat_open_once"),
        )

    def __str__(self) -> str:
        return _("%(agency)s chưa có %(role)s") % {"agency": self.about, "role": label_of(self.role)}

    def get_absolute_url(self) -> str:
        """Page of the empty seat."""
        return reverse("workflows:vacant_seat", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Which seat of which agency."""
        return {"about": self.about_id, "role": self.role}

    def options(self, name: str) -> list[tuple[str, str]]:
        """People who hold any seat in the agency and are not this one already."""
        if name != "person":
            return super().options(name)
        seated = User.objects.filter(seats__unit__agency=self.about_id, is_active=True).distinct()
        return [(str(one.pk), f"{one} ({one.position})" if one.position else str(one)) for one in seated]

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The number as long as it may be."""
        del step
        checked_number(answers.get("decision_no", ""))
        return answers

    def unfit(self, act: Act) -> list[str]:
        """By a decision of today or before, from a day that has come; nobody seats themselves."""
        given, found = act.answers, []
        if act.by is not None and given["person"] == str(act.by.pk):
            found.append(_("Không ai tự bố trí mình; hãy để người khác ghi."))
        if given["decision_on"] > act.day or given["valid_from"] > act.day:
            found.append(_("Ngày quyết định và ngày giữ vị trí không thể sau ngày ghi."))
        same = {"user": given["person"], "role": self.role, "unit": self.about, "valid_from": given["valid_from"]}
        if Seat.objects.filter(**same).exists():
            found.append(_("Người này đã có vị trí ấy từ đúng ngày này."))
        return found

    def seat_person(self, act: Act) -> None:
        """Give the seat."""
        given = act.answers
        runs = Q(valid_to=None) | Q(valid_to__gt=given["valid_from"])
        mine = Committee.objects.filter(runs, agency=self.about, valid_from__lte=given["valid_from"])
        Seat.objects.create(
            user_id=int(given["person"]),
            role=self.role,
            unit=self.about,
            committee=mine.order_by("valid_from").last(),
            decision_no=given["decision_no"],
            decision_on=given["decision_on"],
            valid_from=given["valid_from"],
        )
