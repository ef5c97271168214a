"""How long a test waits before it says that something hangs. No test measures speed: ``manage.py benchmark`` does."""

from __future__ import annotations

COMES = 20.0
"""Seconds for what does come, on a machine that does other things."""

HUNG = 20.0
"""Seconds that a reader of hostile input stays under: what backtracks or builds up needs minutes, or never ends."""
