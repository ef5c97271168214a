"""What an act touches, transitively: the product's search beside the recursive query that a person would write."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db import connection

from config.bench.country import TYPICAL_ACT, WIDE, Country, act_id
from config.bench.timing import Timing, race
from documents.models import Regulation
from documents.reach import CARRIES, EVENTS, RANK
from documents.services.touching import regulation_touches

DAY = date(2026, 11, 20)
COUNTED = "('issued', 'effective', 'superseded', 'withdrawn')"
FLOOR = f"""
WITH RECURSIVE carry (given, kind, forward, gives) AS (VALUES {
    ", ".join(f"('{one.given}', '{one.kind}', {one.forward}, '{one.gives}')" for one in CARRIES)
}),
rank (strength, place) AS (VALUES {", ".join(f"('{one}', {place})" for one, place in RANK.items())}),
reach (act, strength, path) AS (
    SELECT %(act)s::uuid, '{EVENTS["effective"]}', ARRAY[]::text[]
  UNION
    SELECT CASE WHEN c.forward THEN r.target_id ELSE r.source_id END, c.gives,
           reach.path || (r.kind || ':' || r.source_id || ':' || r.target_id)
      FROM reach
      JOIN carry c ON c.given = reach.strength
      JOIN documents_regulationrelation r ON r.kind = c.kind
       AND ((c.forward AND r.source_id = reach.act) OR (NOT c.forward AND r.target_id = reach.act))
     WHERE NOT (r.kind || ':' || r.source_id || ':' || r.target_id) = ANY (reach.path)
),
best AS (
    SELECT DISTINCT ON (reach.act) reach.act, reach.strength, reach.path, rank.place
      FROM reach JOIN rank USING (strength) ORDER BY reach.act, rank.place, cardinality(reach.path)
)
SELECT * FROM (
    SELECT DISTINCT ON (v.id) v.id, v.agency_id, v.unit_id, d.id, d.code, d.title, d.code_key, a.path AS agency,
           u.path AS unit, g.number, c.position, best.strength, best.path
      FROM best
      JOIN documents_citation c ON c.regulation_id = best.act
      JOIN documents_documentversion v ON v.id = c.version_id
      JOIN documents_document d ON d.id = v.document_id
      JOIN workflows_unit u ON u.id = v.unit_id
      JOIN workflows_unit a ON a.id = v.agency_id
      JOIN documents_regulation g ON g.id = best.act
     WHERE v.state IN {COUNTED}
       AND (v.effective_from IS NULL OR v.effective_from <= %(day)s)
       AND (v.effective_to IS NULL OR v.effective_to > %(day)s)
       AND NOT EXISTS (SELECT 1 FROM documents_documentversion l
                        WHERE l.document_id = v.document_id AND l.state IN {COUNTED} AND l.effective_from <= %(day)s
                          AND l.effective_from > coalesce(v.effective_from, '0001-01-01'))
     ORDER BY v.id, best.place, cardinality(best.path), c.position
) found ORDER BY agency, unit, code_key"""


def run(country: Country) -> list[Timing]:
    """The typical act, and the one that touches most."""
    return [
        *_race(TYPICAL_ACT, f"an act that touches {country.typical:,}", rounds=21, most=200),
        *_race(WIDE, f"an act that touches {country.wide:,}", rounds=3, most=None),
    ]


def _race(number: int, name: str, *, rounds: int, most: float | None) -> list[Timing]:
    act = Regulation.objects.get(pk=act_id(number))
    ours, floor = partial(_ours, act), partial(_floor, act)
    return race(name, ours, floor, rounds=rounds, times=2, most=most)


def _ours(act: Regulation) -> int:
    return len(regulation_touches(act, on=DAY))


def _floor(act: Regulation) -> int:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, {"act": act.pk, "day": DAY})
        return len(cursor.fetchall())
