"""Reading a request strictly: the body as a JSON object that every database can keep, the query as declared."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from workflows.api.errors import BadBody, BadQuery, TooLarge
from workflows.errors import BadAnswer
from workflows.text import nfc

BODY_LIMIT = 4 * 2**20
"""Bytes. The longest content, 500,000 letters, takes three million when each is written as an escape."""
DEPTH = 40
"""Nesting of a body; the deepest that any step asks for is 4."""
MAX_INT = 2**31 - 1
Q_LIMIT = 200


def raw_body(request: Request) -> bytes:
    """Return the whole body; raises ``TooLarge``. Counted while reading: a length may be missing or wrong."""
    raw: bytes = request.read(BODY_LIMIT + 1)
    if len(raw) > BODY_LIMIT:
        raise TooLarge
    return raw


def json_object(raw: bytes) -> dict[str, Any]:
    """Parse a body; nothing sent is an empty object. Raises ``BadBody``.

    Refused beside bad syntax: NaN, keys given twice, NUL and half surrogates (neither fits into PostgreSQL), and
    nesting beyond any use.
    """
    if not raw:
        return {}
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_each_key_once)
        _check(value)
    except (ValueError, RecursionError) as error:
        raise BadBody from error
    if not isinstance(value, dict):
        raise BadBody
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _check(value: Any) -> None:
    layer: list[Any] = [value]
    for _depth in range(DEPTH):
        below: list[Any] = []
        for item in layer:
            below.extend(_inside(item))
        if not below:
            return
        layer = below
    raise ValueError("nested too deeply")


def _inside(item: Any) -> Iterable[Any]:
    """What a value holds; raises ``ValueError`` for a text or number that cannot be kept."""
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    if isinstance(item, list):
        return item
    if isinstance(item, str):
        item.encode()  # half a surrogate pair has no encoding
        if "\0" in item:
            raise ValueError("NUL")
    elif isinstance(item, float) and item in (float("inf"), float("-inf")):
        raise ValueError("beyond any number")
    return ()


class Text(serializers.CharField):
    """One line of text that is sent as text: DRF would also take numbers."""

    breaks = ""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no text or cannot be read, and compose marks."""
        if not isinstance(data, str):
            self.fail("invalid")
        text = nfc(data.replace("\r\n", "\n"))
        if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in self.breaks for char in text):
            raise ValidationError(_("Có ký tự điều khiển không đọc được."))
        return super().to_internal_value(text)


class Lines(Text):
    """A text of several lines."""

    breaks = "\n\t"


class Number(serializers.IntegerField):
    """A whole number within what a database key holds; in a body it is sent as a number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": MAX_INT, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        """Refuse booleans, fractions and digits of other scripts."""
        if isinstance(data, bool | float) or (isinstance(data, str) and not data.isascii()):
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(serializers.UUIDField):
    """A record's id, in the one spelling that the API writes."""

    def to_internal_value(self, data: Any) -> UUID:
        """Refuse numbers, which DRF would take."""
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Body(serializers.Serializer[Any]):
    """A body with fixed keys; unknown ones are refused."""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values in their types; raises ``BadAnswer`` by field."""
        reader = cls(data=given)
        problems = {name: _("Trường này không có ở đây.") for name in given if name not in reader.fields}
        return _validated(reader, problems, BadAnswer)


class Query(serializers.Serializer[Any]):
    """The parameters of an address; unknown and repeated ones are refused, so that a slip never widens a list."""

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """Return the values in their types; raises ``BadQuery`` by parameter."""
        given, problems = request.query_params, {}
        reader = cls(data=given.dict())
        for name in given:
            if name not in reader.fields:
                problems[name] = _("Không có tham số này.")
            elif len(given.getlist(name)) > 1:
                problems[name] = _("Tham số này chỉ được gửi một lần.")
        return _validated(reader, problems, BadQuery)


class PageQuery(Query):
    """Which part of a list."""

    limit = Number(default=50, max_value=200, help_text="Rows of a page.")
    offset = Number(default=0, min_value=0, max_value=1_000_000, help_text="Rows left out before the first.")


def _validated(
    reader: serializers.Serializer[Any], problems: dict[str, str], refusal: type[BadAnswer | BadQuery]
) -> dict[str, Any]:
    if not reader.is_valid():
        problems |= {name: " ".join(map(str, sentences)) for name, sentences in reader.errors.items()}
    if problems:
        raise refusal(problems=problems)
    return dict(reader.validated_data)
