"""What the bot knows: packs of curated answers, and finding the right one. No Telegram, no database, no clock."""
