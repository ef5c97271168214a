"""Callers of the API: a person's session, speaking JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from workflows.models import Record, User


@dataclass
class Caller:
    """One client; every answer is checked to be JSON that no cache keeps."""

    client: Client

    def get(self, address: str, **query: Any) -> Any:
        """GET."""
        return self._checked(self.client.get(f"/api/{address}", query))

    def post(self, address: str, body: Any = None, *, key: str | None = None, **extra: Any) -> Any:
        """POST a JSON body, bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        headers = {"Idempotency-Key": key} if key is not None else {}
        kind = extra.pop("content_type", "application/json")
        return self._checked(self.client.post(f"/api/{address}", data, content_type=kind, headers=headers, **extra))

    def do(self, record: Record, action: str, *, key: str | None = None, **answers: Any) -> Any:
        """Send one step, decided on the version at hand unless another is given."""
        answers.setdefault("expected_version", record.row_version)
        place = f"{record.machine.name}s/{record.pk}/actions/{action}/"
        return self.post(place, json.loads(json.dumps(answers, default=str)), key=key)

    def _checked(self, response: Any) -> Any:
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "no-store"
        if response.status_code >= 400:
            assert set(response.json()) == {"code", "detail", "state", "row_version", "problems"}
        return response


@pytest.fixture
def call() -> Callable[[User | None], Caller]:
    """Log a person in."""

    def as_person(person: User | None) -> Caller:
        client = Client()
        if person is not None:
            client.force_login(person)
        return Caller(client)

    return as_person
