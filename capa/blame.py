"""Causes that only blame a human, which a reviewer is told of (domain §5.2: flagged, not blocked).

Words stand folded, as ``workflows.text.fold`` writes them.
"""

from __future__ import annotations

import re

from workflows.text import fold

_BLAME = """
bat can, khong can than, thieu can than, chua can than, so suat, so xuat, so y, vo y, vo tinh, cau tha, lo la, lo dang,
chu quan, quen, hay quen, dang tri, nham, nham lan, tac trach, luoi, luoi bieng,
vo trach nhiem, thieu trach nhiem, khong co trach nhiem, chua co trach nhiem, trach nhiem chua cao, trach nhiem kem,
thieu tinh than trach nhiem, tinh than trach nhiem chua cao, tinh than trach nhiem kem,
thieu y thuc, chua co y thuc, y thuc chua cao, y thuc kem, thieu tap trung, khong tap trung, chua tap trung,
mat tap trung, thieu chu y, khong chu y, chua chu y, khong de y, thieu nghiem tuc, khong nghiem tuc, chua nghiem tuc,
con nguoi, yeu to con nguoi, nhan to con nguoi, loi ca nhan, sai sot ca nhan,
human error, human errors, human mistake, human mistakes, human factor, human factors, human fault,
careless, carelessness, negligence, negligent, inattention, inattentive, oversight, forgot, forgetting, forgetful,
forgetfulness, irresponsible, lack of responsibility, lack of attention, lack of care
"""
"""What blames; longer phrases are taken out first."""

_NOTHING = """
do vi la boi tai bi da con thi su cua va hoac nen rat hoi mot so cac nhung nay ay trong khi luc viec cong tac
thuc hien thi hanh xu ly giai quyet tham muu nguyen nhan chinh yeu loi sai sot
can bo cong chuc vien nguoi lao dong nhan chuyen phu trach tiep thu ho phong phan mot cua lanh dao ca van anh chi ong ba
a an the of by to due because was were is in at on only just and or some his her their
staff officer official employee clerk person human error
"""
"""What adds nothing to it: small words, and who the human is."""

_PHRASES = sorted(" ".join(_BLAME.split()).split(", "), key=len, reverse=True)
_BLAMES = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b")
_FILLERS = frozenset(_NOTHING.split())


def careless(said: str) -> bool:
    """Whether a cause blames human carelessness and says nothing else, whoever the human is."""
    words = " ".join(re.findall(r"\w+", fold(said)))
    left, blamed = _BLAMES.subn(" ", words)
    return bool(blamed) and _FILLERS.issuperset(left.split())
