"""Who was told of the story's revision, read from the notices themselves."""

from __future__ import annotations

from collections import defaultdict

from documents.models import DocumentVersion
from notifications.deliver import deliver
from notifications.models import Notice
from workflows.models import User

SHOWN = 6


def told(version: DocumentVersion) -> list[str]:
    """Deliver what is pending; return one line per deed with the people told, and how many people were not."""
    deliver()
    by_deed: dict[tuple[int, str], list[str]] = defaultdict(list)
    notices = Notice.objects.filter(move__stream=version.pk).select_related("move", "user").order_by("move__seq")
    people = set()
    for notice in notices:
        by_deed[notice.move.seq, notice.move.action_label].append(notice.user.full_name)
        people.add(notice.user_id)
    lines = []
    for (_seq, label), names in by_deed.items():
        more = f" và {len(names) - SHOWN} người nữa" if len(names) > SHOWN else ""
        lines.append(f"{label}: {', '.join(sorted(names)[:SHOWN])}{more}")
    others = User.objects.filter(is_active=True).exclude(pk__in=people).count()
    return [*lines, f"{len(people)} người được báo, {others} người khác không nhận gì về bản này"]
