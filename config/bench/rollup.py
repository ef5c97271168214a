"""The roll-up of every agency: from what is kept, from one parent, and computed anew beside the query that a person
would write; the three must say the same.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from capa.rollup import AGENCIES, Facts, Figure
from capa.services.agencyfacts import Among, compute
from capa.services.rollup import Place, counted, references, rows_of
from capa.services.upkeep import recompute
from config.bench.nation import MINISTRIES, fill
from config.bench.timing import Timing, clocked, race
from workflows.models import Unit, day_of

MOST = 1_000
"""Milliseconds of the first answer, promised."""
PLACE = MINISTRIES + 1
RECOMPUTED = """
WITH live AS (
    SELECT a.agency_id, a.code_key FROM documents_announcedprocedure a
     WHERE a.change IN ('new', 'amended', 'replaced') AND (a.effective_on IS NULL OR a.effective_on <= %(day)s)
       AND (a.ended_on IS NULL OR a.ended_on > %(day)s) GROUP BY 1, 2),
listed AS (SELECT DISTINCT agency_id FROM documents_announcedprocedure
            WHERE change IN ('new', 'amended', 'replaced') AND (effective_on IS NULL OR effective_on <= %(day)s)),
force AS (
    SELECT v.agency_id, v.document_id, d.kind, d.code_key
      FROM documents_documentversion v JOIN documents_document d ON d.id = v.document_id
     WHERE v.state IN ('issued', 'effective', 'superseded', 'withdrawn')
       AND (v.effective_from IS NULL OR v.effective_from <= %(day)s)
       AND (v.effective_to IS NULL OR v.effective_to > %(day)s)
       AND NOT EXISTS (SELECT 1 FROM documents_documentversion l WHERE l.document_id = v.document_id
                          AND l.state IN ('issued', 'effective', 'superseded', 'withdrawn')
                          AND l.effective_from <= %(day)s
                          AND l.effective_from > coalesce(v.effective_from, '0001-01-01'))),
public AS (SELECT id, agency_id, taken FROM documents_publication
            WHERE state IN ('published', 'republish_required', 'superseded', 'revoked')
              AND published_on <= %(day)s AND (ended_on IS NULL OR ended_on > %(day)s)),
named AS (SELECT DISTINCT p.agency_id, s.code_key FROM documents_scoperow s
            JOIN public p ON p.id = s.publication_id AND p.taken = s.taken WHERE s.kind = 'procedure'),
covered AS (SELECT DISTINCT agency_id, code_key FROM force WHERE kind = 'TTHC_PROC'),
coverage AS (SELECT l.agency_id, count(*) AS n, count(c.code_key) AS done, count(n.code_key) AS told
               FROM live l LEFT JOIN covered c USING (agency_id, code_key) LEFT JOIN named n USING (agency_id, code_key)
              GROUP BY 1),
standing AS (SELECT agency_id, count(DISTINCT kind) AS groups FROM force GROUP BY 1),
kept AS (SELECT agency_id, count(DISTINCT kind) AS groups FROM documents_document
          WHERE created_at < %(day)s::date + 1 GROUP BY 1),
years AS (SELECT v.agency_id,
                 count(*) FILTER (WHERE v.decision_on BETWEEN date_trunc('year', %(day)s::date) AND %(day)s
                                    AND v.state IN ('issued', 'effective', 'superseded', 'withdrawn')) AS n,
                 count(*) FILTER (WHERE v.issued_at IS NULL AND v.created_at < %(day)s::date + 1 AND v.state IN
                   ('draft', 'unit_review', 'iso_check', 'leader_review', 'pending_approval', 'approved')) AS m
            FROM documents_documentversion v JOIN documents_document d ON d.id = v.document_id
           WHERE d.kind IN ('TTHC_PROC', 'SYS_PROC') GROUP BY 1),
paper AS (SELECT agency_id, bool_or(issued_on <= %(day)s AND valid_to > %(day)s
                                    AND (withdrawn_on IS NULL OR withdrawn_on > %(day)s)) AS valid,
                 count(*) FILTER (WHERE issued_on BETWEEN date_trunc('year', %(day)s::date) AND %(day)s) AS fresh
            FROM capa_certificate GROUP BY 1),
lacking AS (
    SELECT DISTINCT a.agency_id FROM documents_adoption a
      JOIN documents_modelversion m ON m.model_id = a.model_id AND m.state IN ('published', 'superseded')
                                   AND m.effective_from <= %(day)s
      JOIN documents_modelitem t ON t.version_id = m.id AND t.required
     WHERE (a.state <> 'left' OR a.entered_at >= %(day)s::date + 1) AND a.created_at < %(day)s::date + 1
       AND NOT EXISTS (SELECT 1 FROM documents_modelversion l WHERE l.model_id = m.model_id
                          AND l.state IN ('published', 'superseded') AND l.effective_from <= %(day)s
                          AND l.effective_from > m.effective_from)
       AND NOT EXISTS (SELECT 1 FROM documents_adopteditem x JOIN force f ON f.document_id = x.document_id
                        WHERE x.adoption_id = a.id AND x.key = t.key AND x.created_at < %(day)s::date + 1
                          AND (x.state IN ('followed', 'kept') OR x.entered_at >= %(day)s::date + 1))),
flag AS (SELECT DISTINCT ON (about_id) about_id, value FROM workflows_unitdecision
          WHERE aspect = 'no_procedures' AND state = 'standing' AND valid_from <= %(day)s
          ORDER BY about_id, valid_from DESC, created_at DESC),
duty AS (SELECT kind, obligation FROM workflows_obligationrule
          WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s))
SELECT u.id, u.path, u.kind, r.id, r.kind, coalesce(duty.obligation, ''), coalesce(flag.value, '') <> 'yes',
       listed.agency_id IS NOT NULL OR coalesce(flag.value, '') = 'yes', coalesce(c.n, 0), coalesce(c.done, 0),
       CASE WHEN public.id IS NULL THEN 0 ELSE coalesce(c.told, 0) END, public.id IS NOT NULL,
       kept.groups IS NOT NULL, standing.groups IS NOT NULL,
       coalesce(kept.groups = standing.groups, false) AND lacking.agency_id IS NULL,
       coalesce(years.n, 0), coalesce(years.m, 0), coalesce(paper.valid, false), coalesce(paper.fresh, 0)
  FROM workflows_unit u
  JOIN workflows_unit r ON r.id = split_part(u.path, '/', 2)::bigint
  LEFT JOIN duty ON duty.kind = u.kind LEFT JOIN flag ON flag.about_id = u.id
  LEFT JOIN listed ON listed.agency_id = u.id LEFT JOIN coverage c ON c.agency_id = u.id
  LEFT JOIN public ON public.agency_id = u.id LEFT JOIN kept ON kept.agency_id = u.id
  LEFT JOIN standing ON standing.agency_id = u.id LEFT JOIN years ON years.agency_id = u.id
  LEFT JOIN lacking ON lacking.agency_id = u.id LEFT JOIN paper ON paper.agency_id = u.id
 WHERE u.agency_id = u.id ORDER BY u.path"""
KEPT = """
SELECT f.agency_id, u.path, f.kind, f.place, f.place_kind, f.obligation, f.counts, f.listed, f.announced, f.covered,
       f.declared, f.published, f.building, f.applied, f.complete, f.reissued, f.planned, f.certified, f.certificates
  FROM capa_agencyfacts f JOIN workflows_unit u ON u.id = f.agency_id WHERE u.path LIKE %s ORDER BY u.path"""


def run(agencies: int) -> list[Timing]:
    """Fill, bring up to date, and measure."""
    fill(agencies)
    day = day_of()
    spent, number = clocked(lambda: recompute(day))
    part = Unit.objects.get(pk=PLACE)
    found = [
        Timing("bring every agency up to date", spent, number),
        *_kept("the country's 17 figures from what is kept", Place(None, day), MOST),
        *_kept("those of one province", Place(part, day), None),
        *race("recompute every agency", lambda: len(compute(day)), lambda: len(by_hand(day)), rounds=5, times=3),
    ]
    _agree(day)
    return found


def _kept(name: str, place: Place, most: float | None) -> list[Timing]:
    """The floor reads the kept rows of the place and no more."""

    def ours() -> int:
        return sum(one.numerator for one in _figures(place))

    def floor() -> int:
        with connection.cursor() as cursor:
            cursor.execute(KEPT, [f"{place.path}%"])
            return len(cursor.fetchall())

    spent = race(name, ours, floor, rounds=11, times=10)
    return [spent[0], _promised(spent[1], most)]


def _promised(one: Timing, most: float | None) -> Timing:
    bar = f"≤ {most:g} ms" if most else ""
    return Timing(one.name, one.p50, 0, one.ratio, bar, one.p50 <= most if most else None)


def _figures(place: Place) -> list[Figure]:
    return counted(rows_of(place), references(place))


def by_hand(day: date) -> list[tuple[Any, ...]]:
    """The same facts by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(RECOMPUTED, {"day": day})
        return list(cursor.fetchall())


def _agree(day: date) -> None:
    """What is kept, what is computed and what a person's query says are one; raise ``CommandError`` otherwise."""
    kept = list(rows_of(Place(None, day))[AGENCIES])
    if kept != compute(day, Among()) or kept != [Facts(*row) for row in by_hand(day)]:
        raise CommandError("kept, computed and hand-written facts differ")
