"""Settings: from the environment, from .env, and what is said of wrong ones."""

import os
import re
from pathlib import Path

import pytest

from bot.settings import Address, SettingsError, load

TOKEN = "123456:AAH-do-not-tell-anybody"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of this machine, and no .env but the test's own."""
    for name in [name for name in os.environ if name.upper().startswith("ISOBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    settings = load()
    assert settings.token.get_secret_value() == ""
    assert settings.api_url == "https://api.telegram.org"
    assert settings.coordinators == frozenset()
    assert settings.send_rate == 25


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_TOKEN", TOKEN)
    monkeypatch.setenv("ISOBOT_COORDINATORS", "123456, 234567,")
    settings = load()
    assert settings.token.get_secret_value() == TOKEN
    assert settings.coordinators == {123456, 234567}


def test_a_file_is_read_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = [f"ISOBOT_TOKEN={TOKEN}", "# ghi chú", "ISOBOT_PACK=khác", "ISOBOT_COORDINATORS=1", "SOMETHING_ELSE=1"]
    (tmp_path / ".env").write_text("\n".join(lines), "utf-8")
    monkeypatch.setenv("ISOBOT_COORDINATORS", "2")
    settings = load()
    assert (settings.token.get_secret_value(), settings.pack, settings.coordinators) == (TOKEN, "khác", frozenset({2}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISOBOT_COORDINATORS", "lan"),
        ("ISOBOT_COORDINATORS", "1;2"),
        ("ISOBOT_API_URL", "127.0.0.1:8081"),
        ("ISOBOT_API_URL", "ftp://example.org"),
        ("ISOBOT_AT", "thứ hai"),
        ("ISOBOT_AT", "2021-13-08T08:00"),
        ("ISOBOT_SEND_RATE", "nhanh"),
        ("ISOBOT_SEND_RATE", "0"),
        ("ISOBOT_SEND_RATE", "-5"),
        ("ISOBOT_SEND_RATE", "nan"),
        ("ISOBOT_SEND_RATE", "inf"),
        ("ISOBOT_WEBHOOK_URL", "bot.example.gov.vn/telegram"),
        ("ISOBOT_WEBHOOK_URL", "https://"),
        ("ISOBOT_WEBHOOK_URL", "https://bot.example.gov.vn/telegram?secret=1"),
        ("ISOBOT_WEBHOOK_SECRET", ""),
        ("ISOBOT_WEBHOOK_SECRET", "bí mật"),
        ("ISOBOT_WEBHOOK_SECRET", "a b"),
        ("ISOBOT_WEBHOOK_SECRET", "a" * 257),
        ("ISOBOT_LISTEN", "8080"),
        ("ISOBOT_LISTEN", ":8080"),
        ("ISOBOT_LISTEN", "127.0.0.1"),
        ("ISOBOT_LISTEN", "127.0.0.1:0"),
        ("ISOBOT_LISTEN", "127.0.0.1:65536"),
        ("ISOBOT_LISTEN", "127.0.0.1:http"),
    ],
)
def test_a_wrong_value_is_told_in_one_line_with_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        load()
    assert name in str(told.value)
    assert "ví dụ" in str(told.value)
    assert "\n" not in str(told.value)


def test_the_token_and_passwords_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_TOKEN", TOKEN)
    monkeypatch.setenv("ISOBOT_PROXY", "http://kin:do-not-tell@127.0.0.1:3128/")
    monkeypatch.setenv("ISOBOT_DATABASE_URL", "postgresql+asyncpg://kin:do-not-tell@127.0.0.1/isobot")
    settings = load()
    assert settings.proxy_url == "http://kin:do-not-tell@127.0.0.1:3128"
    assert "do-not-tell" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    monkeypatch.setenv("ISOBOT_AT", "khi nào đó")
    with pytest.raises(SettingsError) as told:
        load()
    assert "do-not-tell" not in f"{told.value!r} {told.value.__cause__!r}"


def test_the_address_of_the_server_ends_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_API_URL", "http://127.0.0.1:8081/")
    assert load().api_url == "http://127.0.0.1:8081"


def test_the_database_is_a_file_in_the_data_folder_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ISOBOT_DATA", "dữ liệu")
    assert load().sqlalchemy_url == f"sqlite+aiosqlite:///{tmp_path / 'dữ liệu' / 'isobot.db'}"
    monkeypatch.setenv("ISOBOT_DATABASE_URL", "sqlite+aiosqlite:////elsewhere.db")
    assert load().sqlalchemy_url == "sqlite+aiosqlite:////elsewhere.db"


def test_a_time_to_start_at_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_AT", "2021-11-08T08:00")
    at = load().at
    assert at is not None
    assert at.isoformat() == "2021-11-08T08:00:00"


@pytest.mark.parametrize(
    "address",
    ["socks5://127.0.0.1:1080", "127.0.0.1:3128", "http://", "http://[::1", "http://may:99999", "http://kin:p#ss@may"],
)
@pytest.mark.parametrize(
    ("name", "example"), [("PROXY", "http://127.0.0.1:3128"), ("API_URL", "http://127.0.0.1:8081")]
)
def test_an_address_that_cannot_be_used_is_told_with_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, example: str, address: str
) -> None:
    monkeypatch.setenv(f"ISOBOT_{name}", address)
    with pytest.raises(SettingsError, match=rf"ISOBOT_{name} .*{re.escape(example)}"):
        load()


@pytest.mark.parametrize("typed", [" http://127.0.0.1:3128 ", "http:127.0.0.1:3128", "HTTP://127.0.0.1:3128/"])
def test_an_address_is_used_as_it_was_understood(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("ISOBOT_PROXY", typed)
    assert load().proxy_url == "http://127.0.0.1:3128"


def test_nobody_listens_unless_told_to_or_updates_come_by_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().listens_at is None
    monkeypatch.setenv("ISOBOT_WEBHOOK_URL", "https://bot.example.gov.vn/telegram")
    monkeypatch.setenv("ISOBOT_WEBHOOK_SECRET", "a" * 256)
    assert load().listens_at == Address("127.0.0.1", 8080)
    monkeypatch.setenv("ISOBOT_LISTEN", "[::1]:9000")
    assert load().listens_at == Address("::1", 9000)


def test_a_webhook_needs_a_secret_and_is_told_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_WEBHOOK_URL", "https://bot.example.gov.vn/telegram")
    with pytest.raises(SettingsError, match=r"ISOBOT_WEBHOOK_SECRET.*openssl rand -hex 32") as told:
        load()
    assert "\n" not in str(told.value)


def test_telegram_takes_no_webhook_without_tls_and_a_server_of_ones_own_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_WEBHOOK_URL", "http://127.0.0.1:8080/telegram")
    monkeypatch.setenv("ISOBOT_WEBHOOK_SECRET", "s")
    with pytest.raises(SettingsError, match=r"ISOBOT_WEBHOOK_URL.*https://"):
        load()
    monkeypatch.setenv("ISOBOT_API_URL", "http://127.0.0.1:8081")
    assert load().webhook_url == "http://127.0.0.1:8080/telegram"


def test_the_webhooks_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_WEBHOOK_SECRET", "do-not-tell")
    settings = load()
    assert "do-not-tell" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert settings.secrets == ["do-not-tell"]
