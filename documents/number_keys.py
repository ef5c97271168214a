"""Numbers of Vietnamese legal documents: comparison keys, kinds, issuers, defects.

A number is ``serial/year/suffix`` (normative) or ``serial/suffix`` (individual); the suffix is a kind and the bodies,
``NĐ-CP``, or the National Assembly's term, ``QH15`` (domain §4.1). Nothing here corrects a number: a wrong one keeps a
key of its own, and ``defects`` and ``suggest`` say what is odd about it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from workflows.text import fold, nfc

KEY_LIMIT = 120
"""Characters of a number's key, at most; longer texts, which are no numbers, end in a digest of the whole."""
ISSUER_LIMIT = 200
"""Characters of an issuer's key, at most."""
# Kinds of Decree 30/2020/NĐ-CP (annex III) and of normative documents (Law 64/2025/QH15). Đ is kept: HĐ is not HD.
# fmt: off
_KINDS = {
    "NĐ": "Nghị định", "ND": "Nghị định", "NQ": "Nghị quyết", "NQLT": "Nghị quyết liên tịch",
    "QĐ": "Quyết định", "QD": "Quyết định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch", "CT": "Chỉ thị",
    "PL": "Pháp lệnh", "LCT": "Luật", "SL": "Sắc lệnh", "VBHN": "Văn bản hợp nhất", "QC": "Quy chế",
    "QYĐ": "Quy định", "QYD": "Quy định", "TC": "Thông cáo", "TB": "Thông báo", "HD": "Hướng dẫn",
    "CTR": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án", "DA": "Dự án", "BC": "Báo cáo",
    "BB": "Biên bản", "TTR": "Tờ trình", "HĐ": "Hợp đồng", "CĐ": "Công điện", "BGN": "Bản ghi nhớ",
    "BTT": "Bản thoả thuận", "GUQ": "Giấy uỷ quyền", "GM": "Giấy mời", "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép", "PG": "Phiếu gửi", "PC": "Phiếu chuyển", "PB": "Phiếu báo",
}
_TERMS = {
    10: (1997, 2002), 11: (2002, 2007), 12: (2007, 2011), 13: (2011, 2016), 14: (2016, 2021), 15: (2021, 2026),
}
# fmt: on
"""First and last year of the National Assembly's terms, 10th to 15th; later ones are judged by the calendar alone."""
_YEARS = range(1945, 2100)
"""What a lone four-digit serial of a kind that needs a year is: the year, with the serial lost."""

_KINDS_FOLDED = frozenset(kind.replace("Đ", "D") for kind in _KINDS)
_YEARED = frozenset({"ND", "TT", "TTLT", "NQLT"})
"""Kinds that exist only with a year in the number."""
_COMMITTEES = frozenset({"UBND", "HDND"})
_ASSEMBLIES = frozenset({"QH", "UBTVQH"})
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_CENTRAL_KINDS = frozenset({"ND", "TT", "TTLT", "NQLT", "LCT", "SL", "PL"})
"""Kinds that no local body issues."""
# fmt: off
CENTRAL = frozenset({
    "CP", "TTG", "CTN", "QH", "UBTVQH", "VPCP", "VPQH", "VPCTN", "TANDTC", "VKSNDTC", "HDTP", "KTNN", "TTCP", "NHNN",
    "UBDT", "BHXHVN", "DCTCP", "BTP", "BTC", "BCA", "BQP", "BNG", "BNV", "BYT", "BCT", "BXD", "BGTVT", "BGDDT", "BKHCN",
    "BKHDT", "BTTTT", "BTNMT", "BNNPTNT", "BNN", "BNNMT", "BLDTBXH", "BVHTTDL", "BVHTT", "BDTTG", "BTM", "BTS", "BCN",
    "BBCVT",
})
# fmt: on
"""Central bodies by their abbreviation, folded; an issuer's text adds nothing to them."""
_CENTRAL_ISSUER = re.compile(
    r"(?:bo(?! chi huy| tu lenh)|chinh phu|thu tuong|quoc hoi|uy ban thuong vu quoc hoi|chu tich nuoc"
    r"|(?:toa an|vien kiem sat) nhan dan toi cao|ngan hang nha nuoc|kiem toan nha nuoc|thanh tra chinh phu"
    r"|van phong chinh phu|uy ban dan toc)\b"
)
_ISSUER_WORDS = (
    (re.compile(r"\buy ban nhan dan\b"), "ubnd"),
    (re.compile(r"\bhoi dong nhan dan\b"), "hdnd"),
    (re.compile(r"^chu tich (?=ubnd\b)"), ""),
    (re.compile(r"\btp\b"), "thanh pho"),
)
"""One committee has one register of numbers, whoever signs and however its name is shortened."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－", "-") | dict.fromkeys("⁄∕", "/"))
_CALLED = re.compile(
    r"^(?:LUAT|BOLUAT|PHAPLENH|NGHIDINH|NGHIQUYET|THONGTU|THONGTULIENTICH|QUYETDINH|CHITHI|KEHOACH|THONGBAO|VANBAN"
    r"|CONGVAN)?(?:SO)?[.:]*(?=[0-9])"
)
"""“Nghị định số 18/…” names the same act as “18/…”."""
_STANDARD_CALLED = re.compile(r"^(?:TIEUCHUAN(?:QUOCGIA|QUOCTE)?|QUYCHUANKYTHUATQUOCGIA)(?:SO)?[.:]*")
_POINTED = re.compile(rf"(?<=[0-9]/)({'|'.join(sorted(_KINDS_FOLDED, key=len, reverse=True))})[._](?=[A-Z]{{2}})")
"""A point or low line in the dash's place: NĐ.CP, TT_BTP."""
_SHAPE = re.compile(r"(?P<serial>[0-9]+(?:\.[0-9]+)?[A-Z]{0,2})/(?:(?P<year>[0-9]{4})/)?(?P<suffix>[A-Z][A-Z0-9/.-]*)")
_ASSEMBLY = re.compile(r"(?P<body>QH|UBTVQH)(?P<term>[0-9]{1,2})")
STANDARD = (
    r"(?:(?:TCVN|QCVN|ISO|IEC)[\s/-]{0,3}){1,3}[0-9]{1,6}(?:-[0-9]{1,3})?\s?:\s?(?:19|20)[0-9]{2}(?:/[A-ZĐ]{2,9})?"
)
"""A standard's number with the year of its edition; a new edition is another document."""
_STANDARD = re.compile(
    r"(?P<bodies>(?:TCVN|QCVN|ISO|IEC|[/-])+)(?P<rest>[0-9]{1,6}(?:-[0-9]{1,3})?:[0-9]{4}(?:/[A-Z]+)?)"
)
_STANDARD_KEY = re.compile(
    r"(?:TCVN|QCVN|ISO|IEC)(?:-(?:TCVN|QCVN|ISO|IEC))*-[0-9]{1,6}(?:-[0-9]{1,3})?:[0-9]{4}(?:/[A-Z]+)?"
)
_GLUE = re.compile(
    r"(?<=[A-Z])(?<!QH)(?=[0-9]+(?:\.[0-9]+)?/(?:[0-9]{4}/)?[A-Z])|(?<=QH1[0-9])(?=[0-9]+(?:\.[0-9]+)?/[0-9]{4}/)"
)
"""Where the next number begins without a space; a term has two digits, so QH1352/… is QH13 and 52/…."""


def number_key(number: str) -> str:
    """Return the comparison form: ``08/2025/tt–btp`` and ``8/2025/TT-BTP`` are ``8/2025/TT-BTP``.

    A standard is ``TCVN-ISO-9001:2015``. Folds Đ and marks, case, spaces, kinds of dash, zeros before the serial, a
    leading “Nghị định số”, and an exact repetition. Decimal serials (66.7/2025/NQ-CP) stay. Idempotent; at most
    ``KEY_LIMIT`` characters.
    """
    parts = _parts(number)
    return _shortened("".join(parts[:1] if len(set(parts)) == 1 else parts), KEY_LIMIT)


def _parts(number: str) -> list[str]:
    """The number's comparison form, cut where two numbers are stuck together."""
    return [re.sub(r"^0+(?=[0-9])", "", part) for part in _GLUE.split(_plain(number))]


def _plain(number: str) -> str:
    text = fold(unicodedata.normalize("NFKC", nfc(number))).translate(_DASHES)
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Cc"})
    plain = re.sub(r"[\s&]+", "", text).upper().strip(".,;:\"'()[]“”")
    standard = _STANDARD.fullmatch(_STANDARD_CALLED.sub("", plain))
    if standard:
        return "-".join([*re.findall(r"TCVN|QCVN|ISO|IEC", standard["bodies"]), standard["rest"]])
    return _POINTED.sub(r"\1-", _CALLED.sub("", plain))


def _shortened(text: str, limit: int) -> str:
    """The text, or its beginning with a digest: two long texts that begin alike stay two."""
    if len(text) <= limit:
        return text
    whole = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
    return f"{text[: limit - 17]}~{whole.upper()}"


def is_standard(number: str) -> bool:
    """True for the number of a standard or technical regulation: ``TCVN ISO 9001:2015``."""
    return bool(_STANDARD_KEY.fullmatch(_plain(number)))


def issuer_key(number: str, issuer: str) -> str:
    """Return who issued it, for comparison together with ``number_key``.

    Central bodies follow from the suffix (``CP``, ``TTG``, ``QH``, ``BTP``, ``BTP-BCA-BYT``), whatever issuer is given;
    for local acts it is the issuer's folded name (``ubnd tinh phu tho``), or the suffix while none is given. A standard
    has one number whoever announces it.
    """
    if is_standard(number):
        return ""
    kind, body = _kind_and_body(number)
    name = _issuer_name(issuer)
    central = kind in _CENTRAL_KINDS or set(body.split("-")) <= CENTRAL
    if name and not central and not (body and _CENTRAL_ISSUER.match(name)):
        return _shortened(name, ISSUER_LIMIT)
    return _shortened(body, ISSUER_LIMIT)


def is_local(number: str) -> bool:
    """True for a number that every province and commune may have given: who issued it does not follow from it."""
    kind, body = _kind_and_body(number)
    return kind not in _CENTRAL_KINDS and any(part.startswith(tuple(_COMMITTEES)) for part in body.split("-"))


def issued_in(issuer: str, names: Iterable[str]) -> bool:
    """Whether a committee or council is that of a place, told by the names of an agency and of those above it."""
    place = re.sub(r"^(?:ubnd|hdnd)\b ?", "", _issuer_name(issuer))
    return bool(place) and any(f" {_issuer_name(name)}".endswith(f" {place}") for name in names)


def _issuer_name(issuer: str) -> str:
    name = " ".join(re.findall(r"\w+", fold(issuer)))
    for pattern, short in _ISSUER_WORDS:
        name = pattern.sub(short, name)
    return name


def _kind_and_body(number: str) -> tuple[str, str]:
    """Folded kind and bodies of the suffix: ``("ND", "CP")``, ``("", "QH")``; empty where there is none."""
    shape = _SHAPE.fullmatch(_parts(number)[0])
    if shape is None:
        return "", ""
    suffix = shape["suffix"].replace("/", "-").replace(".", "-")
    kind, _, body = suffix.partition("-")
    assembly = _ASSEMBLY.fullmatch(body or kind)
    if assembly:
        return (kind if body else ""), assembly["body"]
    if kind in CENTRAL or kind in _COMMITTEES:
        return "", kind
    return (kind, body) if kind in _KINDS_FOLDED else ("", suffix)


def kind_of(number: str) -> str:
    """Return the kind of document in Vietnamese (``Nghị định``), or "" where the number does not tell.

    ``…/QHn`` is taken for a law, though resolutions and codes of the Assembly are numbered alike.
    """
    if is_standard(number):
        return "Quy chuẩn kỹ thuật" if _plain(number).startswith("QCVN") else "Tiêu chuẩn"
    marked = nfc(number).upper().translate(str.maketrans("ÐƉ", "ĐĐ"))
    for name in re.findall(r"/\s*([A-ZĐ]+)(?=[0-9]*(?:\s*[-‐‑–—/.]|\s*$))", marked):
        if name == "QH":
            return "Luật"
        if name in _KINDS:
            return _KINDS[name]
    return ""


def defects(number: str, today: date | None = None) -> list[str]:
    """Return codes of what is odd about a number, in this order; empty for a sound one.

    ``unreadable`` no such shape; ``glued`` two numbers stuck together, or one repeated; ``no_number`` the serial is
    missing; ``no_year`` the kind needs a year; ``future_year``; ``wrong_term`` the Assembly of that number did not sit
    in that year. Individual decisions (1898/QĐ-BTP) need no year. ``today``: in Việt Nam, if not given.
    """
    parts = _parts(number)
    if is_standard(number):
        year = int(parts[0].partition(":")[2][:4])
        return ["future_year"] if year > (today or datetime.now(_ZONE).date()).year else []
    shape = _SHAPE.fullmatch(parts[0])
    found = ["glued"] if len(parts) > 1 else []
    if shape is None:
        return ["unreadable", *found]
    if shape["year"] is None:
        return [*found, *_without_year(number, shape["serial"])]
    return [*found, *_odd_year(int(shape["year"]), shape["suffix"], today or datetime.now(_ZONE).date())]


def _without_year(number: str, serial: str) -> list[str]:
    kind, body = _kind_and_body(number)
    if kind not in _YEARED and body not in _ASSEMBLIES:
        return []
    return ["no_number" if serial.isdecimal() and int(serial) in _YEARS else "no_year"]


def _odd_year(year: int, suffix: str, today: date) -> list[str]:
    if year > today.year:
        return ["future_year"]
    assembly = _ASSEMBLY.search(suffix)
    first, last = _TERMS.get(int(assembly["term"]), (0, year)) if assembly else (0, year)
    return [] if first <= year <= last else ["wrong_term"]
