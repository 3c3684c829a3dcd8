"""What the handlers work with, put together by the roof and carried by python-telegram-bot's context."""

from dataclasses import dataclass
from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.clock import Clock
from bot.contacts import Contacts
from bot.conversations import Conversations
from bot.questions import Questions
from knowledge.answer import Answerer
from knowledge.pack import Pack


@dataclass(frozen=True)
class Services:
    """The rooms behind the handlers."""

    clock: Clock
    answerer: Answerer
    questions: Questions
    contacts: Contacts
    conversations: Conversations
    coordinators: frozenset[int]

    @property
    def pack(self) -> Pack:
        """The knowledge in force."""
        return self.answerer.pack


# No chat or user data is kept in memory: state lives in rows.
Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], Services]
App = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], Services, None]
