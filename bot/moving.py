"""Moving to another database: a copy that is compared with what it was made from, while no bot runs."""

from bot.heartbeats import Heartbeats
from bot.store.copying import copy
from bot.store.database import Database, DatabaseError, open_as_it_is, open_database
from bot.store.soundness import Age, age_of, damage


async def move(source: str, target: str) -> dict[str, int]:
    """Copy everything that is remembered; the source stays as it is.

    Args:
        source: the URL of the database so far.
        target: that of the new one; its tables are made here.

    Returns:
        The number of rows of each table.

    Raises:
        DatabaseError: a bot runs on the source, the target is not empty, or the copy is not the same.
    """
    async with open_as_it_is(source) as before:
        if await age_of(before) is not Age.CURRENT:
            raise DatabaseError("Cơ sở dữ liệu không thuộc phiên bản isobot này. Chạy bot một lần để nâng, rồi dừng.")
        if broken := await damage(before):
            raise DatabaseError(f"Cơ sở dữ liệu hỏng ({broken[0]}). Khôi phục từ bản sao lưu gần nhất trước.")
        await _refuse_a_running_bot(before)
        async with open_database(target) as after:
            # One that starts meanwhile would write what the copy does not have: its commit waits for this answer.
            return await copy(before, after, last_look=lambda: _refuse_a_running_bot(before))


async def _refuse_a_running_bot(database: Database) -> None:
    if running := await Heartbeats(database).alive():
        where = ", ".join(f"{row.host}, tiến trình {row.pid}" for row in running)
        raise DatabaseError(f"Bot đang chạy ({where}). Dừng bot rồi chuyển, để không sót gì bot ghi trong lúc chép.")
