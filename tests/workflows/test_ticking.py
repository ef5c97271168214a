"""The clock's own part: every app's sweep runs with the same instant, and what could not be done is told."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.people import World
from workflows import ticking
from workflows.models import KeptAnswer
from workflows.ticking import Complaint, Sweep

NOW = datetime(2026, 3, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def sweep(seen: list[datetime], counted: dict[str, int], *complaints: Complaint) -> Sweep:
    def run(now: datetime) -> tuple[Counter[str], list[Complaint]]:
        seen.append(now)
        return Counter(counted), list(complaints)

    return run


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Instants at which sweeps ran; the product's own are put aside."""
    monkeypatch.setattr(ticking, "_sweeps", [])
    return []


def test_every_sweep_runs_and_all_is_summed_up(seen: list[datetime]) -> None:
    first = sweep(seen, {"a": 1, "b": 2}, Complaint("x", "no"))
    second = sweep(seen, {"a": 3}, Complaint("y", "not yet"))
    for one in (first, second, first):
        ticking.register(one)
    assert ticking.tick(NOW) == (Counter({"a": 4, "b": 2}), [Complaint("x", "no"), Complaint("y", "not yet")])
    assert seen == [NOW, NOW]


def test_the_command_fails_where_something_due_could_not_be_done(
    seen: list[datetime], capsys: pytest.CaptureFixture[str]
) -> None:
    ticking.register(sweep(seen, {"a": 1}, Complaint("QT.01", "no signature")))
    with pytest.raises(CommandError, match=r"QT\.01: no signature"):
        call_command("tick", now="2026-03-05T00:00:00+07:00")
    assert "1 a" in capsys.readouterr().out
    assert seen == [NOW]


@pytest.mark.parametrize("given", ["2026-03-05T00:00:00", "x", "2026-02-30T00:00:00+07:00", "2026-03-05"])
def test_an_instant_without_offset_is_none(seen: list[datetime], given: str) -> None:
    ticking.register(sweep(seen, {}))
    with pytest.raises(CommandError, match="offset"):
        call_command("tick", now=given)
    assert seen == []


def test_kept_answers_are_forgotten_after_thirty_days_and_not_before(world: World) -> None:
    kept = KeptAnswer.objects.create(user=world.lan, key="a", fingerprint="x")
    assert ticking.tick(kept.created_at + timedelta(days=30))[0]["kept_answer.forgotten"] == 0
    assert KeptAnswer.objects.exists()
    assert ticking.tick(kept.created_at + timedelta(days=30, seconds=1))[0]["kept_answer.forgotten"] == 1
    assert not KeptAnswer.objects.exists()
    assert "kept_answer.forgotten" not in ticking.tick(timezone.now())[0]
