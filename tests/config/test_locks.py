"""The two locks: what runs is also what is tested, at the same versions and the same hashes."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([a-z0-9_.-]+)==(\S+)(.*?)(?=^[a-z0-9_.-]+==|\Z)", re.MULTILINE | re.DOTALL)


def pins(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Each package of a lock, its version and its hashes."""
    text = (ROOT / name).read_text()
    return {
        package: (version, frozenset(re.findall(r"--hash=(sha256:[0-9a-f]{64})", rest)))
        for package, version, rest in PIN.findall(text)
    }


def test_the_test_lock_holds_the_whole_runtime_lock() -> None:
    """`make test` on a fresh machine installs the test lock alone: a runtime package missing there fails only there."""
    runtime, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    assert len(runtime) > 40
    assert {name: pin for name, pin in runtime.items() if tested.get(name) != pin} == {}


def test_what_is_asked_for_is_locked() -> None:
    asked = {
        line.split(";")[0].split("[")[0].strip().lower()
        for name in ("requirements.in", "requirements-dev.in")
        for line in (ROOT / name).read_text().splitlines()
        if line.strip() and not line.startswith(("#", "-"))
    }
    names = {re.split(r"[<>=~!]", one)[0].strip() for one in asked}
    assert names - set(pins("requirements-dev.txt")) == set()
