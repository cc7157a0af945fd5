"""Telegram, with python-telegram-bot as the transport and nothing else of it."""

import os

# Waiting times as timedelta, as they will be in the library's next major version; it warns else.
os.environ.setdefault("PTB_TIMEDELTA", "true")
