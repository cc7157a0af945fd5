"""APScheduler as the alarm clock. It remembers nothing: the rows in the database do."""

from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.service import Service

TICK_S = 15
TIDY_H = 6
NIGHT_H = 2
"""In UTC."""


def ticking(service: Service) -> AsyncIOScheduler:
    """A scheduler, not yet started, that lets time speak every few seconds.

    A tick that comes late is still made, several missed ones become one, and none overlaps
    another: APScheduler's own defaults would drop one that is a second late.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(service.tick, "interval", seconds=TICK_S, id="tick")
    scheduler.add_job(service.tidy, "interval", hours=TIDY_H, id="tidy")
    scheduler.add_job(service.check, "cron", hour=NIGHT_H, id="check")
    return scheduler
