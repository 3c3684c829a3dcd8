"""The only door to the environment: ISOBOT_… variables, or a .env file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TELEGRAM = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting that cannot be used; the message says which and what to write, in Vietnamese."""


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
    """

    model_config = SettingsConfigDict(env_prefix="ISOBOT_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr = SecretStr("")
    api_url: str = TELEGRAM
    proxy: str | None = None
    pack: str = "binh-phuoc-2021"
    data: Path = Path("data")
    database_url: SecretStr | None = None
    coordinators: Annotated[frozenset[int], NoDecode] = frozenset()
    at: datetime | None = None
    send_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 25

    @field_validator("coordinators", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        return [part for part in value.replace(" ", "").split(",") if part] if isinstance(value, str) else value

    @field_validator("api_url", "proxy")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

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
}


def load(**overrides: object) -> Settings:
    """The settings in force.

    Raises:
        SettingsError: a variable does not fit.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        example = f", ví dụ {_EXAMPLES[name]}" if name in _EXAMPLES else ""
        raise SettingsError(f"Biến ISOBOT_{name.upper()} không hợp lệ{example}.") from None
