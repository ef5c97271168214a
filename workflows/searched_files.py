"""Attached files in the search: by name, and by the text of DOCX, XLSX, PDF and plain text. The clock reads them.

Files come from anybody. A process of its own reads each (``workflows/reader.py``), within limits of time, memory and
length; one that passes them is found by its name alone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from workflows import registry
from workflows.contents import OFFICE, PDF, TEXT
from workflows.files import opened
from workflows.models import Attachment, User, day_of
from workflows.sources import Source, Texts

READER = Path(__file__).with_name("reader.py")
SECONDS = 20
"""For one file, beside the processor's seconds that the reader allows itself."""
KINDS = {PDF: "pdf", TEXT: "txt", **{kind: ending.strip(".") for kind, ending in OFFICE.items()}}


class Files(Source):
    """Files that deeds hold, behind the walls of their records."""

    name, label, model = "file", lazy("Tệp đính kèm"), Attachment

    def visible(self, user: User) -> QuerySet[Any]:
        """Files of records that the person reads."""
        where = Q(pk__in=())
        for model in registry.models():
            if model.machine.takes_files:
                readable = model.objects.visible_to(user).values("pk")
                where |= Q(machine=model.machine.name, stream__in=readable)
        return self.holders().filter(where)

    def holders(self) -> QuerySet[Any]:
        """Files that a deed holds."""
        return Attachment.objects.filter(seq__isnull=False)

    def texts(self, record: Any) -> Texts:
        """Name and content; raises ``StoreUnfit``."""
        return Texts(record.name, day_of(record.uploaded_at), (), {"": text_of(record)})

    def within(self, record: Any) -> str:
        """Page of the record to which the file belongs."""
        return registry.model_of(record.machine)(id=record.stream).get_absolute_url()

    def kind(self, record: Any) -> str:
        """Kind of record to which it belongs."""
        return str(registry.machine(record.machine).label)


def text_of(attachment: Attachment) -> str:
    """Text of a file; "" for a picture and for a file that cannot be read within the limits."""
    kind = KINDS.get(attachment.content_type)
    if kind is None:
        return ""
    with opened(attachment) as file:
        try:
            # Isolated: the folder of this package is not where the reader's imports are looked for.
            done = subprocess.run(  # noqa: S603 - our own program; the file is its input and not its argument
                [sys.executable, "-I", str(READER), kind], stdin=file, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return ""
    return "" if done.returncode else done.stdout.decode(errors="replace")
