"""``base`` reads the environment; ``test`` is base made fast and repeatable."""
