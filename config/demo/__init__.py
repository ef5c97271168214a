"""The demonstration: the project's own sample or a folder of JSON Lines, and the main job played on it."""
