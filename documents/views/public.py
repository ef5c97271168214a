"""The public site of each agency: without log-in, without session, without scripts, the same for everybody.

Addresses are lasting: ``/p/<agency>/<document>/``. The language is Vietnamese unless the address says ``lang=en``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from documents.services import keeping, public, qr
from documents.services.keeping import Kept
from workflows.models import day_of

DOCUMENTS = 100
"""Documents on one page of an agency."""
PLACES = 4
"""Digits of a page number at most."""
Q_LIMIT = 200
Page = Callable[["Asked"], Kept | None]


class Asked:
    """One request to the public site: what it may depend on, and nothing else."""

    def __init__(self, request: HttpRequest, *, paged: bool, **parts: Any) -> None:
        self.parts = parts
        self.now: datetime = timezone.now()
        self.day = day_of(self.now)
        self.language = "en" if request.GET.get("lang") == "en" else settings.LANGUAGE_CODE
        number = request.GET.get("page", "")
        fits = paged and number.isascii() and number.isdecimal() and len(number) <= PLACES
        self.number = int(number) if fits else 1
        self.q = request.GET.get("q", "").replace("\0", "").strip()[:Q_LIMIT]
        self.site = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
        self.path = request.path

    @property
    def name(self) -> str:
        """Under which the page is kept."""
        return "\n".join((self.site, self.path, self.language, str(self.number)))

    def url(self, name: str, *args: object) -> str:
        """The lasting address of another page."""
        return self.site + reverse(f"documents:{name}", args=args)

    def address(self, **query: object) -> str:
        """The address of this page with other parameters, in this language."""
        given = {"q": self.q, "lang": self.language if self.language != settings.LANGUAGE_CODE else "", **query}
        told = urlencode({key: value for key, value in given.items() if value})
        return f"{self.path}?{told}" if told else self.path

    def html(self, template: str, *, robots: str = "", status: int = 200, lasting: bool = True, **context: Any) -> Kept:
        """A page of text."""
        switched = "" if self.language == "en" else "en"
        shell = {
            "asked": self,
            "language": self.language,
            "robots": robots,
            "canonical": f"{self.site}{self.path}",
            "switch": self.address(lang=switched),
            "suffix": "" if switched else "?lang=en",
            "code": self.parts.get("code", ""),
            "version": settings.VERSION,
        }
        body = render_to_string(f"documents/public/{template}.html", {**shell, **context})
        return keeping.kept(body, status=status, robots=robots, lasting=lasting)


def shown(*, keep: bool = True, paged: bool = False) -> Callable[[Page], Callable[..., HttpResponseBase]]:
    """Make a public view of a function that makes a page; pages with a search are made anew each time.

    ``paged``: the address may say which page of a list; elsewhere a number makes no other page.
    """

    def wrap(make: Page) -> Callable[..., HttpResponseBase]:
        @wraps(make)
        @login_not_required
        @require_safe
        def view(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            asked = Asked(request, paged=paged, **parts)
            with translation.override(asked.language):
                found = _found(asked, make, keep=keep and not asked.q)
            return _answer(request, asked, found)

        return view

    return wrap


def _found(asked: Asked, make: Page, *, keep: bool) -> Kept:
    def made() -> Kept:
        return make(asked) or _missing(asked)

    if not asked.parts.get("code", "").isprintable():  # no code of ours, and letters that PostgreSQL cannot ask for
        return _missing(asked)
    if not keep:
        return made()
    return keeping.page(asked.parts["code"], asked.name, asked.now, made) or _missing(asked)


def _missing(asked: Asked) -> Kept:
    return asked.html("missing", robots="noindex", status=404, lasting=False)


def _answer(request: HttpRequest, asked: Asked, found: Kept) -> HttpResponseBase:
    """Sent with its tag, to be asked for again each time: what was withdrawn must not be read from a browser's copy."""
    response = HttpResponse(found.body, status=found.status, content_type=found.media_type)
    response["Cache-Control"] = "public, no-cache"
    response["Content-Language"] = asked.language
    if found.robots:
        response["X-Robots-Tag"] = found.robots
    if found.status != 200:  # noqa: PLR2004 - what is not there has no tag
        return response
    response["ETag"] = found.etag
    return get_conditional_response(request, etag=found.etag, response=response) or response


@shown(paged=True)
def agency(asked: Asked) -> Kept:
    """The declaration that holds, and the documents of its scope in force today, searchable."""
    front = public.front_of(asked.parts["code"], asked.day)
    if front.publication is None:
        return asked.html("agency", front=front, robots="noindex", lasting=front.ended is None)
    rows = public.shelf_of(front.publication, asked.day, asked.q)
    found = Paginator(rows, DOCUMENTS).get_page(asked.number)
    unlisted, there = "noindex" if asked.q else "", found.number == asked.number
    return asked.html("agency", front=front, page_obj=found, q=asked.q, robots=unlisted, lasting=there)


@shown(paged=True)
def scope(asked: Asked) -> Kept:
    """Announced procedures that the declaration covers."""
    front = public.front_of(asked.parts["code"], asked.day)
    if front.publication is None:
        return asked.html("agency", front=front, robots="noindex", lasting=front.ended is None)
    found = Paginator(public.procedures_of(front.publication), DOCUMENTS).get_page(asked.number)
    return asked.html("scope", front=front, page_obj=found, lasting=found.number == asked.number)


@shown()
def document(asked: Asked) -> Kept | None:
    """The version in force today; or that none is, and what came in its place."""
    found = public.document_of(asked.parts["code"], asked.parts["pk"], asked.day)
    if found is None:
        return None
    if found.version is None:
        return asked.html("gone", shown=found, robots="noindex", lasting=found.ended is None)
    checked = [asked.parts["code"], found.version.pk]
    check, drawn = asked.url("public_check", *checked), asked.url("public_qr", *checked)
    return asked.html("document", shown=found, check=check, drawn=drawn)


@shown()
def check(asked: Asked) -> Kept | None:
    """Whether a printed copy of one version is still in force, and what replaced it."""
    found = public.check_of(asked.parts["code"], asked.parts["pk"], asked.day)
    if found is None:
        return None
    return asked.html("check", check=found, robots="noindex", lasting=found.now.ended is None)


@shown()
def drawn(asked: Asked) -> Kept | None:
    """The QR of one version, as a drawing; it leads to the check."""
    if public.check_of(asked.parts["code"], asked.parts["pk"], asked.day) is None:
        return None
    target = asked.url("public_check", asked.parts["code"], asked.parts["pk"])
    return keeping.kept(qr.drawing(target), media_type="image/svg+xml", robots="noindex")


@shown()
def sitemap(asked: Asked) -> Kept:
    """Addresses of what is in force, for search engines."""
    front, code = public.front_of(asked.parts["code"], asked.day), asked.parts["code"]
    rows = [] if front.publication is None else public.shelf_of(front.publication, asked.day)
    lines = [(asked.url("public_document", code, row.document_id), row.effective_from) for row in rows]
    context = {"front": asked.url("public_agency", code), "publication": front.publication, "lines": lines}
    body = render_to_string("documents/public/sitemap.xml", context)
    return keeping.kept(body, media_type="application/xml; charset=utf-8")


@shown(keep=False)
def sitemaps(asked: Asked) -> Kept:
    """Addresses of every agency's list."""
    lines = [asked.url("public_sitemap", row.agency.code) for row in public.published()]
    body = render_to_string("documents/public/sitemaps.xml", {"lines": lines})
    return keeping.kept(body, media_type="application/xml; charset=utf-8")


@shown(keep=False, paged=True)
def agencies(asked: Asked) -> Kept:
    """Agencies that have published."""
    found = Paginator(public.published(), DOCUMENTS).get_page(asked.number)
    return asked.html("agencies", page_obj=found)


@shown(keep=False)
def robots(asked: Asked) -> Kept:
    """What search engines may read: the public site alone."""
    body = f"User-agent: *\nAllow: /p/\nAllow: /static/\nDisallow: /\n\nSitemap: {asked.url('public_sitemaps')}\n"
    return keeping.kept(body, media_type="text/plain; charset=utf-8")
