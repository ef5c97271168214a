"""Settings read from the environment."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config.env import caches, channel_layers, database, secret_key


def test_a_given_secret_key_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    assert secret_key(tmp_path / "key") == "given"
    assert not (tmp_path / "key").exists()


def test_a_missing_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = tmp_path / "var" / "key"
    made = secret_key(file)
    assert len(made) >= 64
    assert secret_key(file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["key"]


def test_of_two_first_starts_one_key_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = tmp_path / "key"
    file.write_text("theirs")
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    assert secret_key(file) == "theirs"


def test_sqlite_is_the_default_and_locks_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    described = database(tmp_path / "var" / "khung.sqlite3")
    assert described["ENGINE"] == "django.db.backends.sqlite3"
    assert described["NAME"] == str(tmp_path / "var" / "khung.sqlite3")
    assert described["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL",
    }
    assert (tmp_path / "var").is_dir()


def test_postgresql_lends_connections_from_a_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://root@127.0.0.1:5432/khung")
    monkeypatch.delenv("DATABASE_POOL_SIZE", raising=False)
    described = database(tmp_path / "unused")
    assert described["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 16, "timeout": 3, "reconnect_timeout": 1}
    assert described["CONN_HEALTH_CHECKS"] is True
    assert described.get("CONN_MAX_AGE", 0) == 0


def test_without_a_pool_connections_are_kept_by_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://root@127.0.0.1:5432/khung")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "0")
    described = database(tmp_path / "unused")
    assert "pool" not in described["OPTIONS"]
    assert described["CONN_MAX_AGE"] == 60


def test_without_redis_memory_serves() -> None:
    assert channel_layers("")["default"]["BACKEND"] == "channels.layers.InMemoryChannelLayer"
    assert caches("")["default"]["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("redis://127.0.0.1:6379", 0),
        ("redis://127.0.0.1:6379/0", 0),
        ("rediss://u:p@h/4?x=1", 4),
        ("unix:///r?db=5", 5),
    ],
)
def test_the_database_number_is_in_the_name_of_what_is_published(url: str, number: int) -> None:
    assert channel_layers(url)["default"]["CONFIG"]["prefix"] == f"khung.{number}"


def test_a_silent_redis_subscriber_is_not_closed() -> None:
    layer = channel_layers("redis://127.0.0.1:6379/3")["default"]
    assert layer["BACKEND"] == "channels_redis.pubsub.RedisPubSubChannelLayer"
    assert layer["CONFIG"]["hosts"][0]["address"] == "redis://127.0.0.1:6379/3"
    assert layer["CONFIG"]["hosts"][0]["socket_timeout"] is None
    assert caches("redis://127.0.0.1:6379/3")["default"]["LOCATION"] == "redis://127.0.0.1:6379/3"
