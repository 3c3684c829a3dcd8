"""The bot's own messages: one template a message, escaped automatically."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.clock import LOCAL
from handlers import wording
from knowledge.templates import FILTERS


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        **FILTERS,
        "local_time": _local_time,
        "size": wording.size,
        "document": wording.document_of,
        "punctuality": wording.punctuality,
    }
    return environment


def say(message: str, /, **values: object) -> str:
    """A message as Telegram HTML, with `values` filled in and escaped."""
    return _environment().get_template(f"{message}.html").render(values).strip()


def _local_time(moment: datetime) -> str:
    """08:00 ngày 08/11/2021."""
    return f"{moment.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}"
