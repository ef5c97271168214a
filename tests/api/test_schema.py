"""The OpenAPI document: valid, complete, without warnings, and the page that shows it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from workflows import registry
from workflows.api.schema import READING, WRITING

UPLOADING = (400, 401, 403, 404, 413, 415, 503, 507)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """As ``manage.py spectacular`` writes it; any warning fails here."""
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for address, item in document["paths"].items():
        for method, operation in item.items():
            yield address, method, operation


def test_operations_have_names_of_their_own_and_words(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for _address, _method, operation in operations(document))
    assert names.most_common(1)[0][1] == 1
    assert all(operation["description"] for _address, _method, operation in operations(document))


def test_every_step_of_every_table_has_an_address(document: dict[str, Any]) -> None:
    names = {operation["operationId"] for _address, _method, operation in operations(document)}
    for table in registry.machines():
        for step in table.steps:
            if not step.starts:
                assert f"{table.name}s_{step.action}" in names


def test_every_refusal_is_described(document: dict[str, Any]) -> None:
    for address, method, operation in operations(document):
        wanted = READING if method == "get" else UPLOADING if "/files/" in address else WRITING
        assert {str(status) for status in wanted} <= set(operation["responses"]), address
        for status in wanted:
            shape = operation["responses"][str(status)]["content"]["application/json"]["schema"]
            assert shape == {"$ref": "#/components/schemas/Error"}
        if method == "post":
            assert operation["requestBody"]["required"] is True
            assert "`Idempotency-Key`" in operation["description"]


def test_bodies_take_no_unknown_keys_and_steps_need_the_version(document: dict[str, Any]) -> None:
    for address, method, operation in operations(document):
        if method != "post":
            continue
        shape = operation["requestBody"]["content"]["application/json"]["schema"]
        if "$ref" in shape:
            shape = document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
        assert shape["additionalProperties"] is False, address
        assert ("expected_version" in shape.get("required", [])) == ("/actions/" in address), address


def test_what_a_step_asks_is_its_body(document: dict[str, Any]) -> None:
    body = document["paths"]["/api/versions/{id}/actions/issue/"]["post"]["requestBody"]
    shape = body["content"]["application/json"]["schema"]
    assert set(shape["properties"]) == {"expected_version", "decision_no", "decision_on", "effective_from"}
    assert set(shape["required"]) == {"expected_version", "decision_on", "effective_from"}
    assert shape["properties"]["decision_on"]["format"] == "date"


def test_the_document_is_served_to_anyone_as_yaml_and_json() -> None:
    yaml = Client().get("/api/schema/")
    assert (yaml.status_code, yaml.content[:9]) == (200, b"openapi: ")
    found = Client().get("/api/schema/", {"format": "json"}).json()
    assert {"password", "cookieAuth"} == set(found["components"]["securitySchemes"])


def test_the_page_relaxes_styles_alone_and_there_alone() -> None:
    page = Client().get("/api/docs/")
    assert page.status_code == 200
    policy = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";") if part.strip())
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert b"<script>" not in page.content
    assert "unsafe-inline" not in Client().get("/api/schema/")["Content-Security-Policy"]
    script = Client().get("/api/docs/", {"script": ""})
    assert script["Content-Type"].startswith("application/javascript")
