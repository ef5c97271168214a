"""The small world of the tests: two provinces' justice departments, a commune, and a person for every seat.

Lan drafts in Hành chính tư pháp, Minh heads that unit, Hoa is ISO secretary, Quang is QMR, Tuấn heads the committee,
Vân is records clerk, Phúc watches the law, Bình audits, Sơn is plain staff; Mai drafts and Hùng heads in Bổ trợ
tư pháp. Dũng is everything in the foreign agency. Xuân drafts in a commune below. Cao coordinates the province above.
Root is superuser and holds no seat. Nghỉ has left: her account is closed though her seat runs on.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import date

from django.core.management.color import no_style
from django.db import connection

from workflows.models import Committee, Seat, Unit, UnitKind, User
from workflows.roles import Role

SINCE = date(2026, 1, 5)
DECISION = "12/QĐ-STP"


@dataclass
class World:
    """Units and people by short name."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        found: User | None = self.__dict__.get("people", {}).get(name)
        if found is None:
            raise AttributeError(name)
        return found

    def unit(self, name: str) -> Unit:
        """A unit by short name."""
        return self.units[name]

    def holder(self, role: str) -> User:
        """The person of the first department who holds a role; for unit roles the one in ``hctp``."""
        return self.people[HOLDERS[Role(role)]]


MODELS: tuple[type[Unit | User | Committee | Seat], ...] = (Unit, User, Committee, Seat)
HOLDERS = {
    Role.DRAFTER: "lan",
    Role.UNIT_HEAD: "minh",
    Role.ISO_SECRETARY: "hoa",
    Role.QMR: "quang",
    Role.STEERING_HEAD: "tuan",
    Role.RECORDS_CLERK: "van",
    Role.LEGAL_WATCH: "phuc",
    Role.AUDITOR: "binh",
    Role.LEAD_AUDITOR: "binh2",
    Role.STAFF: "son",
    Role.STEERING_MEMBER: "uyvien",
    Role.SUPPORT_TEAM: "giup",
    Role.FRONT_DESK: "cua",
    Role.SYSADMIN: "admin",
    Role.INSPECTOR: "kiemtra",
    Role.INSPECTION_HEAD: "doan",
    Role.PROVINCE_COORDINATOR: "daumoi",
    Role.NATIONAL_VIEWER: "quocgia",
    Role.CERT_BODY: "chungnhan",
    Role.CONSULTANT: "tuvan",
}

UNIT_ROLES = {Role.DRAFTER, Role.UNIT_HEAD, Role.STAFF, Role.STEERING_MEMBER, Role.FRONT_DESK}


def person(username: str, **extra: object) -> User:
    """A person who logs in by ``force_login``."""
    return User.objects.create(username=username, full_name=username.title(), password="!", **extra)


def seat(user: User, role: str, unit: Unit, *, since: date = SINCE, until: date | None = None) -> Seat:
    """A seat by the tests' decision."""
    return Seat.objects.create(user=user, role=role, unit=unit, decision_no=DECISION, valid_from=since, valid_to=until)


_kept: list[bytes] = []
"""The world as it was written first in this process, with its rows."""


def build() -> World:
    """Write the world to the database: the first time one by one, from then on the same rows at once.

    Nearly every test asks for it: written at once it takes a tenth of the time.
    """
    if not _kept:
        world = write()
        _kept.append(pickle.dumps((world, [(model, list(model.objects.order_by("pk"))) for model in MODELS])))
        return world
    again: tuple[World, list[tuple[type[User], list[User]]]]
    again = pickle.loads(_kept[0])  # noqa: S301 - written by this process
    for model, written in again[1]:
        model.objects.bulk_create(written)
    with connection.cursor() as cursor:  # rows that bring their numbers do not move the counters on
        for command in connection.ops.sequence_reset_sql(no_style(), MODELS):
            cursor.execute(command)
    return again[0]


def write() -> World:
    """Write the world by the models' own ``save``, row by row."""
    world = World()
    _units(world)
    stp, hctp, bttp = world.unit("stp"), world.unit("hctp"), world.unit("bttp")
    Committee.objects.create(agency=stp, decision_no=DECISION, decision_on=SINCE, valid_from=SINCE)
    for role, name in HOLDERS.items():
        world.people[name] = person(name)
        seat(world.people[name], role, hctp if role in UNIT_ROLES else stp)
    for name, role, unit in (("mai", Role.DRAFTER, bttp), ("hung", Role.UNIT_HEAD, bttp), ("xuan", Role.DRAFTER, "xa")):
        world.people[name] = person(name)
        seat(world.people[name], role, world.unit(unit) if isinstance(unit, str) else unit)
    world.people["dung"] = person("dung")
    for role in HOLDERS:
        seat(world.people["dung"], role, world.unit("nx1") if role in UNIT_ROLES else world.unit("nx"))
    world.people["cao"] = person("cao")
    seat(world.people["cao"], Role.PROVINCE_COORDINATOR, world.unit("tinh"))
    world.people["root"] = person("root", is_superuser=True, is_staff=True)
    world.people["nghi"] = person("nghi", is_active=False)
    seat(world.people["nghi"], Role.STEERING_HEAD, stp)
    return world


def _units(world: World) -> None:
    rows = (
        ("tinh", "SV", "Tỉnh Sông Vàng", UnitKind.PROVINCE, None),
        ("stp", "STP", "Sở Tư pháp tỉnh Sông Vàng", UnitKind.DEPARTMENT, "tinh"),
        ("hctp", "HCTP", "Phòng Hành chính tư pháp", UnitKind.DIVISION, "stp"),
        ("bttp", "BTTP", "Phòng Bổ trợ tư pháp", UnitKind.DIVISION, "stp"),
        ("xa", "XA1", "Xã Bình Minh", UnitKind.COMMUNE, "stp"),
        ("nx", "NX", "Sở Tư pháp tỉnh Núi Xanh", UnitKind.DEPARTMENT, None),
        ("nx1", "NX1", "Phòng Hành chính tư pháp", UnitKind.DIVISION, "nx"),
    )
    for name, code, title, kind, parent in rows:
        above = world.units[parent] if parent else None
        world.units[name] = Unit.objects.create(code=code, name=title, kind=kind, parent=above)
