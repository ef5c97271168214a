"""What the kernel announces. Sent after commit; a receiver's failure cannot undo a step."""

from django.dispatch import Signal

reminded = Signal()
"""kwargs: none; reminders were written that nobody has been told of."""

moved = Signal()
"""kwargs: ``move`` (the committed ledger row)."""
