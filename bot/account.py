"""The bot's account at Telegram: what python-telegram-bot gives, made discreet."""

from telegram.ext import Defaults, ExtBot

from bot.wire import UpdatesWire, Wire


class Account(ExtBot[None]):
    """The library's own shows its token to whoever prints it."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}[id={self.token.partition(':')[0]}]"


def open_account(token: str, api_url: str, wire: Wire, updates: UpdatesWire, defaults: Defaults) -> ExtBot[None]:
    """The account behind a token.

    Args:
        token: what proves to Telegram who the bot is.
        api_url: the Bot API server.
        wire: makes the calls.
        updates: asks for updates.
        defaults: of what is sent.
    """
    return Account(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=wire,
        get_updates_request=updates,
        defaults=defaults,
    )
