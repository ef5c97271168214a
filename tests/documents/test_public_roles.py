"""The public site is for everybody, and the first step towards it for the secretary alone."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.documents import published
from tests.people import World
from tests.test_urls_by_role import SEATED, status


def test_everybody_reads_the_public_site(world: World) -> None:
    own = published.fit(world)
    published.publication(world)
    document, version, code = own.document_id, own.pk, "STP"
    args: dict[str, list[Any]] = {
        "agency": [code], "scope": [code], "sitemap": [code], "document": [code, document], "check": [code, version],
    }  # fmt: skip
    urls = [reverse(f"documents:public_{name}", args=given) for name, given in args.items()]
    urls += [reverse(name) for name in ("documents:robots", "documents:public_agencies", "documents:public_sitemaps")]
    assert {Client().get(url).status_code for url in urls} == {200}
    for who in ("lan", "dung", "root"):
        assert {status(world, who, url) for url in urls} == {200}, who
    foreign = [reverse(f"documents:public_{name}", args=["NX", *given[1:]]) for name, given in args.items()]
    assert {Client().get(url).status_code for url in foreign} == {404}


def test_the_secretary_prepares_a_publication(world: World) -> None:
    got = {who: status(world, who, reverse("documents:publication_new")) for who in SEATED}
    assert {who for who, code in got.items() if code == 200} == {"hoa", "dung"}
    assert set(got.values()) == {200, 403}
