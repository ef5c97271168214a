"""Catalogues: what is compiled is what was written, and a translation fills in what its original does."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine
from django.utils import translation

from tests.catalogues import LOCALE, Entry, catalogues, formats, read
from tests.messages import messages, of_template

pytestmark = pytest.mark.once


def compiled(file: Path) -> dict[str | tuple[str, int], str]:
    """The .mo beside a .po; a message with plurals is keyed by (singular, form)."""
    with file.with_suffix(".mo").open("rb") as stream:
        return dict(GNUTranslations(stream)._catalog)  # type: ignore[attr-defined]


def meant(entries: list[Entry]) -> dict[str | tuple[str, int], str]:
    """What the .mo of these entries must hold."""
    return {
        (entry.id, form) if entry.plural else entry.id: string
        for entry in entries
        for form, string in entry.strings.items()
    }


def by_path(file: Path) -> str:
    return str(file.relative_to(LOCALE))


def test_both_languages_have_a_catalogue() -> None:
    assert {file.relative_to(LOCALE).parts[0] for file in catalogues()} == dict(settings.LANGUAGES).keys()


@pytest.mark.parametrize("file", catalogues(), ids=by_path)
def test_the_compiled_catalogue_is_the_written_one(file: Path) -> None:
    assert compiled(file) == meant(read(file)), f"run: msgfmt -o {file.with_suffix('.mo')} {file}"


@pytest.mark.parametrize("file", catalogues(), ids=by_path)
def test_nothing_is_fuzzy_empty_or_said_twice(file: Path) -> None:
    entries = read(file)
    assert [entry.line for entry in entries if entry.fuzzy or not all(entry.strings.values())] == []
    ids = [entry.id for entry in entries]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("file", catalogues(), ids=by_path)
def test_a_translation_fills_in_what_its_original_does(file: Path) -> None:
    wrong = [
        (entry.line, entry.id, string)
        for entry in read(file)[1:]
        for form, string in entry.strings.items()
        if formats(string) != formats(entry.id)
        and not (entry.plural and form and formats(string) == formats(entry.plural))
    ]
    assert wrong == []


def test_every_text_of_ours_has_its_english_and_no_other() -> None:
    """Add what is missing to the .po by hand, then compile it as the test above says."""
    english = {entry.id for entry in read(LOCALE / "en" / "LC_MESSAGES" / "django.po")[1:]}
    ours = messages()
    assert {text: place for text, place in ours.items() if text not in english} == {}
    assert english - ours.keys() == set()


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('{% if a %}{% for b in c %}{% translate "Một" %}{% empty %}{% translate "Hai" %}{% endfor %}{% endif %}', 2),
        ("{% blocktranslate with n=1 %}Có {{ n }} mục{% endblocktranslate %}", 1),
        ("{% translate name %}", 0),
    ],
)
def test_texts_of_a_template_are_found_wherever_they_are(source: str, texts: int) -> None:
    assert len(list(of_template(Engine.get_default().from_string("{% load i18n %}" + source)))) == texts


@pytest.mark.parametrize(
    ("language", "original", "shown"),
    [
        ("vi", "New Password (again)", "Mật khẩu mới (nhập lại)"),
        ("vi", "Đăng nhập", "Đăng nhập"),
        ("en", "Đăng nhập", "Sign in"),
        ("en", "New Password (again)", "New Password (again)"),
    ],
)
def test_each_language_shows_its_own_words(language: str, original: str, shown: str) -> None:
    with translation.override(language):
        assert translation.gettext(original) == shown
