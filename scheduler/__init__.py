"""Time: when the bot speaks up by itself, and how what it says gets out."""
