"""The first rows of two dated tables: who must apply the system by which text, and how many units there were.

They are laid where the table does not hold them yet, after every migration. What counts is the table: superusers end a
row there and add the next one; nothing reads these literals.
"""

from __future__ import annotations

from datetime import date

from django.db import connections

from workflows.machines.tree import ENCOURAGED, MANDATORY
from workflows.models import ObligationRule, ReferenceSet, UnitKind
from workflows.models.tree import MINISTRY_BODIES

FIRST, SECOND, TWO_TIER = date(2006, 6, 20), date(2014, 5, 18), date(2025, 7, 1)
MERGED = date(2025, 3, 1)
"""Ministries were merged; no source of ours says how many bodies there are since."""
OLD, NEW = "Quyết định 144/2006/QĐ-TTg", "Quyết định 19/2014/QĐ-TTg"
UNREAD = f"{NEW} (điều khoản về chi cục chưa đối chiếu được nguyên văn)"

# fmt: off
OBLIGATION_ROWS = (
    (UnitKind.MINISTRY,       MANDATORY,  FIRST,  SECOND,   OLD),
    (UnitKind.PROVINCE,       MANDATORY,  FIRST,  SECOND,   OLD),
    (UnitKind.DISTRICT,       MANDATORY,  FIRST,  SECOND,   OLD),
    (UnitKind.DEPARTMENT,     MANDATORY,  FIRST,  SECOND,   OLD),
    (UnitKind.COMMUNE,        ENCOURAGED, FIRST,  SECOND,   OLD),
    (UnitKind.MINISTRY,       MANDATORY,  SECOND, None,     NEW),
    (UnitKind.PROVINCE,       MANDATORY,  SECOND, None,     NEW),
    (UnitKind.DISTRICT,       MANDATORY,  SECOND, TWO_TIER, NEW),
    (UnitKind.DEPARTMENT,     MANDATORY,  SECOND, None,     NEW),
    (UnitKind.SUB_DEPARTMENT, MANDATORY,  SECOND, None,     UNREAD),
    (UnitKind.COMMUNE,        ENCOURAGED, SECOND, None,     NEW),
)
REFERENCE_ROWS: tuple[tuple[str, int | None, date | None, date | None, str], ...] = (
    (UnitKind.PROVINCE, 63,    None,     TWO_TIER, "Tổng hợp toàn quốc 2012 và 4/2021"),
    (UnitKind.DISTRICT, None,  None,     TWO_TIER, "Cấp huyện kết thúc từ 01/7/2025; chưa có nguồn về số lượng"),
    (UnitKind.COMMUNE,  8910,  None,     TWO_TIER, "Tổng hợp toàn quốc 4/2021"),
    (UnitKind.MINISTRY, 22,    None,     MERGED,   "Tổng hợp toàn quốc 4/2021"),
    (MINISTRY_BODIES,   98,    None,     MERGED,   "Tổng hợp toàn quốc 4/2021"),
    (UnitKind.PROVINCE, 34,    TWO_TIER, None,     "Danh mục đơn vị hành chính 2026"),
    (UnitKind.COMMUNE,  3321,  TWO_TIER, None,     "Danh mục đơn vị hành chính 2026"),
)
# fmt: on


def lay(using: str) -> None:
    """Add the rows that are missing; a row that is there is left as it is. Nothing before the tables are there."""
    if ObligationRule._meta.db_table not in connections[using].introspection.table_names():
        return
    for kind, obligation, since, until, source in OBLIGATION_ROWS:
        facts = {"obligation": obligation, "valid_to": until, "source": source}
        ObligationRule.objects.using(using).get_or_create(kind=kind, valid_from=since, defaults=facts)
    for what, number, begun, ended, source in REFERENCE_ROWS:
        known = {"number": number, "valid_from": begun, "valid_to": ended}
        ReferenceSet.objects.using(using).get_or_create(kind=what, source=source, defaults=known)
