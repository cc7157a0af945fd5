"""The engine on threads of its own, for an asynchronous edge."""

from bot.service.adapter import Adapter
from bot.service.clock import Clock
from bot.service.service import Service

__all__ = ["Adapter", "Clock", "Service"]
