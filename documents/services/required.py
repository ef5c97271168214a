"""What the framework models that agencies apply require and have no text in force for there, on any day.

Beside the groups of documents that an agency keeps this is what "all framework items effective" asks (domain §6.3, F3
and F13; §7(f)). The gate of a publication and the facts of the roll-up read the same rows.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from documents.models import AdoptedItem, Adoption, ModelItem, ModelVersion
from documents.models.adoption import HOLDS
from documents.services.asof import Moment, versions_in_force


def lacking(day: date, of: Q) -> QuerySet[Any]:
    """One row for each agency and required item that it has no text in force for on the day.

    ``of``: whose adoptions, as a condition on them. The item is that of the version that holds on the day; ``applier``:
    id of the agency; ``named``: the model's title; ``adoption``: id of the adoption. What ended since stood on the day:
    an agency that left a model afterwards applied it then.
    """
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    applied = Adoption.objects.filter(~Q(state="left") | Q(entered_at__gte=end), created_at__lt=end)
    applied = applied.filter(of).order_by()
    texts = versions_in_force(Moment(day, None, day)).filter(document=OuterRef("document"))
    followed = AdoptedItem.objects.filter(
        Q(state__in=HOLDS) | Q(entered_at__gte=end),
        Exists(texts),
        adoption=OuterRef("adoption"),
        key=OuterRef("key"),
        created_at__lt=end,
    )
    rows = ModelItem.objects.filter(required=True, version__in=ModelVersion.objects.in_force(day).order_by())
    rows = rows.filter(version__model__adoptions__in=applied).order_by().defer("content")
    rows = rows.annotate(
        adoption=F("version__model__adoptions"),
        applier=F("version__model__adoptions__agency"),
        named=F("version__model__title"),
    )
    return rows.filter(~Exists(followed.order_by()))
