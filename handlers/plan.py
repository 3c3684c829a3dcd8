"""The plan on one card, and the deadline."""

from telegram import InlineKeyboardMarkup, Update

from bot.store.tables import Via
from handlers.ask import answer_topic
from handlers.buttons import Code, button
from handlers.messages import answer_in
from handlers.replies import Reply
from handlers.services import Context
from handlers.texts import say
from knowledge.deadline import Deadline
from knowledge.sources import source_line

# The topic that /han answers, where the pack has it.
DEADLINE_TOPIC = "report.deadline"


async def on_plan(update: Update, context: Context) -> None:
    """/kehoach: the plan at a glance."""
    message = update.effective_message
    if message is None:
        return
    pack, today = context.bot_data.pack, context.bot_data.clock.today()
    if pack.plan is None:
        await answer_in(message, Reply(say("no_plan"), None))
        return
    html = say(
        "plan_card",
        plan=pack.values,
        contingency=pack.contingency,
        deadline=Deadline(await context.bot_data.deadlines.of(None) or pack.plan.report.before.value, today),
        source=source_line([pack.plan.number.source], pack.plan),
    )
    rows = [
        [button(pack.topics[topic].ask, Code.TOPIC, topic)]
        for topic in ("plan.onsite-list", "plan.content")
        if topic in pack.topics
    ]
    await answer_in(message, Reply(html, InlineKeyboardMarkup(rows) if rows else None))


async def on_deadline(update: Update, context: Context) -> None:
    """/han: the deadline as of today."""
    message, person = update.effective_message, update.effective_user
    if message is None or person is None:
        return
    if DEADLINE_TOPIC in context.bot_data.pack.topics:
        await answer_topic(message, person, context.bot_data, DEADLINE_TOPIC, Via.COMMAND)
    else:
        await answer_in(message, Reply(say("no_plan"), None))
