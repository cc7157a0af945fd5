"""What the bot says. Data only; ``bot.conversation.wording`` reads it."""
