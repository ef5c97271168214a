"""A whole country to measure in, made by the database itself and the same every time: PostgreSQL only.

What the door and the walls would take days to write is inserted with triggers put aside, in the shape that they leave:
each version has its ledger row. Everything follows from the number of a row and the seed.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from rich.progress import Progress

FULL = 1_500_000
BATCH = 100_000
SEED = 2026
HISTORY = 10
"""Versions of one document: the last is in force."""
TYPICAL = 200
"""Documents in force that the typical act touches, directly and through others."""
EMPTY = hashlib.sha256(b"{}").hexdigest()


@dataclass(frozen=True)
class Country:
    """How much of everything there is, from the number of versions; at ``FULL`` the figures of issue 4."""

    versions: int
    seed: int = SEED

    @property
    def documents(self) -> int:
        """150,000."""
        return self.versions // HISTORY

    @property
    def agencies(self) -> int:
        """12,000, of which the first is above all others, and the next 34 are provinces."""
        return max(40, self.versions // 125)

    @property
    def divisions(self) -> int:
        """24,000: two of each agency."""
        return 2 * self.agencies

    @property
    def acts(self) -> int:
        """100,000."""
        return max(60, self.versions // 15)

    @property
    def wide(self) -> int:
        """Documents in force that cite the act which touches most: 50,000."""
        return self.versions // 30

    @property
    def wide_units(self) -> int:
        """Units of these documents: 3,000."""
        return min(self.divisions // 2, max(3, self.versions // 500))

    @property
    def typical(self) -> int:
        """Documents in force that the typical act touches."""
        return min(TYPICAL, self.documents // 3 // 5 * 5)


WIDE, TYPICAL_ACT = 1, 2
"""Numbers of the act that touches most and of the typical one, which replaces 3 and amends 4; 5 and 6 guide 3."""
RESERVED = 10
"""Numbers of acts that have no relations but those."""


def act_id(number: int) -> str:
    """The id of a legal document by its number."""
    return str(uuid.UUID(hashlib.md5(f"act{number}".encode()).hexdigest()))  # noqa: S324 - a name, not a secret


@contextmanager
def walls_aside() -> Iterator[None]:
    """No triggers inside: what they would refuse is put in as they would leave it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # only a superuser of the server may
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def build(country: Country, progress: Progress) -> None:
    """Fill an empty database, or take it as it is if it holds the same country; raise ``CommandError`` otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_country (versions int, seed int)")
        cursor.execute("SELECT versions, seed FROM bench_country")
        held = cursor.fetchall()
        if held:
            if held != [(country.versions, country.seed)]:
                raise CommandError(f"the kept database holds {held[0][0]:,} versions of seed {held[0][1]}")
            return
        with walls_aside():
            _helpers(cursor, country)
            for name, number, sql in _steps(country):
                task = progress.add_task(name, total=number)
                for first in range(1, number + 1, BATCH):
                    last = min(first + BATCH - 1, number)
                    cursor.execute(sql, {"first": first, "last": last})
                    progress.update(task, completed=last)
        for table in (
            "workflows_unit",
            "workflows_user",
            "workflows_seat",
            "workflows_move",
            "documents_citation",
            "documents_regulationrelation",
        ):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1)) FROM {table}")
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        cursor.execute("INSERT INTO bench_country VALUES (%s, %s)", [country.versions, country.seed])


def _helpers(cursor: Any, country: Country) -> None:
    """Functions of the session: an even number in [0, 1) from a row's number and a purpose, and ids by name."""
    cursor.execute(
        "CREATE OR REPLACE FUNCTION pg_temp.chance(i bigint, purpose int) RETURNS float8 IMMUTABLE LANGUAGE sql AS "
        f"$$ SELECT (hashint8extended(i, {country.seed}::bigint * 1000 + purpose) & 1048575) / 1048576.0 $$"
    )
    cursor.execute(
        "CREATE OR REPLACE FUNCTION pg_temp.id(kind text, i bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS "
        "$$ SELECT md5(kind || i)::uuid $$"
    )
    cursor.execute(  # documents of the wide act fill the first units, the others the rest
        "CREATE OR REPLACE FUNCTION pg_temp.unit_of(d bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS "
        f"$$ SELECT {country.agencies} + CASE WHEN d <= {country.wide} THEN 1 + d % {country.wide_units} "
        f"ELSE 1 + {country.wide_units} + d % {country.divisions - country.wide_units} END $$"
    )
    cursor.execute(
        "CREATE OR REPLACE FUNCTION pg_temp.agency_of(unit bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS "
        f"$$ SELECT 1 + (unit - {country.agencies} - 1) / 2 $$"
    )


UNITS = "INSERT INTO workflows_unit (id, code, name, name_folded, kind, path, fields, inherits, agency_id, parent_id)"
ROWS = "generate_series(%(first)s::bigint, %(last)s::bigint) i"


def _steps(country: Country) -> list[tuple[str, int, str]]:
    """What is inserted: name, number of rows, and the statement for rows ``first`` to ``last``."""
    return [*_people(country), *_texts(country)]


def _people(country: Country) -> list[tuple[str, int, str]]:
    """Agencies, their divisions, and one person in each agency who watches the law."""
    rows = ROWS
    parent = "CASE WHEN i = 1 THEN NULL WHEN i <= 35 THEN 1 ELSE 2 + i %% 34 END"
    path = "CASE WHEN i = 1 THEN '/' WHEN i <= 35 THEN '/1/' ELSE '/1/' || 2 + i %% 34 || '/' END || i || '/'"
    agency = "pg_temp.agency_of(i)"
    return [
        (
            "agencies",
            country.agencies,
            (
                f"{UNITS} SELECT i, 'CQ' || i, 'Cơ quan ' || i, 'co quan ' || i, CASE WHEN i = 1 THEN 'ministry' "
                f"WHEN i <= 35 THEN 'province' ELSE 'commune' END, {path}, '[]', '[]', i, {parent} FROM {rows}"
            ),
        ),
        (
            "divisions",
            country.divisions,
            (
                f"{UNITS} SELECT i, 'P' || i, 'Phòng ' || i, 'phong ' || i, 'division', a.path || i || '/', '[]', "
                "'[]', a.id, a.id "
                f"FROM (SELECT i + {country.agencies} AS i FROM {rows}) n JOIN workflows_unit a ON a.id = {agency}"
            ),
        ),
        (
            "people",
            country.agencies,
            (
                "INSERT INTO workflows_user (id, password, is_superuser, username, first_name, last_name, email, "
                "is_staff, is_active, date_joined, full_name, position) SELECT i, '!', false, 'nv' || i, '', '', '', "
                f"false, true, now(), 'Người ' || i, '' FROM {rows}"
            ),
        ),
        (
            "seats",
            country.agencies,
            (
                "INSERT INTO workflows_seat (id, role, decision_no, valid_from, user_id, unit_id) "
                f"SELECT i, 'legal_watch', '1/QĐ', date '2020-01-01', i, i FROM {rows}"
            ),
        ),
    ]


def _texts(country: Country) -> list[tuple[str, int, str]]:
    """Legal documents with their relations, documents, versions with their ledger rows, and citations."""
    rows, last_act, day = ROWS, country.acts - RESERVED, "date '2010-01-01'"
    return [
        (
            "acts",
            country.acts,
            (
                "INSERT INTO documents_regulation (id, state, row_version, ledger_hash, entered_at, created_at, "
                "number, number_key, issuer, issuer_key, kind, title, search, issued_on, effective_on, source_status) "
                "SELECT pg_temp.id('act', i), 'registered', 1, '', now(), now(), n, n, '', '', 'Nghị định', "
                f"'Văn bản ' || i, 'van ban ' || i, {day} + (i %% 5000)::int, {day} + (i %% 5000)::int, '' "
                f"FROM (SELECT i, i || '/2020/ND-CP' AS n FROM {rows}) n"
            ),
        ),
        ("relations", 2 * last_act, _relations(rows)),
        ("reserved relations", 1, _reserved()),
        (
            "documents",
            country.documents,
            (
                "INSERT INTO documents_document (id, kind, code, code_key, title, search, field, former, levels, "
                "created_at, agency_id, unit_id) SELECT pg_temp.id('document', i), 'TTHC_PROC', 'QT.' || i, "
                "'QT.' || i, 'Quy trình ' || i, 'quy trinh ' || i || ' qt.' || i, '', '', '[]', now(), "
                f"pg_temp.agency_of(u), u FROM (SELECT i, pg_temp.unit_of(i) AS u FROM {rows}) d"
            ),
        ),
        ("ledger", country.versions, _ledger(rows)),
        ("versions", country.versions, _versions(rows)),
        ("citations", country.versions, _citations(rows, country)),
    ]


def _relations(rows: str) -> str:
    """Two older acts that each act names: mostly as guide or legal basis, sometimes it changes or ends them."""
    return (
        "INSERT INTO documents_regulationrelation (kind, effective_on, source_id, target_id, recorded_at) "
        "SELECT CASE WHEN c < 0.4 THEN 'guides' WHEN c < 0.7 THEN 'legal_basis' WHEN c < 0.85 THEN 'amends' "
        "WHEN c < 0.95 THEN 'replaces' ELSE 'repeals_part' END, NULL, pg_temp.id('act', source), "
        "pg_temp.id('act', target), now() FROM (SELECT pg_temp.chance(i, 1) AS c, "
        f"{RESERVED + 1} + (i - 1) / 2 AS source, {RESERVED} + 1 + floor(pg_temp.chance(i, 2) * ((i - 1) / 2))::bigint "
        f"AS target FROM {rows}) r WHERE source <> target ON CONFLICT DO NOTHING"
    )


def _reserved() -> str:
    """The typical act replaces one and amends another; two acts guide the replaced one."""
    pairs = [("replaces", 2, 3), ("amends", 2, 4), ("guides", 5, 3), ("guides", 6, 3)]
    values = ", ".join(
        f"('{kind}', NULL::date, pg_temp.id('act', {a}), pg_temp.id('act', {b}), now())" for kind, a, b in pairs
    )
    return (
        "INSERT INTO documents_regulationrelation (kind, effective_on, source_id, target_id, recorded_at) "
        f"SELECT * FROM (VALUES {values}) v WHERE %(first)s = %(last)s"
    )


_STATE = f"CASE WHEN i %% {HISTORY} = 0 THEN 'effective' ELSE 'superseded' END"
_OF = f"(1 + (i - 1) / {HISTORY})"
_PLACE = f"((i - 1) %% {HISTORY})::int"


def _ledger(rows: str) -> str:
    """One row for each version, as a deed that takes over what is applied."""
    return (
        "INSERT INTO workflows_move (stream, seq, machine, action, source, target, role, ground, at, note, body, "
        "prev_hash, hash, mac, agency_id, unit_id) SELECT pg_temp.id('version', i), 1, 'version', 'adopt', '', "
        f"{_STATE}, 'clock', '', now(), '', '{{}}', h, h, h, pg_temp.agency_of(u), u "
        f"FROM (SELECT i, pg_temp.unit_of{_OF} AS u, md5('a' || i) || md5('b' || i) AS h FROM {rows}) m"
    )


def _versions(rows: str) -> str:
    """Ten versions of each document, one a year, each in force until the next."""
    begin = f"(date '2016-02-01' + {_PLACE} * 365)"
    return (
        "INSERT INTO documents_documentversion (id, state, row_version, ledger_hash, entered_at, created_at, issue_no, "
        "revision_no, content, content_sha256, change_note, decision_no, effective_from, effective_to, withdrawal_no, "
        "agency_id, document_id, unit_id, cause_machine, issued_at, ended_at) "
        f"SELECT pg_temp.id('version', i), {_STATE}, 1, md5('a' || i) || md5('b' || i), now(), now(), 1, {_PLACE}, "
        f"'{{}}', '{EMPTY}', '', '', {begin}, CASE WHEN i %% {HISTORY} = 0 THEN NULL ELSE {begin} + 365 END, '', "
        f"pg_temp.agency_of(u), pg_temp.id('document', {_OF}), u, '', {begin}, "
        f"CASE WHEN i %% {HISTORY} = 0 THEN NULL ELSE {begin} + 365 END "
        f"FROM (SELECT i, pg_temp.unit_of{_OF} AS u FROM {rows}) v"
    )


def _citations(rows: str, country: Country) -> str:
    """Three or four of each version: the first is the wide act in the documents that it touches, and one of the five
    of the typical act's kind in the next ones; the others are spread, popular acts more.
    """
    share, low, last = country.typical // 5, RESERVED + 1, country.acts - RESERVED
    special = (
        f"CASE WHEN p > 0 THEN NULL WHEN d <= {country.wide} THEN {WIDE} WHEN d <= {country.wide + country.typical} "
        f"THEN 2 + (d - {country.wide} - 1) / {max(share, 1)} END"
    )
    popular = f"{low} + floor(power(pg_temp.chance(i * 4 + p, 3), 3) * {last})::bigint"
    return (
        "INSERT INTO documents_citation (position, row_key, number, version_id, regulation_id) "
        "SELECT p, 'b' || p, act || '/2020/NĐ-CP', pg_temp.id('version', i), pg_temp.id('act', act) "
        f"FROM (SELECT i, p, coalesce({special}, {popular}) AS act FROM (SELECT i, {_OF} AS d, p FROM {rows}, "
        "generate_series(0, 3) p WHERE p < 3 OR i %% 3 = 0) n) c"
    )
