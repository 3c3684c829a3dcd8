"""/xuat: the board and what stands behind it as a workbook, ready as the annex of a letter."""

import asyncio

from telegram import CallbackQuery, Message, Update

from bot.annex import Annex
from bot.board import Board
from bot.clock import LOCAL
from handlers.board import board_of, unnamed
from handlers.messages import send_file, show_upload
from handlers.replies import GONE
from handlers.rights import refused
from handlers.services import Context, Services
from knowledge.documents import WORKBOOK, Document

_TITLE = "Bảng theo dõi xác nhận nộp báo cáo"
_ROMAN = ("I", "II", "III", "IV", "V", "VI")


async def on_export(update: Update, context: Context) -> None:
    """/xuat: make the workbook and send it."""
    if update.effective_message:
        await _export(update.effective_message, context.bot_data)


async def on_export_button(query: CallbackQuery, context: Context) -> None:
    """The same, from the board."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    if not isinstance(message, Message):
        await query.answer(GONE)
        return
    await _export(message, services)
    await query.answer()


async def export(services: Services) -> Document:
    """The workbook of this moment."""
    board, annex = await board_of(services), await services.annexes.collect()
    # Making it takes a moment in which other chats shall not wait.
    content = await asyncio.to_thread(_workbook, services, board, annex)
    now = services.clock.now().astimezone(LOCAL)
    return Document(
        f"bang-theo-doi-{now:%Y-%m-%d-%H%M}.xlsx", WORKBOOK, f"{_TITLE} lúc {now:%H:%M ngày %d/%m/%Y}", content
    )


async def _export(message: Message, services: Services) -> None:
    await show_upload(message)
    await send_file(message, await export(services))


def _workbook(services: Services, board: Board, annex: Annex) -> bytes:
    # These take a moment to import, and the bot should not start slower for files that few ask for.
    from handlers.annex_sheets import PARTS  # noqa: PLC0415
    from knowledge.sheets import Line, Sheet, write  # noqa: PLC0415

    plan, now = services.pack.plan, services.clock.now().astimezone(LOCAL)
    issuer = plan.issuer.value if plan else None
    attached = f"(Kèm theo Văn bản số ……… ngày …… tháng …… năm ……{f' của {issuer}' if issuer else ''})"
    about = [f"{plan.called}."] if plan else []
    about.append(
        f"Số liệu lúc {now:%H:%M ngày %d/%m/%Y}: {board.handed_in}/{len(board.entries)} cơ quan đã có xác nhận."
    )
    about += unnamed(services)
    sheets = [
        Sheet(
            part.name,
            [
                *([Line(issuer.upper(), is_bold=True)] if issuer else []),
                Line(f"Phụ lục {number}", 14, is_bold=True),
                Line(part.title.upper(), 14, is_bold=True),
                Line(attached, is_italic=True),
                Line(" ".join(about), is_italic=True),
            ],
            part.columns,
            part.rows(services, board, annex),
            part.fixed,
        )
        for number, part in zip(_ROMAN, PARTS, strict=False)
    ]
    return write(_TITLE, sheets, now)
