"""Commands of the whole product."""

from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[1] / "sample"
"""The sample that the project ships: facts of real law and procedures, texts of our own, invented people."""
