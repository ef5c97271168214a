"""One JSON object per log line, for the agency's log collector."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request being answered; "" outside of one."""


class JsonLine(logging.Formatter):
    """Write time (UTC), level, logger, message and, where there is one, request id and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without its end."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request"] = request_id.get()
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
