"""Log lines."""

from __future__ import annotations

import json
import logging
import sys

from config.log import JsonLine


def test_a_line_is_one_json_object_with_its_traceback() -> None:
    try:
        raise ValueError("quá hạn")
    except ValueError:
        record = logging.LogRecord("khung", logging.ERROR, "x.py", 1, "lỗi\n%s", ("hai",), sys.exc_info())
    line = JsonLine().format(record)
    assert "\n" not in line
    read = json.loads(line)
    assert (read["level"], read["logger"], read["message"]) == ("ERROR", "khung", "lỗi\nhai")
    assert "quá hạn" in read["traceback"]
    assert read["at"].endswith("+00:00")


def test_a_line_without_an_exception_has_no_traceback() -> None:
    line = JsonLine().format(logging.LogRecord("khung", logging.INFO, "x.py", 1, "xong", (), None))
    assert "traceback" not in json.loads(line)
