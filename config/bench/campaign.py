"""An event that touches a third of the country: written through the door, beside one INSERT … SELECT of the same rows,
and what an approval elsewhere takes meanwhile.
"""

from __future__ import annotations

import itertools
import multiprocessing
import time
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, transaction

from config.bench.country import WIDE, Country, act_id
from config.bench.impact import COUNTED
from config.bench.scratch import let_go
from config.bench.step import outbox_only
from config.bench.timing import Timing, clocked
from config.bench.town import Town
from documents.models import Campaign, Event, EventKind, ImpactItem, Regulation
from documents.services.campaigns import campaign_for
from documents.services.fanout import campaign_fill
from notifications.deliver import deliver
from notifications.models import Notice
from workflows.models import Unit, User, day_of

TWINS = {"floor_item": "documents_impactitem", "floor_move": "workflows_move", "floor_notice": "notifications_notice"}
APPROVALS = 12
"""Versions of five steps each, before the writing and again while it goes on."""


def run(country: Country) -> list[Timing]:
    """Written once alone and once beside approvals; the floor copies what was written alone."""
    del country
    town = Town()
    act, whole = Regulation.objects.get(pk=act_id(WIDE)), Unit.objects.get(pk=1)
    _twins()
    launching, campaign = clocked(lambda: _launch(act, EventKind.EFFECTIVE, whole))
    filling, grown, longest = _in_process(campaign)
    telling = clocked(deliver)[0]
    items = ImpactItem.objects.filter(campaign=campaign)
    written, units = items.count(), items.order_by().values("unit").distinct().count()
    told = Notice.objects.filter(move__stream=campaign.pk).count()
    floor, rows = clocked(lambda: _floor(campaign))
    total = launching + filling + telling
    name = f"campaign of {written:,} documents in {units:,} units, {told:,} people told"
    with outbox_only():
        alone, beside = _approvals(town, _launch(act, EventKind.AMENDED, whole), APPROVALS)
    return [
        Timing("floor: INSERT … SELECT of the same rows", floor, rows),
        Timing(name, total, rows, total / floor, "≤ 5 × floor", total <= 5 * floor),
        Timing("  of which until the page answers", launching, 0),
        Timing("  longest part, a transaction of its own", longest, 0),
        Timing("  growth of the writing process, MB", grown, 0, None, "bounded: ≤ 200 MB", grown <= 200),  # noqa: PLR2004
        Timing("floor: an approval step, nothing beside it", median(alone), len(alone)),
        Timing(
            "an approval step while the campaign is written",
            median(beside),
            len(beside),
            median(beside) / median(alone),
            "≤ 2 × alone",
            median(beside) <= 2 * median(alone),
        ),
    ]


def _launch(act: Regulation, kind: str, agency: Unit) -> Campaign:
    event = Event.objects.of_act(act, kind)
    return campaign_for(event=event, agency=agency, by=User.objects.get(pk=1), below=True)


def _twins() -> None:
    """Tables for the floor that hold what is there already; then both begin after a checkpoint, which makes the first
    change of each page dearer.
    """
    with connection.cursor() as cursor:
        for twin, table in TWINS.items():
            cursor.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")
            cursor.execute(f"INSERT INTO {twin} SELECT * FROM {table}")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(f"SELECT count(d.code) {FOUND}", {"act": act_id(WIDE), "on": day_of()})  # both find them warm
        cursor.execute("CHECKPOINT")


FOUND = f"""
  FROM documents_citation c
  JOIN documents_documentversion v ON v.id = c.version_id AND c.regulation_id = %(act)s AND v.state IN {COUNTED}
   AND (v.effective_from IS NULL OR v.effective_from <= %(on)s) AND (v.effective_to IS NULL OR v.effective_to > %(on)s)
   AND NOT EXISTS (SELECT 1 FROM documents_documentversion l
                    WHERE l.document_id = v.document_id AND l.state IN {COUNTED} AND l.effective_from <= %(on)s
                      AND l.effective_from > coalesce(v.effective_from, '0001-01-01'))
  JOIN documents_document d ON d.id = v.document_id
  JOIN workflows_unit u ON u.id = v.unit_id"""


def _floor(campaign: Campaign) -> int:
    """The rows that were written, found as they are found but not computed anew, into the twins: the same columns and
    indexes, without walls and references.
    """
    written = 0
    found = f"{FOUND} JOIN documents_impactitem i ON i.version_id = v.id AND i.campaign_id = %(key)s"
    sources = {
        "floor_item": f"SELECT i.* {found}",
        "floor_move": f"SELECT m.* {found} JOIN workflows_move m ON m.stream = i.id",
        "floor_notice": "SELECT n.* FROM notifications_notice n JOIN workflows_move m ON m.id = n.move_id "
        "WHERE m.stream = %(key)s",
    }
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    with transaction.atomic(), connection.cursor() as cursor:
        for twin, source in sources.items():
            cursor.execute(f"INSERT INTO {twin} {source}", {"key": campaign.pk, "act": act_id(WIDE), "on": day_of()})
            written += cursor.rowcount
    return written


def _in_process(campaign: Campaign) -> tuple[float, float, float]:
    """Fill in a process of its own; return its milliseconds, growth in MB, and the longest part in milliseconds."""
    process, ours = _started(campaign)
    found: tuple[float, float, float] = ours.recv()
    process.join()
    return found


def _started(campaign: Campaign) -> tuple[Any, Connection]:
    let_go()  # a fork must not share the sockets
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_fill, args=(campaign, theirs))
    process.start()
    return process, ours


def _fill(campaign: Campaign, answer: Connection) -> None:
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of the parent
    before, ends = _memory("VmRSS"), [time.perf_counter()]
    spent = clocked(lambda: campaign_fill(campaign, told=lambda _row, _written: ends.append(time.perf_counter())))[0]
    longest = max((end - begin for begin, end in itertools.pairwise(ends)), default=0.0) * 1000
    answer.send((spent, _memory("VmHWM") - before, longest))
    let_go()


def _memory(name: str) -> float:
    """A figure of the process's memory in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def _approvals(town: Town, campaign: Campaign, versions: int) -> tuple[list[float], list[float]]:
    """Milliseconds of approval steps before the writing and, the same work, while another process writes."""
    before, meanwhile = town.drafts(versions), town.drafts(versions * 20, versions)
    alone = [clocked(deed)[0] for version in before for deed in town.approve_whole(version)]
    process, ours = _started(campaign)
    beside: list[float] = []
    for version in meanwhile:
        for deed in town.approve_whole(version):
            took = clocked(deed)[0]
            if process.is_alive() and not ours.poll():
                beside.append(took)
        if ours.poll():
            break
    ours.recv()
    process.join()
    return alone, beside or alone
