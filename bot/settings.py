"""The only door to the environment: ISOBOT_… variables, or a .env file."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, TypeAdapter, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TELEGRAM = "https://api.telegram.org"

_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)

_WEBHOOK = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LAST_PORT = 65535


class SettingsError(Exception):
    """A setting that cannot be used; the message says which and what to write, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place on this machine where the program listens."""

    host: str
    port: int


# Where a webhook listens unless told otherwise: a reverse proxy stands before it.
_BEHIND_A_PROXY = Address("127.0.0.1", 8080)


class Settings(BaseSettings):
    """What a person who runs the bot may choose; see docs/operating.md.

    Attributes:
        token: the bot's token from @BotFather.
        api_url: the Bot API server.
        proxy: address of an HTTP proxy towards it, if any.
        pack: folder of a knowledge pack, or the name of a shipped one.
        data: folder for the database and attachments.
        database_url: another database than SQLite in `data`.
        coordinators: Telegram ids of the people who coordinate.
        at: local time at which the clock starts.
        send_rate: messages a second at which notices go out.
        webhook_url: where Telegram is to post updates; without it the bot asks for them.
        webhook_secret: what Telegram has to say then.
        listen: where the webhook, /healthz and /metrics are served.
    """

    model_config = SettingsConfigDict(env_prefix="ISOBOT_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr = SecretStr("")
    api_url: str = TELEGRAM
    proxy: SecretStr | None = None
    pack: str = "binh-phuoc-2021"
    data: Path = Path("data")
    database_url: SecretStr | None = None
    coordinators: Annotated[frozenset[int], NoDecode] = frozenset()
    at: datetime | None = None
    send_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 25
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: Annotated[Address | None, NoDecode] = None

    @field_validator("coordinators", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        return [part for part in value.replace(" ", "").split(",") if part] if isinstance(value, str) else value

    @field_validator("api_url", "proxy", mode="before")
    @classmethod
    def _without_slash(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        # Used as it was understood: "http:may" is taken for an address, and the wire would not know what to do with it.
        return str(_URL.validate_python(value)).rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _names_a_host(cls, value: str | None) -> str | None:
        if value is not None and not (_WEBHOOK.fullmatch(value) and _URL.validate_python(value)):
            raise ValueError("must be an address with a host and no more than a path")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("listen", mode="before")
    @classmethod
    def _split_address(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) <= _LAST_PORT:
            raise ValueError("must be host:port")
        return Address(host.strip("[]"), int(port))

    @property
    def listens_at(self) -> Address | None:
        """Where to listen; a webhook needs a place, polling does not."""
        return self.listen or (_BEHIND_A_PROXY if self.webhook_url else None)

    @property
    def secrets(self) -> list[str]:
        """What must not be read anywhere."""
        return [secret.get_secret_value() for secret in (self.token, self.webhook_secret) if secret]

    @property
    def proxy_url(self) -> str | None:
        """The proxy's address; it may hold a password."""
        return self.proxy.get_secret_value() if self.proxy else None

    @property
    def sqlalchemy_url(self) -> str:
        """Where the database is, as SQLAlchemy writes it."""
        return (
            self.database_url.get_secret_value()
            if self.database_url
            else f"sqlite+aiosqlite:///{self.data.resolve() / 'isobot.db'}"
        )


_EXAMPLES = {
    "api_url": "http://127.0.0.1:8081",
    "proxy": "http://127.0.0.1:3128",
    "coordinators": "123456,234567",
    "at": "2021-11-08T08:00",
    "send_rate": "25",
    "webhook_url": "https://bot.example.gov.vn/telegram",
    "webhook_secret": "kết quả của lệnh openssl rand -hex 32",
    "listen": "127.0.0.1:8080",
}


def load(**overrides: object) -> Settings:
    """The settings in force.

    Raises:
        SettingsError: a variable does not fit.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        example = f", ví dụ {_EXAMPLES[name]}" if name in _EXAMPLES else ""
        raise SettingsError(f"Biến ISOBOT_{name.upper()} không hợp lệ{example}.") from None
    if settings.webhook_url and settings.webhook_secret is None:
        raise SettingsError(
            "Có ISOBOT_WEBHOOK_URL thì phải có ISOBOT_WEBHOOK_SECRET; tạo bằng lệnh: openssl rand -hex 32"
        )
    if settings.webhook_url and settings.api_url == TELEGRAM and not settings.webhook_url.startswith("https://"):
        raise SettingsError(f"ISOBOT_WEBHOOK_URL phải bắt đầu bằng https://, ví dụ {_EXAMPLES['webhook_url']}.")
    return settings
