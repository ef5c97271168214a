"""Every agency of the country with what the roll-up reads, made by the database itself: PostgreSQL only.

22 ministries, 34 provinces, bodies of ministries, departments and communes; ten announced procedures and two other
documents each, most in force in their second version; framework models of the places, which every second agency
applies, most of them wholly; declarations, certificates and inspections of most.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from config.bench.country import EMPTY, walls_aside

MINISTRIES, PLACES, PROCEDURES, OTHERS = 22, 56, 10, 2
RECORD = {"row_version": "1", "ledger_hash": "''", "entered_at": "now()", "created_at": "now()"}
AGENCIES = "generate_series(1, %(agencies)s) i"
PROCEDURE = f"{AGENCIES}, generate_series(1, {PROCEDURES}) p"
DOCUMENT = f"{AGENCIES}, generate_series(1, {PROCEDURES + OTHERS}) p"
PUBLISHED = "i %% 5 <> 0"
LISTED = "i %% 50 <> 7"
IN_FORCE = "(i * 31 + p) %% 97 <> 0"


def fill(agencies: int) -> None:
    """Fill an empty database with so many agencies."""
    with connection.cursor() as cursor, walls_aside():
        for table, source, where, columns in _tables():
            names, values = ", ".join(columns), ", ".join(columns.values())
            condition = f"WHERE {where}" if where else ""
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {source} {condition}", {"agencies": agencies}
            )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('workflows_unit', 'id'), {agencies})")
        cursor.execute("ANALYZE")


def _id(kind: str, of: str) -> str:
    return f"md5('{kind}' || {of})::uuid"


def _tables() -> list[tuple[str, str, str, Mapping[str, Any]]]:
    """Table, rows, condition, and the columns with their expressions."""
    return [_units(), *_documents(), *_models(), *_applied(), *_declared(), *_decided(), *_inspected()]


def _units() -> tuple[str, str, str, Mapping[str, str]]:
    place = f"(1 + i %% {PLACES})"
    kind = (
        f"CASE WHEN i <= {MINISTRIES} THEN 'ministry' WHEN i <= {PLACES} THEN 'province' "
        f"WHEN {place} <= {MINISTRIES} THEN CASE WHEN i %% 7 = 0 THEN 'commune' ELSE 'sub_department' END "
        "WHEN i %% 3 = 0 THEN 'department' ELSE 'commune' END"
    )
    return (
        "workflows_unit",
        AGENCIES,
        "",
        {
            "id": "i",
            "code": "'CQ' || i",
            "name": "'Cơ quan ' || i",
            "name_folded": "'co quan ' || i",
            "kind": kind,
            "path": f"CASE WHEN i <= {PLACES} THEN '/' || i || '/' ELSE '/' || {place} || '/' || i || '/' END",
            **dict.fromkeys(("fields", "inherits"), "'[]'"),
            "agency_id": "i",
            "parent_id": f"CASE WHEN i <= {PLACES} THEN NULL ELSE {place} END",
        },
    )


def _documents() -> list[tuple[str, str, str, Mapping[str, str]]]:
    kind = f"CASE WHEN p <= {PROCEDURES} THEN 'TTHC_PROC' WHEN p %% 2 = 0 THEN 'SYS_PROC' ELSE 'POLICY' END"
    document = {
        "id": _id("d", "i || '.' || p"),
        "agency_id": "i",
        "unit_id": "i",
        "kind": kind,
        "code": "'QT' || p",
        "code_key": "'QT' || p",
        **dict.fromkeys(("title", "search", "field", "former"), "''"),
        "levels": "'[]'",
        "created_at": "timestamptz '2020-01-01'",
    }
    gone = f"(v = 1 OR NOT ({IN_FORCE}))"
    version = {
        **RECORD,
        "id": _id("v", "i || '.' || p || '.' || v"),
        "agency_id": "i",
        "unit_id": "i",
        "document_id": _id("d", "i || '.' || p"),
        "state": f"CASE WHEN {gone} THEN 'superseded' ELSE 'effective' END",
        "issue_no": "1",
        "revision_no": "v",
        "content": "'{}'",
        "content_sha256": f"'{EMPTY}'",
        **dict.fromkeys(("change_note", "decision_no", "cause_machine", "withdrawal_no"), "''"),
        "decision_on": "CASE WHEN v = 2 AND (i + p) %% 6 = 0 THEN date_trunc('year', current_date)::date END",
        "effective_from": "CASE v WHEN 1 THEN date '2020-01-01' ELSE date '2022-01-01' END",
        "effective_to": f"CASE WHEN v = 1 THEN date '2022-01-01' WHEN {gone} THEN date '2024-01-01' END",
        "issued_at": "CASE v WHEN 1 THEN timestamptz '2020-01-01' ELSE timestamptz '2022-01-01' END",
    }
    return [
        ("documents_document", DOCUMENT, "", document),
        ("documents_documentversion", f"{DOCUMENT}, generate_series(1, 2) v", "", version),
    ]


ROOTS = f"generate_series(1, {PLACES}) i"
ITEMS, REQUIRED = 4, 3
APPLIES = f"i > {PLACES} AND i %% 2 = 0"


EACH = f"generate_series(1, {ITEMS}) p"


def _models() -> list[tuple[str, str, str, Mapping[str, str]]]:
    """A model of each ministry and province."""
    model = {
        "id": _id("f", "i"),
        "agency_id": "i",
        "below_id": "i",
        **dict.fromkeys(("title", "sector", "search"), "''"),
        "kinds": "'[]'",
        "created_at": "now()",
    }
    version = {
        **RECORD,
        "id": _id("g", "i"),
        "agency_id": "i",
        "unit_id": "i",
        "model_id": _id("f", "i"),
        "state": "'published'",
        "number": "1",
        "effective_from": "date '2023-01-01'",
        **dict.fromkeys(("items_sha256", "decision_no"), "''"),
    }
    item = {
        "version_id": _id("g", "i"),
        "key": "p",
        "position": "p",
        "kind": "'TTHC_PROC'",
        "required": f"p <= {REQUIRED}",
        **dict.fromkeys(("code", "title"), "''"),
        "open_parts": "'[]'",
        "content": "'{}'",
        "content_sha256": f"'{EMPTY}'",
    }
    return [
        ("documents_frameworkmodel", ROOTS, "", model),
        ("documents_modelversion", ROOTS, "", version),
        ("documents_modelitem", f"{ROOTS}, {EACH}", "", item),
    ]


def _applied() -> list[tuple[str, str, str, Mapping[str, str]]]:
    """Who applies the model of its place; item ``p`` is followed with document ``p``."""
    place = f"(1 + i %% {PLACES})"
    adoption = {
        **RECORD,
        "id": _id("h", "i"),
        "agency_id": "i",
        "unit_id": "i",
        "state": "'following'",
        "model_id": _id("f", place),
        "version_id": _id("g", place),
    }
    adopted = {
        **RECORD,
        "id": _id("j", "i || '.' || p"),
        "agency_id": "i",
        "unit_id": "i",
        "state": "'followed'",
        "adoption_id": _id("h", "i"),
        "key": "p",
        "document_id": _id("d", "i || '.' || p"),
    }
    return [
        ("documents_adoption", AGENCIES, APPLIES, adoption),
        ("documents_adopteditem", f"{AGENCIES}, {EACH}", f"{APPLIES} AND (i + p) %% 13 <> 0", adopted),
    ]


def _declared() -> list[tuple[str, str, str, Mapping[str, str]]]:
    announced = {
        "agency_id": "i",
        **dict.fromkeys(("code", "code_key"), "'QT' || p"),
        **dict.fromkeys(("title", "field", "decision", "decision_key", "replaces", "replaces_key"), "''"),
        "change": "'new'",
        "effective_on": "date '2020-01-01'",
        "recorded_at": "now()",
    }
    publication = {
        **RECORD,
        "id": _id("c", "i"),
        "agency_id": "i",
        "unit_id": "i",
        "state": "'published'",
        **dict.fromkeys(("edition", "decision_no", "website", "notified", "revocation_no"), "''"),
        **dict.fromkeys(("agency_name", "scope_sha256"), "''"),
        "taken": "1",
        "frozen_on": "date '2023-01-01'",
        "published_on": "date '2023-01-01'",
        "show_alarms": "false",
    }
    scope = {
        "publication_id": _id("c", "i"),
        "taken": "1",
        "kind": "'procedure'",
        '"group"': "''",
        **dict.fromkeys(("code", "code_key"), "'QT' || p"),
        **dict.fromkeys(("title", "note"), "''"),
    }
    return [
        ("documents_announcedprocedure", PROCEDURE, LISTED, announced),
        ("documents_publication", AGENCIES, PUBLISHED, publication),
        ("documents_scoperow", PROCEDURE, f"{PUBLISHED} AND (i %% 11 <> 0 OR p < 10)", scope),
    ]


YEAR = "date_trunc('year', current_date)::date"


def _decided() -> list[tuple[str, str, str, Mapping[str, str]]]:
    decision = {
        **RECORD,
        "id": _id("u", "i"),
        "agency_id": "i",
        "unit_id": "i",
        "about_id": "i",
        "state": "'standing'",
        "aspect": "'no_procedures'",
        "value": "'yes'",
        **dict.fromkeys(("below", "was", "decision_no"), "''"),
        "valid_from": "date '2024-01-01'",
        "decision_on": "date '2024-01-01'",
    }
    certificate = {
        "agency_id": "i",
        "number": "'GCN' || i",
        "body": "'Tổ chức'",
        "edition": "''",
        "issued_on": f"{YEAR} - (i %% 900)",
        "valid_to": f"{YEAR} - (i %% 900) + 1095",
    }
    return [
        ("workflows_unitdecision", AGENCIES, "i %% 40 = 3", decision),
        ("capa_certificate", AGENCIES, "i %% 6 = 0", certificate),
    ]


def _inspected() -> list[tuple[str, str, str, Mapping[str, str]]]:
    plan = {
        **RECORD,
        "id": _id("k", "'1'"),
        "agency_id": "1",
        "unit_id": "1",
        "state": "'issued'",
        **dict.fromkeys(("search", "title", "number", "aim", "summary"), "''"),
        "year": "extract(year FROM current_date)",
        "starts_on": YEAR,
        "ends_on": f"{YEAR} + 364",
    }
    flags = (
        "built_applied",
        "outdated_law",
        "audit_done",
        "audit_ok",
        "review_done",
        "review_ok",
        "posted",
        "link_alive",
    )
    inspection = {
        **RECORD,
        "id": _id("x", "i"),
        "agency_id": "1",
        "unit_id": "1",
        "state": "'closed'",
        **dict.fromkeys(("search", "minutes", "conclusion", "guidance", "band"), "''"),
        "plan_id": _id("k", "'1'"),
        "about_id": "i",
        "kind": "'commune'",
        "mode": "CASE WHEN i %% 4 = 0 THEN 'direct' ELSE 'website' END",
        "done_on": YEAR,
        **{name: f"(i + {place}) %% 5 <> 0" for place, name in enumerate(flags)},
    }
    return [
        ("capa_inspectionplan", "generate_series(1, 1) i", "", plan),
        ("capa_inspection", AGENCIES, "i %% 2 = 0", inspection),
    ]
