"""Templates that the strict security policy would break, or that say something else than was meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.base import Lexer, TokenType

from tests.sources import ROOT, templates

pytestmark = pytest.mark.once

FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE),
    "htmx handler": re.compile(r"<[^>]*\s(data-)?hx-on", re.IGNORECASE),
    "htmx eval": re.compile(r"<[^>]*\shx-(vals|headers|trigger)\s*=\s*[\"'][^\"']*(js:|javascript:|\[)", re.IGNORECASE),
    "script without src": re.compile(r"<script(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "script with a body": re.compile(r"<script[^>]*>\s*[^<\s]", re.IGNORECASE),
    "javascript address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "asset of another host": re.compile(
        r"<(script|link|img|iframe|use)\b[^>]*(src|href)\s*=\s*[\"']?(https?:)?//", re.IGNORECASE
    ),
}
UNESCAPED = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off")
TAG = re.compile(r"{%.*?%}|{{.*?}}")
POST_FORM = re.compile(r"<form\b[^>]*method\s*=\s*[\"']?post.*?</form>", re.IGNORECASE | re.DOTALL)
STATIC = re.compile(r"{%\s*static\s+[\"']([^\"']+)[\"']")
ID = re.compile(r"\sid=\"([\w-]+)\"")


@pytest.mark.parametrize("path", templates(), ids=str)
def test_a_template_asks_nothing_that_the_policy_forbids(path: Path) -> None:
    text = (ROOT / path).read_text()
    assert not UNESCAPED.search(text)
    page = TAG.sub("", text)
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(page)] == []


@pytest.mark.parametrize("path", templates(), ids=str)
def test_a_template_compiles_and_leaves_no_tag_as_text(path: Path) -> None:
    text = (ROOT / path).read_text()
    engines["django"].from_string(text)
    left = [token.contents for token in Lexer(text).tokenize() if token.token_type == TokenType.TEXT]
    assert [piece for piece in left if re.search(r"{%|%}|{{|}}", piece)] == []


@pytest.mark.parametrize("path", templates(), ids=str)
def test_every_form_that_writes_carries_the_token(path: Path) -> None:
    forms = POST_FORM.findall((ROOT / path).read_text())
    assert [form for form in forms if "{% csrf_token %}" not in form] == []


@pytest.mark.parametrize("path", templates(), ids=str)
def test_every_static_file_it_names_is_there(path: Path) -> None:
    named = STATIC.findall((ROOT / path).read_text())
    assert [name for name in named if finders.find(name) is None] == []


@pytest.mark.parametrize("path", templates(), ids=str)
def test_no_id_is_given_twice(path: Path) -> None:
    ids = ID.findall((ROOT / path).read_text())
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("inline style", '<p class="a" style="x">'),
        ("inline handler", '<a href="#" onclick="x()">'),
        ("script without src", "<script>x()</script>"),
        ("script with a body", '<script src="a.js">x()</script>'),
        ("asset of another host", '<script src="//cdn.example/x.js"></script>'),
        ("htmx eval", '<div hx-trigger="toggle[open]">'),
    ],
)
def test_the_scan_sees(name: str, text: str) -> None:
    assert FORBIDDEN[name].search(text)
