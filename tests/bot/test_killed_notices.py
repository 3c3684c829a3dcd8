"""The bot is killed in the middle of a notice and started again: nobody is left out, and nobody gets it twice."""

from collections import Counter
from pathlib import Path
from random import Random

from tests.bot.campaign import FIRST, campaign

COUNT, KILLS = 120, 2


async def test_killed_again_and_again_a_notice_comes_to_everybody_at_most_once(tmp_path: Path) -> None:
    moments = sorted(Random(1813).sample(range(1, COUNT - 10), KILLS))
    async with campaign(tmp_path, COUNT, rate=100) as notice:
        card = await notice.send_with_kills(moments)
        ledger = {row["chat_id"]: row["state"] for row in notice.rows("outgoing") if row["notice_id"]}
        counts = Counter(ledger.values())
        assert sorted(ledger) == list(range(FIRST, FIRST + COUNT)), "everybody was planned, once"
        assert counts["sent"] + counts["uncertain"] == COUNT
        assert counts["uncertain"] <= 8 * KILLS, "no more than were on their way"
        for person, times in notice.got().items():
            assert times == 1 if ledger[person] == "sent" else times <= 1
        assert card.text.startswith("Đã gửi xong")
        assert f"đã gửi {counts['sent']} · không gửi được 0 · chưa rõ {counts['uncertain']}" in card.text
