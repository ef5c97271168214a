"""The public site as readers meet it: one uvicorn process, asked over connections that stay open (bar 5).

The server is a process of its own, without Redis: what this process commits, it learns as late as any other would.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, connections
from django.urls import reverse

from config.bench.timing import Timing
from config.bench.town import SINCE, Town
from documents.models import Document, DocumentVersion, Publication
from workflows import engine
from workflows.models import Unit
from workflows.roles import Role

FLOOR, WITHDRAW = "/benchmark/floor", "/benchmark/withdraw/"
STATEMENTS = b"x-statements"
"""What ``config.bench.served`` answers to beside the product, and the header in which it counts."""
CLIENTS, ROUNDS, WARM = 8, 5, 50
"""Connections that ask at once, turns of floor and page, and requests before the first turn."""
PER_SECOND, SHOWN_MS = 200, 2_000
"""Promised: requests each second; milliseconds until a change is shown."""
CHANGES = 4
"""Documents whose publication and end are waited for, each by itself."""
START, PATIENCE = 30.0, 10.0
"""Seconds for the server to start; for a change to be shown, before it counts as never."""
Deed = Callable[[], None]
Changes = list[tuple[str, Deed]]
IN_FORCE = b'class="state good"'
SITE = {"edition": "TCVN ISO 9001:2015", "decision_no": "1/QĐ-BM", "notified": "1/CV-BM", "alarms": "hidden"}


@dataclass(frozen=True)
class Answer:
    """One answer. ``statements``: how many the server has run by then."""

    status: int
    body: bytes
    statements: int

    @property
    def in_force(self) -> bool:
        """It shows a document as in force."""
        return self.status == 200 and IN_FORCE in self.body  # noqa: PLR2004


class Line:
    """A connection that stays open, asked one thing after another."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: Any = None
        self.writer: Any = None

    async def ask(self, path: str, *headers: str) -> Answer:
        """GET a path."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = (f"GET {path} HTTP/1.1", f"Host: localhost:{self.port}", "Accept: text/html", *headers, "", "")
        self.writer.write("\r\n".join(lines).encode())
        head, *rows = (await self.reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        told = {name.lower(): value.strip() for name, _colon, value in (row.partition(b":") for row in rows)}
        body = await self.reader.readexactly(int(told.get(b"content-length", 0)))
        return Answer(int(head.split()[1]), body, int(told.get(STATEMENTS, 0)))

    def close(self) -> None:
        """Hang up."""
        if self.writer is not None:
            self.writer.close()


class Place:
    """A town whose documents are in force, and its public pages."""

    def __init__(self) -> None:
        self.town = Town()
        self.versions = [self._adopted(self.town.agency, self.town.unit, number) for number in range(2 * CHANGES + 1)]
        self._publish(self.town.agency)

    def _adopted(self, agency: Unit, unit: Unit, number: int) -> DocumentVersion:
        owner = Document.objects.create(
            agency=agency, unit=unit, kind="TTHC_PROC", code=f"BM.{number:03}", title=f"Quy trình {number}"
        )
        fresh = DocumentVersion(document=owner, agency=agency, unit=unit, content={})
        return engine.start(fresh, "adopt", by=None, content=self.town.content, effective_from=SINCE)

    def _publish(self, agency: Unit) -> None:
        given: dict[str, Any] = {**SITE, "decision_on": SINCE, "website": "https://bm.gov.vn/iso"}
        engine.start(Publication(agency=agency, unit=agency), "adopt", by=None, **given)

    def fresh(self, number: int) -> tuple[str, Deed]:
        """The page of a document of an agency that has published nothing yet, and the deed that publishes it."""
        agency = Unit.objects.create(code=f"BM{number}", name=f"Cơ quan {number}", kind="department")
        version = self._adopted(agency, agency, number)
        return self.page(version, agency.code), partial(self._publish, agency)

    def page(self, version: DocumentVersion, code: str = "BM") -> str:
        """Address of a version's document."""
        return reverse("documents:public_document", args=[code, version.document_id])

    def end(self, version: DocumentVersion) -> None:
        """Withdraw a version, by this process."""
        chief = self.town.people[Role.STEERING_HEAD]
        engine.fire(version, "withdraw", by=chief, decision_no="9/QĐ-BM", note="Đo")


def run(requests: int) -> list[Timing]:
    """Fill, serve, and ask."""
    place = Place()
    path, *pages = map(place.page, place.versions)
    begins: Changes = [place.fresh(number) for number in range(100, 100 + CHANGES)]
    ends: Changes = list(zip(pages, [partial(place.end, one) for one in place.versions[1:]], strict=True))
    gone = list(zip(pages, [str(one.pk) for one in place.versions[1:]], strict=True))

    async def measured(port: int) -> list[Timing]:
        return [
            *await _rates(port, path, requests),
            *await _hits(port, path),
            await _shown(port, begins, in_force=True),
            await _shown(port, ends[:CHANGES], in_force=False),
            await _never(port, gone[CHANGES:]),
        ]

    with served() as port:
        return asyncio.run(measured(port))


async def _rates(port: int, path: str, requests: int) -> list[Timing]:
    """The page and the floor by turns."""
    lines = [Line(port) for _client in range(CLIENTS)]
    rates: dict[str, list[float]] = {FLOOR: [], path: []}
    for target in rates:
        await _asked(lines, target, WARM)
    for _round in range(ROUNDS):
        for target, found in rates.items():
            begun = time.perf_counter()
            await _asked(lines, target, requests)
            found.append(requests / (time.perf_counter() - begun))
    for line in lines:
        line.close()
    low, ours = (median(found) for found in rates.values())
    words = f"one process, {CLIENTS} connections"
    return [
        Timing(f"floor: a page without Django, {low:,.0f} requests/s", 1000 / low, requests),
        Timing(f"document page, {words}: {ours:,.0f} requests/s", 1000 / ours, requests, low / ours,
               f"≥ {PER_SECOND} requests/s", ours >= PER_SECOND),
    ]  # fmt: skip


async def _asked(lines: list[Line], path: str, requests: int) -> None:
    """So many requests, shared by the connections; every answer must be the page."""
    left = iter(range(requests))

    async def reader(line: Line) -> None:
        for _number in left:
            found = await line.ask(path)
            if found.status != 200:  # noqa: PLR2004
                raise CommandError(f"{path}: {found.status}")

    await asyncio.gather(*map(reader, lines))


async def _hits(port: int, path: str) -> list[Timing]:
    """Statements of requests for a page that has just been asked for: sent again, and by Django with a tag."""
    line, found = Line(port), []
    for name, headers in (("sent again", ()), ("by Django, asked with a tag", ('If-None-Match: "x"',))):
        spent, before, after, hits = 0.0, 0, 0, 0
        for _try in range(ROUNDS):
            before, begun = (await line.ask(path, *headers)).statements, time.perf_counter()
            hits, after = 0, before
            while time.perf_counter() - begun < 0.3:  # noqa: PLR2004 - well within what is believed
                after, hits = (await line.ask(path, *headers)).statements, hits + 1
            spent = (time.perf_counter() - begun) * 1000
            if after == before:
                break
        told = f"hit, {name}: {after - before} statements in {hits:,} requests"
        found.append(Timing(told, spent / hits, hits, None, "no statement", after == before))
    line.close()
    return found


async def _shown(port: int, changes: Changes, *, in_force: bool) -> Timing:
    """The longest time from the commit of another process until the page says so, with readers all the while."""
    line, spent = Line(port), []
    loop = asyncio.get_running_loop()
    for path, deed in changes:
        if (await line.ask(path)).in_force == in_force:
            raise CommandError(f"{path}: shows the change before it is made")
        await loop.run_in_executor(None, _done, deed)
        begun = time.perf_counter()
        while time.perf_counter() - begun < PATIENCE:
            if (await line.ask(path)).in_force == in_force:
                break
        spent.append((time.perf_counter() - begun) * 1000)
    line.close()
    name = "published" if in_force else "withdrawn"
    most = max(spent)
    return Timing(f"{name} by another process, shown", most, len(spent), None, f"≤ {SHOWN_MS} ms", most <= SHOWN_MS)


def _done(deed: Deed) -> None:
    """In a thread of its own, whose connection ends with it."""
    try:
        deed()
    finally:
        connections.close_all()


async def _never(port: int, pages: list[tuple[str, str]]) -> Timing:
    """Withdrawn by the serving process: after its commit no answer shows it as in force, whoever asks."""
    lines, wrong, asked, begun = [Line(port) for _client in range(CLIENTS)], 0, 0, time.perf_counter()
    for path, pk in pages:
        await _asked(lines, path, CLIENTS)
        await lines[0].ask(f"{WITHDRAW}{pk}")
        for _round in range(ROUNDS):
            found = await asyncio.gather(*(line.ask(path) for line in lines))
            asked, wrong = asked + len(found), wrong + sum(one.in_force for one in found)
    for line in lines:
        line.close()
    spent = (time.perf_counter() - begun) * 1000 / asked
    return Timing(
        f"withdrawn, still shown as in force: {wrong} of {asked} answers", spent, asked, None, "none", not wrong
    )


@contextmanager
def served() -> Iterator[int]:
    """The product in a process of its own, on the scratch database; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    names = {
        "DATABASE_URL": _address(),
        "REDIS_URL": "",
        "NOTICE_MAIL_THREAD": "0",
        "SITE_URL": "",
    }
    command = [sys.executable, "-m", "uvicorn", "config.bench.served:application", "--port", str(port)]
    quiet = ["--log-level", "warning", "--no-access-log", "--lifespan", "off"]
    with TemporaryFile() as told:
        given: dict[str, Any] = {"cwd": settings.BASE_DIR, "env": {**os.environ, **names}, "stderr": told}
        child = subprocess.Popen([*command, *quiet], **given)  # noqa: S603
        try:
            if not _answers(port, child):
                told.seek(0)
                raise CommandError(f"the server did not start: {told.read()[-2000:].decode()}")
            yield port
        finally:
            child.terminate()
            child.wait(timeout=START)


def _address() -> str:
    """The database in use, as the child must name it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].split("?")[0].rsplit("/", 1)[0] + f"/{name}"


def _answers(port: int, child: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + START
    while time.monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
