"""What the bot hears and says: one conversation, one module. No SQL, no matching, no rules."""
