"""The first page of a search over many sections, for somebody who sees the whole country."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median

from django.db import connection
from rich.progress import track

from config.bench.country import Country
from config.bench.timing import Timing, clocked
from config.management import SAMPLE
from documents.sections import SECTIONS
from documents.services.searching import sections_of
from workflows import searching
from workflows.importing import read
from workflows.models import Passage, User
from workflows.sources import Texts, heading, passages
from workflows.spelling import folded, words

PARTS = tuple(one.key for one in SECTIONS)[:5]
"""Sections that one document has."""
ROUNDS = 5
MOST = 100
"""Milliseconds of a first page, promised."""
TITLE = ("source", "owner", "agency", "day", "text", "marked", "folded")
COLUMNS = (*TITLE, "place", "part")


def run(country: Country) -> list[Timing]:
    """One word, two, a phrase, with and without marks, a number, and words that stand nowhere together."""
    known = _sentences()
    _fill(country, known)
    person = User.objects.get(pk=1)
    sections = Passage.objects.filter(source="document").count()
    found = []
    for name, query in _queries(country, known):
        hits = searching.search(person, query)
        spent, count = _median(partial(searching.search, person, query)), sum(one.count for one in hits)
        floor = _median(partial(_floor, query))
        found.append(Timing(f"floor: {name}", floor, 0))
        whole = f"{name} ({sections:,} sections)"
        found.append(Timing(whole, spent, count, spent / floor, f"≤ {MOST} ms", spent <= MOST))
    return found


def _median(call: Callable[[], object]) -> float:
    return median(clocked(call)[0] for _round in range(ROUNDS))


def _sentences() -> list[str]:
    """Sentences of the sample's procedures: the words and the marks of real texts."""
    rows = [row for _line, row in read(SAMPLE / "procedures.jsonl") if isinstance(row, dict)]
    texts = (text for row in rows for text in sections_of(row["content"]).values())
    return sorted({part.strip() for text in texts for part in re.split(r"[\n.;]", text) if len(part.strip()) > 20})  # noqa: PLR2004


def _queries(country: Country, known: list[str]) -> list[tuple[str, str]]:
    chance = random.Random(country.seed)  # noqa: S311 - the same every time is the point
    phrase = " ".join(chance.choice([one for one in known if len(one.split()) > 8]).split()[:8])  # noqa: PLR2004
    two = " ".join(phrase.split()[:2])
    return [
        ("a word of two letters", "hồ"),
        ("one word with marks", "quyết"),
        ("one word without marks", "quyet"),
        ("two words with marks", two),
        ("two words without marks", folded(two)),
        ("eight words with marks", phrase),
        ("eight words without marks", folded(phrase)),
        ("a legal number", f"{country.acts // 2}/2020/NĐ-CP"),
        ("a document's code", f"QT.{country.documents // 2}"),
        ("nothing found", "zzzz khongcogi"),
    ]


def _floor(query: str) -> int:
    """The twenty newest passages with all the words, as a person would ask for them."""
    wanted = words(folded(query))
    holds = " AND ".join(["folded LIKE %s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, owner, text FROM workflows_passage WHERE {holds} ORDER BY day DESC, owner, place LIMIT 20",
            [f"%{word}%" for word in wanted],
        )
        return len(cursor.fetchall())


def _fill(country: Country, known: list[str]) -> None:
    """Sections of the first documents in force, and the names of all documents and legal documents."""
    if Passage.objects.exists():
        return
    chance = random.Random(country.seed)  # noqa: S311
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, v.agency_id, v.effective_from, d.code, d.title FROM documents_documentversion v "
            "JOIN documents_document d ON d.id = v.document_id WHERE v.state = 'effective' ORDER BY d.id"
        )
        documents = cursor.fetchall()
        cursor.execute("SELECT id, NULL, issued_on, number, title FROM documents_regulation ORDER BY id")
        acts = cursor.fetchall()
        sections = country.versions // 15
        found: list[tuple[_Named, Texts]] = []
        with cursor.copy(f"COPY workflows_heading ({', '.join(TITLE)}) FROM STDIN") as copy:
            rows = itertools.chain(((0, row) for row in acts), enumerate(documents))
            for place, (key, agency, day, code, title) in track(rows, "titles", total=len(acts) + len(documents)):
                source = "regulation" if agency is None else "document"
                record, texts = _Named(key, agency), Texts(f"{code} · {title}", day, (code,))
                one = heading(source, record, texts)
                copy.write_row([getattr(one, column) for column in TITLE])
                if source == "document" and place * len(PARTS) < sections:
                    found.append((record, texts))
        with cursor.copy(f"COPY workflows_passage ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for named, texts in track(found, "passages"):
                parts = {name: ". ".join(chance.choices(known, k=8)) for name in PARTS}
                for piece in passages("document", named, replace(texts, parts=parts)):
                    copy.write_row([getattr(piece, column) for column in COLUMNS])
        cursor.execute("ANALYZE workflows_heading, workflows_passage")


class _Named:
    """What ``passages`` asks of a record."""

    def __init__(self, pk: object, agency_id: int | None) -> None:
        self.pk, self.agency_id = pk, agency_id
