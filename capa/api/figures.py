"""The roll-up over HTTP: the seventeen figures of a node on a day, and the list behind each number."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from capa.indicators import BY_NUMBER
from capa.models import Certificate, Provider
from capa.rollup import Figure
from capa.services.behind import behind, lines
from capa.services.compared import AT_ONCE, compared, is_quick, one_compared, with_live
from capa.services.nodes import WHOLE_COUNTRY, node_asked
from capa.services.rollup import Place, counted, references, rows_of
from workflows.api.bodies import PageQuery, Query, Text
from workflows.api.endpoint import Endpoint, pages
from workflows.api.shapes import PlaceShape, shape
from workflows.errors import BadAnswer, NotVisible
from workflows.models import day_of

NODE_HELP = f"Id of an agency, or `{WHOLE_COUNTRY}`; where the person sits if it is left out."
LIVE_HELP = f"Say `live` of F3 to F8 also where more than {AT_ONCE} agencies were inspected."
DAY_HELP = "As of the end of this day, not after today; today if it is left out."

CountedShape = shape(
    "CountedShape",
    "A number beside the numerator.",
    key=serializers.CharField(),
    label=serializers.CharField(),
    number=serializers.IntegerField(),
)
ReferenceNumberShape = shape(
    "ReferenceNumberShape",
    "The dated number of the country that stands as denominator.",
    number=serializers.IntegerField(),
    source=serializers.CharField(),
)
LiveShape = shape(
    "LiveShape",
    "The same by the product's own data (`auto_*`), of the inspected agencies that work with it.",
    numerator=serializers.IntegerField(source="numbers.auto", help_text="Who counts by it; list: `auto`."),
    held=serializers.IntegerField(source="numbers.auto_of", help_text="Of how many; list: `auto_of`."),
    differ=serializers.IntegerField(source="numbers.differ", help_text="The inspector says otherwise; list: `differ`."),
)
FigureShape = shape(
    "FigureShape",
    "One indicator.",
    key=serializers.CharField(source="indicator.key"),
    number=serializers.IntegerField(source="indicator.number"),
    label=serializers.CharField(source="indicator.label"),
    means=serializers.CharField(source="indicator.means"),
    how=serializers.ChoiceField(("each", "all_of", "any_of", "sum"), source="indicator.how"),
    numerator=serializers.IntegerField(),
    denominator=serializers.IntegerField(allow_null=True, help_text="Null of a plain number."),
    held=serializers.IntegerField(help_text="The denominator as the agencies in the product give it."),
    reference=ReferenceNumberShape(allow_null=True),
    percent=serializers.DecimalField(
        None, None, allow_null=True, help_text="Rounded once, half up, to the decimals of its indicator."
    ),
    overlaps=serializers.ListField(
        child=serializers.IntegerField(), source="indicator.overlaps", help_text="Figures not to be added to this one."
    ),
    parts=CountedShape(many=True),
    live=LiveShape(allow_null=True, help_text="Null of a figure that is not judged, or if not asked for."),
)
RollupShape = shape(
    "RollupShape",
    "The figures of a node on a day.",
    node=serializers.IntegerField(allow_null=True, help_text="Null: the whole country."),
    on=serializers.DateField(),
    figures=FigureShape(many=True),
)
BehindShape = shape(
    "BehindShape",
    "One line behind a number.",
    text=serializers.CharField(),
    kind=serializers.CharField(),
    number=serializers.CharField(allow_blank=True, help_text="What it adds, where lines add up."),
    detail=serializers.CharField(allow_blank=True),
    inspection=serializers.CharField(allow_blank=True, help_text="Page of the inspection that was counted."),
)


class RollupQuery(Query):
    """Which node, which day."""

    node = Text(required=False, max_length=9, help_text=NODE_HELP)
    on = serializers.DateField(required=False, help_text=DAY_HELP)


class FiguresQuery(RollupQuery):
    """Also what costs more."""

    live = serializers.ChoiceField(("true",), required=False, help_text=LIVE_HELP)


class BehindQuery(RollupQuery, PageQuery):
    """Which part of the list."""


def place_of(endpoint: Endpoint, query: dict[str, Any]) -> Place:
    """Node and day that were asked for; a day to come is a mistake of the question."""
    day = query.get("on") or day_of()
    if day > day_of():
        raise BadAnswer(problems={"on": _("Ngày này chưa đến: chưa ai biết số liệu của nó.")})
    return Place(node_asked(endpoint.person, query.get("node", "")), day)


class Rollup(Endpoint):
    """The figures."""

    tag, operation, query, answer = "figures", "list", FiguresQuery, RollupShape

    def get(self, request: Request) -> Response:
        """Read F1 to F17 of an agency with all below it, or of the country, as of a day."""
        query = self.query.read(request)
        place = place_of(self, query)
        rows = rows_of(place)
        found: list[Figure] = counted(rows, references(place))
        if is_quick(rows) or "live" in query:
            found = compared(found, with_live(place, rows))
        node = place.node.pk if place.node else None
        return self.show({"node": node, "on": place.day, "figures": found}, RollupShape)


class BehindNumber(Endpoint):
    """The list behind a number."""

    tag, operation, many, query, answer = "figures", "behind", True, BehindQuery, BehindShape

    def get(self, request: Request, number: int, key: str) -> Response:
        """List what a number counts: `in` the numerator, `of` the denominator, or a part by its key.

        Of F3 to F8 also `auto`, `auto_of` and `differ`: the same by the product's own data.
        """
        query = self.query.read(request)
        place = place_of(self, query)
        if number not in BY_NUMBER:
            raise NotVisible
        rows, figure = one_compared(place, number, key)
        found = behind(place, figure, key)
        if found is None:
            raise NotVisible
        limit, offset = query["limit"], query["offset"]
        shown = lines(place, rows, figure, found, found.ids[offset : offset + limit], user=self.person)
        results = BehindShape(shown, many=True, context=self.context()).data
        return Response(pages(self.request, len(found.ids), limit, offset) | {"results": results})


class CertificateShape(serializers.ModelSerializer[Certificate]):
    """A certificate of an agency."""

    agency = PlaceShape()

    class Meta:
        model = Certificate
        fields = ("id", "agency", "number", "body", "edition", "issued_on", "valid_to", "withdrawn_on")


class ProviderShape(serializers.ModelSerializer[Provider]):
    """Who may advise and assess."""

    class Meta:
        model = Provider
        fields = ("id", "kind", "name", "number", "organisation", "valid_from", "valid_to", "flag")


class DayQuery(PageQuery):
    """On which day."""

    on = serializers.DateField(required=False, help_text="Only what is valid on this day.")


class Certificates(Endpoint):
    """Certificates."""

    tag, operation, many, query, answer = "certificates", "list", True, DayQuery, CertificateShape

    def get(self, request: Request) -> Response:
        """List certificates of the agencies that the person sees, the newest first."""
        query = self.query.read(request)
        rows = Certificate.objects.visible_to(self.person).select_related("agency")
        return self.page(rows.valid_on(query["on"]) if "on" in query else rows, query)


class Providers(Endpoint):
    """Registrations."""

    tag, operation, many, query, answer = "providers", "list", True, DayQuery, ProviderShape

    def get(self, request: Request) -> Response:
        """List who may advise and assess, by kind and name."""
        query = self.query.read(request)
        rows = Provider.objects.all()
        return self.page(rows.valid_on(query["on"]) if "on" in query else rows, query)


urlpatterns: list[URLPattern] = [
    path("figures/", Rollup.as_view(), name="figures_list"),
    path("certificates/", Certificates.as_view(), name="certificates_list"),
    path("providers/", Providers.as_view(), name="providers_list"),
    path("figures/<int:number>/<slug:key>/", BehindNumber.as_view(), name="figures_behind"),
]
