"""Why it happened, structured: a tree of whys, causes by category, the root cause and similar cases.

Source: domain §5.2, part 3 of the form (5 whys, root cause, category, similar cases checked, extent; ISO 9001:2015
10.2.1 b). Text comes back as it was sent but for NFC. Numbers in sentences are the tree's: ``1.2`` is the second
answer under the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.blame import careless
from capa.shapes import ShapeError, blank, canonical, choice, digest, row_key, rows, table, text, with_keys

__all__ = [
    "Analysis",
    "AnalysisError",
    "Branch",
    "Category",
    "Cause",
    "Why",
    "canonical",
    "clean",
    "digest",
    "empty",
    "flags",
    "outline",
    "problems",
    "tree",
]

SHORT_CHAIN = 3
"""A chain of fewer whys is pointed out."""


class Category(TextChoices):
    """Where causes lie: the fishbone's bones (the six M of industry, as an administration knows them)."""

    PEOPLE = "people", lazy("Con người")
    PROCEDURE = "procedure", lazy("Quy trình, tài liệu")
    LAW = "law", lazy("Văn bản pháp luật")
    EQUIPMENT = "equipment", lazy("Thiết bị, phần mềm")
    INPUT = "input", lazy("Hồ sơ, thông tin đầu vào")
    MANAGEMENT = "management", lazy("Tổ chức, chỉ đạo")
    ENVIRONMENT = "environment", lazy("Môi trường làm việc")


class Why(TypedDict):
    """One answer to “why?”; ``parent`` is the key of an earlier row whose answer is asked about, or empty."""

    key: str
    parent: str
    text: str
    evidence: str


class Cause(TypedDict):
    """One bone of the fishbone; ``category`` is a code of ``Category``, or empty."""

    key: str
    category: str
    text: str


class Analysis(TypedDict):
    """One analysis. ``root`` and ``category``: the root cause; ``similar``: where similar cases were looked for."""

    whys: list[Why]
    causes: list[Cause]
    root: str
    category: str
    similar: str
    extent: str


class Branch(TypedDict):
    """A why in its place: ``number`` such as ``1.2``, ``depth`` from 1, ``place`` in the list of rows from 0."""

    key: str
    text: str
    evidence: str
    number: str
    depth: int
    place: int
    children: list[Branch]


class AnalysisError(ShapeError):
    """An analysis that cannot be taken."""


_TEXTS = ("root", "similar", "extent")


def empty() -> Analysis:
    """An analysis of which nothing is written yet."""
    return clean({})


def clean(raw: object) -> Analysis:
    """Return an analysis of the exact shape; raise ``AnalysisError`` naming every path that is wrong.

    What is not sent is empty. Rows of which every cell is empty go, but not a why that another one stands on; each new
    row gets a key made of what it says: the same input always gives the same analysis.
    """
    found: dict[str, str] = {}
    sent = table("", raw, Analysis.__annotations__, found)
    cleaned: dict[str, object] = {
        "whys": _whys(sent.get("whys"), found),
        "causes": _causes(sent.get("causes"), found),
        "category": choice("category", sent.get("category"), Category.values, found),
    }
    cleaned |= {name: text(name, sent.get(name), found) for name in _TEXTS}
    if found:
        raise AnalysisError(found)
    return cast("Analysis", cleaned)


def _whys(raw: object, found: dict[str, str]) -> list[dict[str, Any]]:
    cleaned: list[dict[str, Any]] = []
    earlier = {""}
    for path, row in rows("whys", raw, Why.__annotations__, found):
        key = row_key(f"{path}.key", row.get("key"), found)
        parent = row_key(f"{path}.parent", row.get("parent"), found)
        if parent not in earlier:
            found[f"{path}.parent"] = _("Phải là một dòng đứng trước.")
        earlier.add(key)
        texts = {name: text(f"{path}.{name}", row.get(name), found) for name in ("text", "evidence")}
        cleaned.append({"key": key, "parent": parent} | texts)
    return with_keys(_written(cleaned))


def _written(whys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that say something, and those they stand on. Parents come first, so children are met first from the end."""
    kept: list[dict[str, Any]] = []
    asked: set[str] = set()
    for row in reversed(whys):
        if row["text"] or row["evidence"] or row["key"] in asked:
            kept.append(row)
            asked |= {row["parent"]} - {""}
    return kept[::-1]


def _causes(raw: object, found: dict[str, str]) -> list[dict[str, Any]]:
    cleaned: list[dict[str, Any]] = []
    for path, row in rows("causes", raw, Cause.__annotations__, found):
        key = row_key(f"{path}.key", row.get("key"), found)
        category = choice(f"{path}.category", row.get("category"), Category.values, found)
        said = text(f"{path}.text", row.get("text"), found)
        if category or said:
            cleaned.append({"key": key, "category": category, "text": said})
    return with_keys(cleaned)


def tree(analysis: Analysis) -> list[Branch]:
    """The whys nested and numbered; those without a parent are the first answers.

    May be as deep as there are rows: pages take ``outline``.
    """
    top: list[Branch] = []
    branches: dict[str, Branch] = {}
    for place, why in enumerate(analysis["whys"]):
        above = branches.get(why["parent"])
        beside = above["children"] if above else top
        branch: Branch = {
            "key": why["key"],
            "text": why["text"],
            "evidence": why["evidence"],
            "number": f"{above['number']}.{len(beside) + 1}" if above else str(len(beside) + 1),
            "depth": above["depth"] + 1 if above else 1,
            "place": place,
            "children": [],
        }
        beside.append(branch)
        branches[why["key"]] = branch
    return top


def outline(analysis: Analysis) -> list[Branch]:
    """The same branches in one list, each before those under it."""
    found = []
    waiting = tree(analysis)[::-1]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        waiting += branch["children"][::-1]
    return found


def problems(analysis: Analysis) -> list[str]:
    """What is missing before a plan may stand on this analysis: sentences, in the order of the form."""
    found = []
    if all(blank(why["text"]) for why in analysis["whys"]):
        found.append(_("Chưa có chuỗi hỏi “vì sao” nào."))
    else:
        sentence = _("Vì sao %(number)s: chưa có câu trả lời.")
        found += [sentence % {"number": b["number"]} for b in outline(analysis) if blank(b["text"])]
    for number, cause in enumerate(analysis["causes"], 1):
        found += _cause_problems(number, cause)
    if blank(analysis["root"]):
        found.append(_("Chưa nêu nguyên nhân gốc."))
    if not analysis["category"]:
        found.append(_("Chưa chọn nhóm của nguyên nhân gốc."))
    if blank(analysis["similar"]):
        found.append(_("Chưa nêu đã tìm trường hợp tương tự ở đâu."))
    return found


def _cause_problems(number: int, cause: Cause) -> Iterator[str]:
    if blank(cause["text"]):
        yield _("Nguyên nhân %(number)d: chưa có nội dung.") % {"number": number}
    if not cause["category"]:
        yield _("Nguyên nhân %(number)d: chưa chọn nhóm.") % {"number": number}


def flags(analysis: Analysis) -> list[str]:
    """What a reviewer should look at twice, and what stops nobody (domain §5.2: flagged, not blocked)."""
    branches = [branch for branch in outline(analysis) if not blank(branch["text"])]
    sentence = _("Vì sao %(number)s: chưa có bằng chứng.")
    found = [sentence % {"number": branch["number"]} for branch in branches if blank(branch["evidence"])]
    for branch in branches:
        if all(blank(child["text"]) for child in branch["children"]):
            found += _end_flags(branch)
    if careless(analysis["root"]):
        found.append(_("Nguyên nhân gốc chỉ nói lỗi của con người: hãy hỏi tiếp vì sao hệ thống để lọt lỗi ấy."))
    return found


def _end_flags(last: Branch) -> Iterator[str]:
    """What may be wrong where a chain of whys ends."""
    names = {"number": last["number"], "depth": last["depth"], "least": SHORT_CHAIN}
    if careless(last["text"]):
        yield _("Vì sao %(number)s chỉ nói lỗi của con người: hãy hỏi tiếp vì sao hệ thống để lọt lỗi ấy.") % names
    if last["depth"] < SHORT_CHAIN:
        yield _("Chuỗi dừng ở vì sao %(number)s, mới hỏi %(depth)d lần; nên hỏi ít nhất %(least)d lần.") % names
