"""Requests that no client should send: wrong methods, types, bodies and sizes. Never a 500, always one form."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.test import Client

from documents.models import DocumentVersion
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows import engine
from workflows.models import User

Call = Callable[[User | None], Caller]

BODIES = {
    "no JSON": b"expected_version=1",
    "cut off": b'{"expected_version": 2',
    "a list": b"[1]",
    "a number": b"2",
    "null": b"null",
    "a text": b'"x"',
    "NaN": b'{"expected_version": NaN}',
    "infinite": b'{"expected_version": 1e999}',
    "digits without end": b'{"expected_version": ' + b"9" * 5000 + b"}",
    "NUL in a value": b'{"expected_version": 2, "note": "a\\u0000b"}',
    "NUL in a key": b'{"expected_version": 2, "a\\u0000b": 1}',
    "half a surrogate": b'{"expected_version": 2, "note": "\\ud800"}',
    "half a surrogate as key": b'{"expected_version": 2, "\\udc00": 1}',
    "no UTF-8": b'{"note": "\xff"}',
    "a key twice": b'{"expected_version": 1, "expected_version": 2}',
    "deep": b'{"note": ' + b"[" * 60 + b"]" * 60 + b"}",
    "bottomless": b"[" * 200_000,
    "a mark of byte order": b'\xef\xbb\xbf{"expected_version": 2}',
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_json_object(world: World, call: Call, name: str) -> None:
    record = factories.version(world, "unit_review")
    response = call(world.minh).post(f"versions/{record.pk}/actions/agree/", BODIES[name])
    assert (response.status_code, response.json()["code"]) == (400, "bad_json")
    assert DocumentVersion.objects.get(pk=record.pk).row_version == 2


def test_a_body_beyond_any_content_is_413(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    place = f"versions/{record.pk}/actions/agree/"
    response = call(world.minh).post(place, b'{"note": "' + b"a" * (4 * 2**20) + b'"}')
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_the_longest_content_passes_in_escapes(world: World, call: Call) -> None:
    record = factories.version(world)
    rows = [{"item": "ỹ" * 19_990, "quantity": "1"} for _row in range(20)]
    response = call(world.lan).do(record, "edit", content=factories.content(dossier=rows))
    assert response.status_code == 200, response.content[:300]
    assert len(json.dumps(rows)) > 2 * 2**20


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"],
)
def test_only_json_is_taken(world: World, call: Call, kind: str) -> None:
    """Also with nothing in it: a form of another site could send that."""
    owner = factories.in_force(world).document
    for body in (b"", b"{}"):
        response = call(world.lan).post(f"documents/{owner.pk}/revisions/", body, content_type=kind)
        assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert owner.versions.count() == 1


def test_json_by_any_spelling_of_its_type(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    place = f"versions/{record.pk}/actions/agree/"
    body = json.dumps({"expected_version": 2}).encode()
    assert call(world.minh).post(place, body, content_type="Application/JSON; charset=utf-8").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "POST"])
def test_other_methods_are_405(world: World, call: Call, method: str) -> None:
    record = factories.version(world, "unit_review")
    client = call(world.minh).client
    for address in ("units/", "inbox/", f"versions/{record.pk}/", f"versions/{record.pk}/actions/agree/"):
        if method == "POST" and "agree" in address:
            continue
        response = client.generic(method, f"/api/{address}", b"{}", content_type="application/json")
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed"), address
        assert response["Allow"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "X"])
def test_methods_that_nobody_serves_are_405(world: World, call: Call, method: str) -> None:
    response = call(world.minh).client.generic(method, "/api/inbox/", b"{}", content_type="application/json")
    assert response.status_code == 405
    assert b"HTTP_" not in response.content


def test_reading_an_action_is_405(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    assert call(world.minh).get(f"versions/{record.pk}/actions/agree/").status_code == 405


@pytest.mark.parametrize(
    "address",
    ["", "nowhere/", "versions", "versions/5/", "versions/zz/", "units/abc/", "units/-1/", f"units/{'9' * 40}/"],
)
def test_an_address_that_is_none(world: World, call: Call, address: str) -> None:
    _is_none(world, call, address)


@pytest.mark.parametrize("address", [f"units/{'9' * 5000}/", "machines/none/", "machines/Ä/", "seats/0/", "moves/1/"])
def test_an_odder_address_that_is_none(world: World, call: Call, address: str) -> None:
    _is_none(world, call, address)


@pytest.mark.parametrize("address", ["versions/%0A/", "%00/", "%ff%fe/", "//", "../versions/"])
def test_an_address_of_odd_bytes(world: World, call: Call, address: str) -> None:
    _is_none(world, call, address)


def _is_none(world: World, call: Call, address: str) -> None:
    for send in (call(world.lan).get, call(world.lan).post):
        response = send(address)
        assert response.status_code in (404, 405), response.content
    assert call(None).get(address).status_code == 401


def test_history_needs_a_stream(world: World, call: Call) -> None:
    assert call(world.lan).get("moves/").json()["code"] == "bad_query"
    assert call(world.lan).get("moves/", stream="x").json()["code"] == "bad_query"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", ""])
def test_any_accept_header_gets_json(world: World, call: Call, accept: str) -> None:
    response = call(world.lan).client.get("/api/units/", headers={"Accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_a_session_needs_the_token_of_the_site(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.phuc)
    response = client.post("/api/regulations/", {"facts": {"number": "1/2026/NĐ-CP"}}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
    form = client.post("/api/regulations/", b"--x\r\nbad", content_type="multipart/form-data; boundary=x")
    assert form.status_code in (400, 403, 415)
    assert set(form.json()) == {"code", "detail", "state", "row_version", "problems"}


@pytest.mark.parametrize(
    ("fault", "answered"),
    [
        (OperationalError("server closed the connection"), (503, "unavailable")),
        (OperationalError("database is locked"), (409, "busy")),
        (IntegrityError("duplicate key"), (409, "conflict")),
        (DataError("value too long"), (400, "bad_answer")),
    ],
)
def test_faults_of_the_database_are_answered(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch, fault: Exception, answered: tuple[int, str]
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise fault

    monkeypatch.setattr(engine, "start", broken)
    for key in (None, "k"):
        response = call(world.phuc).post("regulations/", {"facts": {"number": "1/2026/NĐ-CP"}}, key=key)
        assert (response.status_code, response.json()["code"]) == answered
        assert ("Retry-After" in response) == (answered[0] == 503)
