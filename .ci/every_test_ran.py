"""Fail if a test ran in none of the given JUnit reports: skipped everywhere is not tested."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET


def outcomes(report: str) -> dict[str, bool]:
    """Return test name -> whether it ran, of one report file."""
    cases = ET.parse(report).iter("testcase")  # noqa: S314 - written by our own pytest
    return {f"{case.get('classname')}::{case.get('name')}": case.find("skipped") is None for case in cases}


def main(reports: list[str]) -> int:
    """Print the tests that never ran and the number that did; return the exit code."""
    ran: dict[str, bool] = {}
    for report in reports:
        found = outcomes(report)
        if not found:
            print(f"{report} holds no test")
            return 1
        for name, did in found.items():
            ran[name] = ran.get(name, False) or did
    never = sorted(name for name, did in ran.items() if not did)
    for name in never:
        print("ran nowhere:", name)
    print(f"{len(ran) - len(never)} tests ran, {len(never)} nowhere")
    return 1 if never or not ran else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
