"""The demonstration on the built-in sample: both stories to their end, and nothing new when it is run again."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import call_command

from capa.models import Car, Observation
from config.demo.audit_story import CODE
from config.demo.story import REVISED
from documents.models import Document, DocumentVersion
from workflows.models import Move


@pytest.mark.django_db(transaction=True)
def test_two_stories_and_a_second_run(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", "--no-serve")
    told = capsys.readouterr().out
    assert "21 quy trình đang có hiệu lực viện dẫn trực tiếp 18/2026/NĐ-CP" in told
    assert told.count("bị từ chối") == 3
    chain = list(Car.objects.exclude(root__chain__cycle=1, root__chain__state="acknowledged").order_by("cycle"))
    assert [(car.cycle, car.severity, car.state) for car in chain] == [(1, "minor", "reissued"), (2, "major", "closed")]
    first, second = chain
    assert first.verifier is not None
    assert second.closed_on is not None
    revision = second.demands.get().revision
    assert revision is not None
    assert (revision.state, revision.cause_machine, revision.cause_id) == ("effective", "car", second.pk)
    assert revision.effective_from is not None
    assert revision.effective_from <= second.closed_on
    assert Observation.objects.get().state == "closed"
    for code in (CODE, REVISED):
        lives = DocumentVersion.objects.filter(document=Document.objects.get(code=code, agency__code="STP"))
        assert Counter(lives.values_list("state", flat=True)) == {"effective": 1, "superseded": 1}
    deeds = Move.objects.count()
    call_command("demo", "--no-serve")
    assert "0 bước mới" in capsys.readouterr().out
    assert Move.objects.count() == deeds
