"""Every mention of the source reports has its line, and every place that a line names answers."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import get_commands, load_command_class
from django.test import Client
from django.urls import reverse

from config.mentions import COMMAND, MENTIONS, PLACES
from tests.people import World
from tests.workflows.screens import log_in

NUMBERS = {"S0": 11, "S1": 29, "S2": 12, "S3": 22, "S4": 15}
"""How many mentions each report has (domain §9)."""
HISTORY = "S4.3"
"""The one that asks for nothing."""
COMMANDS = sorted(place.target for place in PLACES.values() if place.kind == COMMAND)


def test_every_mention_stands_there_once() -> None:
    wanted = [f"{report}.{number}" for report, most in NUMBERS.items() for number in range(1, most + 1)]
    assert [one.number for one in MENTIONS] == wanted


def test_what_has_no_place_says_what_is_lacking() -> None:
    assert {one.number for one in MENTIONS if not one.places and not one.lacks} == {HISTORY}
    assert {key for one in MENTIONS for key in one.places} == set(PLACES)


def test_the_page_leads_to_every_place_and_each_answers(world: World) -> None:
    client = log_in(world.quang)
    page = client.get(reverse("guide")).content.decode()
    assert re.findall(r'<tr id="(S\d\.\d+)">', page) == [one.number for one in MENTIONS]
    body = page[page.index("<main") : page.index("</main")]
    links = set(re.findall(r'href="(/[^"]*)"', body)) - {"/"}
    assert len(links) == len(PLACES) - len(COMMANDS)
    assert {url: code for url in links if (code := client.get(url).status_code) != 200} == {}
    assert {name for name in COMMANDS if f"manage.py {name}" not in body} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    shown = io.StringIO()
    parser.print_help(shown)
    assert parser.description
    assert name in shown.getvalue()


def test_it_is_for_people_who_are_logged_in(db: None) -> None:
    assert Client().get(reverse("guide")).status_code == 302
