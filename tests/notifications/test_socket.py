"""The bell's socket: for logged-in people, each their own, and only as long as the log-in holds."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from config.asgi import application
from config.env import channel_layers
from notifications import pokes
from notifications.consumers import FRAME_CHARACTERS
from notifications.deliver import deliver
from notifications.models import Notice
from notifications.routing import websocket_urlpatterns
from tests import factories, people
from tests.patience import COMES
from tests.people import World
from workflows.models import User

pytestmark = pytest.mark.django_db(transaction=True)

APPLICATION = AuthMiddlewareStack(URLRouter(websocket_urlpatterns))


@pytest.fixture
def town(transactional_db: None) -> World:
    """The world, committed: sockets read it on connections of their own."""
    return people.build()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class Page(WebsocketCommunicator):  # type: ignore[misc]  # channels is untyped
    """One open page."""

    def __init__(self, client: Client | None = None) -> None:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value if client else ""
        headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())] if client else []
        super().__init__(APPLICATION, "/ws/notices/", headers)

    async def open(self) -> dict[str, Any]:
        """Connect and return the first word."""
        connected, _protocol = await self.connect(COMES)
        assert connected
        return await self.word()

    async def word(self) -> dict[str, Any]:
        """Return the next word."""
        word: dict[str, Any] = await self.receive_json_from(COMES)
        return word

    async def closed_with(self) -> int:
        """Code with which the server closes."""
        event = await self.receive_output(COMES)
        assert event["type"] == "websocket.close"
        return int(event["code"])


@pytest.fixture
async def pages(town: World) -> AsyncIterator[dict[str, Page]]:
    """Open pages of Minh and of Hùng."""
    opened: dict[str, Page] = {}
    for name in ("minh", "hung"):
        opened[name] = Page(await sync_to_async(logged_in)(town.people[name]))
        assert await opened[name].open() == {"type": "look", "unread": 0, "last": 0}
    yield opened
    for page in opened.values():
        await page.disconnect(timeout=COMES)


@sync_to_async
def submit(world: World) -> int:
    """Submit a version, which Minh is told of; return the number of the notice."""
    factories.version(world, "unit_review")
    deliver()
    return Notice.objects.get().pk


async def test_a_stranger_is_refused(town: World) -> None:
    connected, code = await Page().connect(COMES)
    assert (connected, code) == (False, 4401)


async def test_a_made_up_session_is_refused(town: World) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert await Page(client).connect(COMES) == (False, 4401)


async def test_a_poke_arrives_at_its_person_only(town: World, pages: dict[str, Page]) -> None:
    number = await submit(town)
    assert await pages["minh"].word() == {"type": "look", "unread": 1, "last": number}
    assert await pages["hung"].receive_nothing()


async def test_a_page_opened_later_hears_what_it_missed(town: World) -> None:
    number = await submit(town)
    page = Page(await sync_to_async(logged_in)(town.minh))
    assert await page.open() == {"type": "look", "unread": 1, "last": number}
    await page.disconnect(timeout=COMES)


@pytest.mark.parametrize(
    "frame",
    ["{", "[]", "null", '"ping"', '{"type": "look"}', '{"type": "join", "group": "user.1"}', "1" * 4000,
     '{"type": "ping", "user": 1}', "[" * 4000],
)  # fmt: skip
async def test_other_words_of_the_client_are_ignored(town: World, pages: dict[str, Page], frame: str) -> None:
    await pages["hung"].send_to(text_data=frame)
    assert await pages["hung"].receive_nothing(timeout=0.05)
    await submit(town)
    assert await pages["hung"].receive_nothing()


async def test_a_ping_is_answered(pages: dict[str, Page]) -> None:
    await pages["hung"].send_json_to({"type": "ping"})
    assert await pages["hung"].word() == {"type": "pong"}
    await pages["hung"].send_to(bytes_data=b"\x00")
    assert await pages["hung"].receive_nothing(timeout=0.05)


@pytest.mark.parametrize("kind", ["text_data", "bytes_data"])
async def test_a_frame_that_is_too_big_ends_the_socket(pages: dict[str, Page], kind: str) -> None:
    text = json.dumps({"type": "x" * FRAME_CHARACTERS})
    await pages["hung"].send_to(**{kind: text if kind == "text_data" else text.encode()})
    assert await pages["hung"].closed_with() == 1009


async def test_logging_out_closes_this_sessions_sockets_only(town: World) -> None:
    office, home = [await sync_to_async(logged_in)(town.minh) for _ in range(2)]
    here, there = Page(office), Page(home)
    await here.open()
    await there.open()
    await sync_to_async(office.post)(reverse("account_logout"))
    assert await here.closed_with() == 4401
    assert await there.receive_nothing()
    await there.disconnect(timeout=COMES)


async def test_closing_an_account_closes_its_sockets(town: World, pages: dict[str, Page]) -> None:
    town.minh.is_active = False
    await town.minh.asave()
    assert await pages["minh"].closed_with() == 4401
    assert await pages["hung"].receive_nothing()


async def test_a_new_password_closes_sockets_of_the_old_one(town: World, pages: dict[str, Page]) -> None:
    await sync_to_async(town.minh.set_password)("một mật khẩu mới rất dài")
    await town.minh.asave()
    assert await pages["minh"].closed_with() == 4401


async def test_a_change_that_is_rolled_back_or_harmless_closes_nothing(town: World, pages: dict[str, Page]) -> None:
    town.minh.position = "Trưởng phòng"
    await town.minh.asave()
    assert await pages["minh"].receive_nothing()


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs REDIS_URL; .ci/run sets it")
async def test_installations_on_one_server_of_redis_do_not_hear_each_other() -> None:
    ours = urlsplit(os.environ["REDIS_URL"])
    number = int(ours.path.strip("/") or 0)
    urls = [ours._replace(path=f"/{chosen}").geturl() for chosen in (number, number, (number + 8) % 16)]
    here, beside, other = [RedisPubSubChannelLayer(**channel_layers(url)["default"]["CONFIG"]) for url in urls]
    channels = {layer: await layer.new_channel() for layer in (here, other)}
    for layer, channel in channels.items():
        await layer.group_add("user.1", channel)
    await beside.group_send("user.1", {"type": "look"})
    async with asyncio.timeout(COMES):
        assert await here.receive(channels[here]) == {"type": "look"}
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await other.receive(channels[other])
    for layer in (here, beside, other):
        await layer.flush()


async def test_a_lost_poke_of_revocation_is_made_good_before_the_next_word(town: World, pages: dict[str, Page]) -> None:
    await User.objects.filter(pk=town.minh.pk).aupdate(is_active=False)
    await sync_to_async(pokes.look)([town.minh.pk])
    assert await pages["minh"].closed_with() == 4401


async def test_a_session_deleted_in_the_database_says_no_more(town: World) -> None:
    client = await sync_to_async(logged_in)(town.minh)
    page = Page(client)
    await page.open()
    await sync_to_async(SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value).delete)()
    await submit(town)
    assert await page.closed_with() == 4401


async def test_a_page_of_another_site_is_refused(town: World) -> None:

    client = await sync_to_async(logged_in)(town.minh)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()
    headers = [(b"cookie", cookie), (b"origin", b"https://evil.example")]
    connected, _code = await WebsocketCommunicator(application, "/ws/notices/", headers).connect(COMES)
    assert not connected
