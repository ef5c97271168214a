"""The documents of one agency in force on a day: the product's query beside the one that a person would write."""

from __future__ import annotations

from datetime import date

from django.db import connection

from config.bench.country import Country
from config.bench.impact import COUNTED
from config.bench.timing import Timing, race
from documents.services.asof import Moment, versions_in_force
from documents.services.lines import lines
from documents.services.shelf import SHELF_ORDER

TODAY, PAST, KNOWN = date(2026, 11, 20), date(2021, 6, 1), date(2022, 1, 1)
AGENCY = 2
"""A province: it has two units of those that have most documents."""
FLOOR = f"""
SELECT v.id, v.document_id, v.unit_id, u.name, d.kind, d.code, d.title, d.field, v.state, v.issue_no, v.revision_no,
       v.effective_from, v.effective_to, v.ended_at
  FROM documents_documentversion v
  JOIN documents_document d ON d.id = v.document_id
  JOIN workflows_unit u ON u.id = v.unit_id
  JOIN workflows_unit a ON a.id = v.agency_id
 WHERE v.agency_id = %(agency)s AND v.state IN {COUNTED}
   AND (v.effective_from IS NULL OR v.effective_from <= %(on)s)
   AND (v.effective_to IS NULL OR v.effective_to > %(on)s OR v.ended_at >= %(known)s)
   AND v.issued_at < %(known)s
   AND NOT EXISTS (SELECT 1 FROM documents_documentversion l
                    WHERE l.document_id = v.document_id AND l.state IN {COUNTED} AND l.effective_from <= %(on)s
                      AND l.effective_from > coalesce(v.effective_from, '0001-01-01') AND l.issued_at < %(known)s)
 ORDER BY a.path, u.path, d.kind, d.code_key"""


def run(country: Country) -> list[Timing]:
    """Today's list, and that of a day gone by as it was known on a third."""
    del country
    now, then = Moment.now(TODAY), Moment(PAST, KNOWN, TODAY)
    return [*_race("in force today", now), *_race("in force in 2021 as known in 2022", then)]


def _race(name: str, moment: Moment) -> list[Timing]:
    cutoff = moment.cutoff or "infinity"

    def ours() -> int:
        return len(lines(versions_in_force(moment).filter(agency=AGENCY).order_by(*SHELF_ORDER), moment))

    def floor() -> int:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, {"agency": AGENCY, "on": moment.on, "known": cutoff})
            return len(cursor.fetchall())

    return race(f"one agency, {name}", ours, floor, rounds=51, times=2)
