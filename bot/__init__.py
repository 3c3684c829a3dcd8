"""What the bot remembers and does: rules and records. No wording, no matching."""
