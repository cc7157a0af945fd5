"""Calendars on the web: read by another hand, for whoever knows the address, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar as Written
from sqlalchemy import select
from structlog.testing import capture_logs

from adapters.web.feed import routes
from adapters.web.site import SiteError, serve, site
from bot.domain import sessions
from bot.domain.calendar_files import feed_file
from bot.engine import convening, erasing, feeding
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.service import Service
from bot.store import appointments, feeds
from bot.store.tables import feed, outbox
from tests.house import Fixed
from tests.stage import HOUSE, MONDAY
from tests.test_calendar_files import session
from tests.test_calendar_sent import TUESDAY, engine, meet

__all__ = ["engine"]

FEEDS = replace(HOUSE, feed="https://tandem.example.org/")


def made(engine: Engine, member: int = 1) -> str:
    """Somebody's new address, without the host."""
    with engine.store.begin() as connection:
        newest = connection.execute(select(outbox.c.id)).scalars().all()
        desk = Desk(connection, MONDAY, f"feed:{len(newest)}", FEEDS)
        feeding.make(desk, desk.member(member))
        [said] = [
            row.body["text"]
            for row in connection.execute(select(outbox)).all()
            if row.id not in newest
        ]
    address: str = said.partition("<code>")[2].partition("</code>")[0]
    assert address.startswith("https://tandem.example.org/calendar/")
    return address.removeprefix("https://tandem.example.org")


@asynccontextmanager
async def served(engine: Engine) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]  # of aiohttp's own
    service = Service(Engine(engine.store, FEEDS), Fixed())
    try:
        async with TestClient(TestServer(site(routes(service)), access_log=None)) as client:
            yield client
    finally:
        service.close()


async def test_a_calendar_reads_when_they_meet_and_nothing_else(engine: Engine) -> None:
    known = meet(engine.store)
    address = made(engine)
    async with served(engine) as client:
        answer = await client.get(address)
        assert answer.content_type == "text/calendar"
        content = await answer.text()
        [event] = IcsCalendarStream.calendar_from_ics(content).events
        assert (event.uid, event.sequence) == (f"{known.uid}@tandem", 1)
        assert isinstance(event.dtstart, datetime)
        assert event.dtstart.astimezone(UTC) == known.starts_at
        assert event.summary == "Tandem"
        assert event.location is None
        assert "Café" not in content
        assert "Ben" not in content
        again = await client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status, await again.read()) == (304, b"")
        wednesday = TUESDAY + timedelta(days=1)
        events: list[sessions.Event] = [sessions.Wish(1, wednesday), sessions.Agree(2, wednesday)]
        for number, happened in enumerate(events):
            with engine.store.begin() as connection:
                desk = Desk(connection, MONDAY, f"event:{number}", FEEDS)
                convening.on_session(desk, appointments.get_session(connection, 1), happened)
        moved = await client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        [event] = IcsCalendarStream.calendar_from_ics(await moved.text()).events
        assert (event.uid, event.sequence) == (f"{known.uid}@tandem", 2)
        with engine.store.begin() as connection:
            desk = Desk(connection, MONDAY, "off", FEEDS)
            off = sessions.Cancel(1, wednesday)
            convening.on_session(desk, appointments.get_session(connection, 1), off)
        gone = await client.get(address)
        assert IcsCalendarStream.calendar_from_ics(await gone.text()).events == []


async def test_wrong_and_old_addresses_are_all_alike(engine: Engine) -> None:
    meet(engine.store)
    old = made(engine)
    newest, theirs = made(engine), made(engine, member=2)
    stopped = made(engine, member=3)
    with engine.store.begin() as connection:
        desk = Desk(connection, MONDAY, "stop", FEEDS)
        feeding.stop(desk, desk.member(3))
        erasing.erase(desk, desk.member(2))
    wrong = ["/calendar/" + "A" * 32 + ".ics", old, stopped, theirs]
    async with served(engine) as client:
        answers = [await client.get(address) for address in wrong]
        assert [(one.status, await one.read()) for one in answers] == [(404, b"")] * 4
        assert (await client.get(newest)).status == 200
        others = ["/", "/calendar/", "/calendar/x.ics", "/calendar/../x", newest + "/x"]
        assert [(await client.get(path)).status for path in others] == [404] * 5
        assert (await client.post(newest)).status == 405


async def test_no_log_says_who_asked_or_under_which_address(
    engine: Engine, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    address = made(engine)
    with capture_logs() as logged:
        async with served(engine) as client:
            await client.get(address)
            engine.store.dispose()
            feed.drop(engine.store)
            assert (await client.get(address)).status == 503
    assert [entry["event"] for entry in logged] == ["calendar failed"]
    everything = f"{logged}{caplog.text}{capfd.readouterr()}"
    assert address.removeprefix("/calendar/").removesuffix(".ics") not in everything


def test_an_address_cannot_be_made_from_what_is_stored(engine: Engine) -> None:
    secret = made(engine).removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) == 32
    with engine.store.begin() as connection:
        [row] = connection.execute(select(feed)).all()
        assert secret not in str(tuple(row))
        assert feeds.owner(connection, row.digest) == 1
    assert engine.feed(row.digest, MONDAY) is None


def test_without_a_public_address_there_is_none(engine: Engine) -> None:
    with engine.store.begin() as connection:
        desk = Desk(connection, MONDAY, "none", HOUSE)
        feeding.make(desk, desk.member(1))
        assert connection.execute(select(feed)).all() == []


def test_each_zone_is_written_down_once_and_for_all_its_sessions() -> None:
    """Over the clock changes between the first and the last of them."""
    far = [TUESDAY + timedelta(weeks=n * 13) for n in range(8)]
    known = [
        replace(session(at, zone), uid=f"{number}{zone[:1]}")
        for number, at in enumerate(far)
        for zone in ("Europe/Berlin", "Australia/Lord_Howe", "UTC")
    ]
    content = feed_file(known, "Tandem", MONDAY)
    events = IcsCalendarStream.calendar_from_ics(content.decode()).events
    found = {str(event.uid): event.dtstart for event in events}
    for one in known:
        at = found[f"{one.uid}@tandem"]
        assert isinstance(at, datetime)
        assert at.astimezone(UTC) == one.starts_at
    written = Written.from_ical(content)
    assert isinstance(written, Written)
    assert sorted(str(rules["tzid"]) for rules in written.timezones) == [
        "Australia/Lord_Howe",
        "Europe/Berlin",
    ]
    for rules in written.timezones:
        tz = rules.to_tz(lookup_tzid=False)
        for one in known:
            if one.zone == rules["tzid"] and one.planned:
                assert one.planned.replace(tzinfo=tz).astimezone(UTC) == one.starts_at


async def test_it_is_served_until_it_is_stopped(engine: Engine) -> None:
    service = Service(Engine(engine.store, FEEDS), Fixed())
    held = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port: int = held.sockets[0].getsockname()[1]
    with pytest.raises(SiteError, match="TANDEM_LISTEN: can't open"):
        await serve(routes(service), "127.0.0.1", port)
    held.close()
    await held.wait_closed()
    task = asyncio.create_task(serve(routes(service), "127.0.0.1", port))
    url, statuses = f"http://127.0.0.1:{port}{made(engine)}", list[int]()
    async with ClientSession() as client:
        while not statuses:
            assert not task.done()
            with suppress(OSError):
                statuses.append((await client.get(url)).status)
    assert statuses == [200]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    service.close()
