"""The whole country, April 2021: ministries, their service bodies, provinces and communes (domain §6.3, F9–F13).

``national_plan`` says who stands where, ``national_rows`` makes it: about 9,500 agencies with 8,910 communes, each with
its list of procedures and, as far as it had come, documents in force and its declaration. One ministry or province is
one transaction: who breaks off loses one, and the next run goes on there.

The report is of April; its own day is not in our notes, so the last one is taken. Provinces, districts and communes
end with 30 June 2025 and are in no figure of a later day, as no unit of 2026 is in one of 2021. Ministries keep no last
day: that their number counts until 1 March 2025 (``workflows.shipped``) is general knowledge and in none of our
sources, and what became of each is not known. What was in force in an agency that ended stays as it was: who took it
over in 2025 is not in the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rich.console import Console
from rich.progress import track

from capa.indicators import BY_NUMBER
from capa.models import Snapshot
from capa.rollup import AGENCIES, Facts, Figure
from capa.services.snapshots import rows_kept
from config.demo.reports.frame import Printed, frozen, say, tell
from config.demo.reports.national_plan import Scale, plots
from config.demo.reports.national_rows import is_laid, lay
from workflows.models import Unit

DAY = date(2021, 4, 30)


def twice(part: int, whole: int) -> str:
    """A share rounded to two decimals, and the result again to one: how 62.447… becomes 62.5."""
    exact = Decimal(100 * part) / whole
    once = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    again = once.quantize(Decimal("0.1"), ROUND_HALF_UP)
    shown = " → ".join(str(one).replace(".", ",") for one in (once, again))
    return f"{part}/{whole} = {str(exact)[:6].replace('.', ',')}…; báo cáo làm tròn hai lần: {shown}"


# fmt: off
PRINTED = (
    Printed(9,  20,    22,    "91"),
    Printed(10, 74,    98,    "75.5"),
    Printed(11, 62,    63,    "98.4"),
    Printed(12, 62,    63,    "98.4"),
    Printed(13, 5564,  8910,  "62.5", why=twice(5564, 8910)),
)
# fmt: on


class National2021:
    """The national report. ``scale`` and ``printed``: another size of the country, for who has no minute."""

    name = "national"
    title = "Toàn quốc, tháng 4/2021: xây dựng, áp dụng và công bố"

    def __init__(self, scale: Scale | None = None, printed: Sequence[Printed] = PRINTED) -> None:
        self.scale = scale or Scale()
        self.printed = printed

    def load(self, console: Console) -> None:
        """Every ministry and province that is not there yet."""
        every, made = list(plots(self.scale)), 0
        for plot in track(every, "Toàn quốc: bộ và tỉnh", console=console, disable=not console.is_terminal):
            if not is_laid(plot):
                made += lay(plot)
        console.print(f"Toàn quốc 2021: {len(every)} bộ và tỉnh, {made} cơ quan có thêm dữ liệu")

    def tell(self, console: Console) -> None:
        """Every figure, the denominators as the rows give them, and who is not in the numerators, and why."""
        kept, figures = frozen(None, DAY, self.title, self.printed)
        tell(console, kept, figures, self.printed)
        by_number = {one.indicator.number: one for one in figures}
        for line in (*_held(by_number[one.indicator] for one in self.printed), *_left_over(kept, by_number)):
            say(console, line)


def _held(figures: Iterable[Figure]) -> Iterator[str]:
    """Whether the rows hold as many as the dated number says."""
    for one in figures:
        if one.reference is not None:
            words = "bằng" if one.held == one.reference.number else "KHÁC"
            source = f"{one.reference.number} ({one.reference.source})"
            yield f"Mẫu số {one.indicator.key}: {one.held} theo các dòng, {words} số của kỳ đó: {source}"


def _left_over(kept: Snapshot, figures: Mapping[int, Figure]) -> Iterator[str]:
    """Who stands in a denominator and not in the numerator."""
    rows = {one.agency: one for one in rows_kept(kept)[AGENCIES]}
    missing = {number: [pk for pk in one.of if pk not in set(one.behind)] for number, one in figures.items()}
    names = dict(Unit.objects.filter(pk__in=list(rows)).values_list("pk", "name"))
    for number in (9, 11):
        hit, base = BY_NUMBER[number].hit, BY_NUMBER[number].base
        for place in missing[number]:
            failing = [row for row in rows.values() if row.place == place and base(row) and not hit(row)]
            why = "; ".join(f"{names[row.agency]}: {_why(row)}" for row in failing)
            yield f"F{number} chưa đạt: {names[place]} – {why}"
    for place in missing[12]:
        yield f"F12 chưa đạt: {names[place]} – không xã nào đang xây dựng hoặc áp dụng"
    for number in (10, 13):
        counts = Counter(_why(rows[pk]) for pk in missing[number])
        parts = "; ".join(f"{many} {why}" for why, many in sorted(counts.items(), key=lambda one: (-one[1], one[0])))
        yield f"F{number} còn lại {len(missing[number])}: {parts}"


def _why(row: Facts) -> str:
    """The first thing that an agency lacks."""
    if not row.building:
        return "chưa xây dựng"
    if not row.applied:
        return "đang xây dựng, chưa ban hành"
    if not row.full:
        return f"mới có quy trình cho {row.covered}/{row.announced} thủ tục"
    if not row.published:
        return "áp dụng nhưng chưa công bố"
    return f"bản công bố mới nêu {row.declared}/{row.announced} thủ tục"
