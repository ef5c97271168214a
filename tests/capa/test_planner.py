"""Cross-audit teams: legal whenever that can be, as even as can be, and when it cannot be, why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capa.planner import Auditor, Bar, Blocked, Proposal, Team, Visit, propose

Loads = tuple[int, ...]

AN, BINH, CHI, DUNG, EM = (
    Auditor(1, "An", leads=True),
    Auditor(2, "Bình", leads=False),
    Auditor(3, "Chi", leads=True),
    Auditor(4, "Dũng", leads=False),
    Auditor(5, "Em", leads=True),
)
OWN = "người của đơn vị"
LAND, COURT, TAX, DUTY = Visit(11, "Địa chính"), Visit(12, "Tư pháp"), Visit(13, "Thuế", 2), Visit(14, "Trực ban")


@dataclass(frozen=True)
class Case:
    """One input of the planner."""

    visits: tuple[Visit, ...]
    auditors: tuple[Auditor, ...]
    bars: tuple[Bar, ...]
    max_load: int | None

    def answer(self) -> Proposal | Blocked:
        return propose(self.visits, self.auditors, self.bars, max_load=self.max_load)

    def shuffled(self, random: Random) -> Case:
        visits, auditors, bars = list(self.visits), list(self.auditors), list(self.bars)
        for items in (visits, auditors, bars):
            random.shuffle(items)
        return Case(tuple(visits), tuple(auditors), tuple(bars), self.max_load)

    def barred(self) -> set[tuple[int, int]]:
        return {(bar.auditor, bar.unit) for bar in self.bars}


def made(seed: int, *, units: int, people: int, barred: float, leading: float, max_load: int | None) -> Case:
    """A committee from dice: keys out of order, from 0 and with gaps; some bars doubled for another reason."""
    random = Random(seed)
    visits = tuple(Visit(key, f"Đơn vị {key}", random.randint(1, 3)) for key in random.sample(range(units * 2), units))
    auditors = tuple(
        Auditor(key, f"Ông {key}", random.random() < leading) for key in random.sample(range(people * 2), people)
    )
    pairs = [(auditor.key, visit.unit) for auditor in auditors for visit in visits if random.random() < barred]
    bars = [Bar(*pair, OWN) for pair in pairs] + [Bar(*pair, "soát QT-1") for pair in pairs if random.random() < 0.2]
    return Case(visits, auditors, tuple(bars), max_load)


def cases(units: int, people: int) -> st.SearchStrategy[Case]:
    share = st.sampled_from((0.0, 0.1, 0.2, 0.3, 0.5, 0.9))
    return st.builds(
        made,
        seed=st.integers(0, 2**32),
        units=st.integers(2, units),
        people=st.integers(2, people),
        barred=share,
        leading=st.sampled_from((0.0, 0.2, 0.5, 0.7, 1.0)),
        max_load=st.sampled_from((None, None, 1, 2, 3)),
    )


def every_load(case: Case, visits: Iterable[Visit]) -> set[Loads]:
    """What each auditor gets, in every legal plan there is: by trying all teams, unit after unit."""
    limit = case.max_load or len(case.visits)
    reached: set[Loads] = {(0,) * len(case.auditors)}
    for visit in visits:
        free = [i for i, auditor in enumerate(case.auditors) if (auditor.key, visit.unit) not in case.barred()]
        teams = [team for team in combinations(free, visit.size) if any(case.auditors[i].leads for i in team)]
        grown = {tuple(n + (i in team) for i, n in enumerate(load)) for load in reached for team in teams}
        reached = {load for load in grown if max(load) <= limit}
    return reached


def check_legal(case: Case, proposal: Proposal) -> None:
    assert [team.unit for team in proposal.teams] == sorted(visit.unit for visit in case.visits)
    sizes = {visit.unit: visit.size for visit in case.visits}
    leaders = {auditor.key for auditor in case.auditors if auditor.leads}
    counted = dict.fromkeys(sorted(auditor.key for auditor in case.auditors), 0)
    for team in proposal.teams:
        people = {team.lead, *team.members}
        assert team.lead in leaders
        assert len(people) == 1 + len(team.members) == sizes[team.unit]
        assert list(team.members) == sorted(team.members)
        assert not {(person, team.unit) for person in people} & case.barred()
        for person in people:
            counted[person] += 1
    assert proposal.load == counted
    assert list(proposal.load) == list(counted)
    assert max(counted.values()) <= (case.max_load or len(case.visits))


def check_explained(case: Case, blocked: Blocked) -> None:
    assert blocked.units
    assert list(blocked.units) == sorted(blocked.units)
    visits, people = {v.unit: v.name for v in case.visits}, {a.key: a.name for a in case.auditors}
    said = dict(line.split(": ", 1) for line in blocked.sentences if line.startswith("Không được đánh giá "))
    bars = [bar for bar in case.bars if bar.unit in blocked.units]
    assert said.keys() == {f"Không được đánh giá {visits[bar.unit]}" for bar in bars}
    for bar in bars:
        reasons = sorted(b.reason for b in bars if (b.auditor, b.unit) == (bar.auditor, bar.unit))
        line = said[f"Không được đánh giá {visits[bar.unit]}"]
        assert f"{people[bar.auditor]} ({'; '.join(reasons)})" in line.removesuffix(".").split(", ")


def check_smallest(case: Case, blocked: Blocked) -> None:
    """The units named have no plan, even alone; any one fewer have. Nobody at all, or no leader: all are named."""
    short = [visit for visit in case.visits if visit.unit in blocked.units]
    assert every_load(case, short) == set()
    if any(auditor.leads for auditor in case.auditors):
        for visit in short:
            assert every_load(case, [other for other in short if other != visit])
    else:
        assert len(short) == len(case.visits)


@given(case=cases(units=20, people=40), random=st.randoms(use_true_random=True))
@settings(max_examples=1000, deadline=None)
def test_any_committee_gets_a_legal_plan_or_reasons(case: Case, random: Random) -> None:
    answer = case.answer()
    assert case.shuffled(random).answer() == answer
    if isinstance(answer, Proposal):
        check_legal(case, answer)
    else:
        check_explained(case, answer)


@given(case=cases(units=4, people=5))
@settings(max_examples=1000, deadline=None)
def test_a_small_committee_gets_the_most_even_plan_of_all(case: Case) -> None:
    answer, loads = case.answer(), every_load(case, case.visits)
    if isinstance(answer, Blocked):
        assert loads == set()
        check_explained(case, answer)
        check_smallest(case, answer)
    else:
        check_legal(case, answer)
        # as small as can be at the top, then as few as can be have that many, and so on down
        assert sorted(answer.load.values(), reverse=True) == min(sorted(load, reverse=True) for load in loads)


@pytest.mark.parametrize("barred", [0.0, 0.1, 0.4])
def test_forty_auditors_and_twenty_units(barred: float) -> None:
    case = made(9, units=20, people=40, barred=barred, leading=0.4, max_load=None)
    answer = case.answer()
    assert isinstance(answer, Proposal)
    check_legal(case, answer)
    leaders = sum(auditor.leads for auditor in case.auditors)
    seats = sum(visit.size for visit in case.visits)
    assert max(answer.load.values()) == max(-(-len(case.visits) // leaders), -(-seats // len(case.auditors)))


PLANS: list[tuple[str, Sequence[Visit], Sequence[Auditor], Sequence[Bar], tuple[Team, ...], dict[int, int]]] = [
    ("nothing to audit", [], [AN], [], (), {1: 0}),
    ("nobody and nothing", [], [], [], (), {}),
    ("one alone leads", [LAND], [AN], [], (Team(11, 1, ()),), {1: 1}),
    ("only a leader leads", [LAND], [BINH, CHI], [], (Team(11, 3, ()),), {2: 0, 3: 1}),
    ("a leader may sit under another", [TAX], [AN, CHI], [], (Team(13, 1, (3,)),), {1: 1, 3: 1}),
    ("each other's unit", [LAND, COURT], [AN, CHI], [Bar(1, 11, OWN), Bar(3, 12, OWN)],
     (Team(11, 3, ()), Team(12, 1, ())), {1: 1, 3: 1}),
    ("one gets both if the other may not", [LAND, COURT], [AN, CHI], [Bar(3, 11, OWN), Bar(3, 12, OWN)],
     (Team(11, 1, ()), Team(12, 1, ())), {1: 2, 3: 0}),
    ("a chain of exchanges", [LAND, COURT, DUTY], [AN, CHI, EM],
     [Bar(1, 14, OWN), Bar(3, 11, OWN), Bar(5, 11, OWN), Bar(5, 12, OWN)],
     (Team(11, 1, ()), Team(12, 3, ()), Team(14, 5, ())), {1: 1, 3: 1, 5: 1}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("visits", "auditors", "bars", "teams", "load"), [p[1:] for p in PLANS], ids=[p[0] for p in PLANS]
)
def test_a_plan(
    visits: list[Visit], auditors: list[Auditor], bars: list[Bar], teams: tuple[Team, ...], load: dict[int, int]
) -> None:
    assert propose(visits, auditors, bars) == Proposal(teams, load)


BLOCKS: list[tuple[str, Case, tuple[int, ...], tuple[str, ...]]] = [
    ("nobody", Case((LAND, TAX), (), (), None), (11, 13),
     ("Chưa có đánh giá viên nào nên chưa xếp được đoàn cho đơn vị nào.",)),
    ("no leader", Case((LAND, COURT), (BINH, DUNG), (Bar(2, 12, OWN),), None), (11, 12),
     ("Trong 2 đánh giá viên không có ai làm trưởng đoàn được, nên chưa xếp được đoàn nào.",
      "Không được đánh giá Tư pháp: Bình (người của đơn vị).")),
    ("the leaders are barred", Case((LAND, COURT), (AN, BINH, CHI), (Bar(3, 12, "soạn QT-2"), Bar(1, 12, OWN)), None),
     (12,),
     ("Cần 1 lượt người, trong đó 1 trưởng đoàn, cho Tư pháp; nhiều nhất chỉ xếp được 0.",
      "Người còn được xếp: Bình.",
      "Không được đánh giá Tư pháp: An (người của đơn vị), Chi (soạn QT-2).")),
    ("all are barred, twice over", Case((COURT,), (AN,), (Bar(1, 12, "soạn QT-2"), Bar(1, 12, OWN)), None), (12,),
     ("Cần 1 lượt người, trong đó 1 trưởng đoàn, cho Tư pháp; nhiều nhất chỉ xếp được 0.",
      "Người còn được xếp: không có ai.",
      "Không được đánh giá Tư pháp: An (người của đơn vị; soạn QT-2).")),
    ("two on their own", Case((LAND, TAX, COURT), (AN, BINH), (Bar(2, 13, OWN), Bar(1, 12, OWN)), 1), (12,),
     ("Cần 1 lượt người, trong đó 1 trưởng đoàn, cho Tư pháp; nhiều nhất chỉ xếp được 0.",
      "Người còn được xếp: Bình.",
      "Không được đánh giá Tư pháp: An (người của đơn vị).",
      "Dù xét riêng từng đơn vị, các đơn vị sau cũng không đủ người: Thuế.")),
    ("the limit", Case((TAX, COURT, LAND), (AN, BINH, CHI), (Bar(3, 11, OWN), Bar(3, 12, OWN)), 1), (11, 12),
     ("Cần 2 lượt người, trong đó 2 trưởng đoàn, cho Địa chính, Tư pháp; nhiều nhất chỉ xếp được 1.",
      "Mỗi người nhận không quá 1 đơn vị.",
      "Người còn được xếp: An (trưởng đoàn), Bình.",
      "Không được đánh giá Địa chính: Chi (người của đơn vị).",
      "Không được đánh giá Tư pháp: Chi (người của đơn vị).")),
]  # fmt: skip


@pytest.mark.parametrize(("case", "units", "sentences"), [b[1:] for b in BLOCKS], ids=[b[0] for b in BLOCKS])
def test_no_plan(case: Case, units: tuple[int, ...], sentences: tuple[str, ...]) -> None:
    assert case.answer() == Blocked(sentences, units)


@pytest.mark.parametrize(
    ("visits", "auditors", "bars", "max_load", "message"),
    [
        ([LAND, Visit(11, "Khác")], [AN], [], None, "unit given twice: 11"),
        ([LAND], [AN, Auditor(1, "Khác", leads=False)], [], None, "auditor given twice: 1"),
        ([LAND], [AN], [Bar(1, 11, OWN), Bar(1, 11, OWN)], None, "bar given twice: .*unit=11"),
        ([LAND], [AN], [Bar(2, 11, OWN)], None, "unknown key: .*auditor=2"),
        ([LAND], [AN], [Bar(1, 12, OWN)], None, "unknown key: .*unit=12"),
        ([Visit(7, "Không", 0), Visit(5, "Âm", -1)], [AN], [], None, r"size below 1: units \[5, 7\]"),
        ([LAND], [AN], [], 0, "max_load below 1: 0"),
    ],
)
def test_unsound_input(
    visits: list[Visit], auditors: list[Auditor], bars: list[Bar], max_load: int | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        propose(visits, auditors, bars, max_load=max_load)
