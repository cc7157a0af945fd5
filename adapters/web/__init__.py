"""What the bot serves on the web itself: calendars, each at a secret address."""
