"""Workspaces that install the bot by themselves: each is spoken to with its own token, which is
renewed in time; and one that throws it out again is left alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from structlog.testing import capture_logs

from adapters.slack.app import App, Slack
from adapters.slack.emergency import Emergency
from bot.doctor import examine
from bot.domain.members import Address
from bot.domain.parcels import TAKEN_OUT, Away, Gone, Sent
from bot.engine.engine import Engine
from bot.service import Service
from bot.settings import Settings
from bot.store import workspaces
from bot.store.tables import account, workspace
from bot.store.workspaces import BEFORE, LEASE, MOST, Workspace
from tests.fresh import fresh
from tests.house import Build, Fixed, replica
from tests.postgres import Place
from tests.slack_distribution import PUBLIC, Distribution
from tests.slack_people import Person
from tests.slack_posting import up as answering
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE, MONDAY
from tests.test_slack_app import chats
from tests.test_slack_faults import bots, parcel_for

pytestmark = pytest.mark.whole


def distributed(app: Distribution, allowed: frozenset[str] = frozenset()) -> Build:
    def build(service: Service) -> Slack:
        known = App(app.client_id, app.client_secret, app.url, allowed)
        return Slack(
            service,
            signing_secret=app.signing_secret,
            installed=known,
            public_url=PUBLIC,
            api_url=app.url,
        )

    return build


@asynccontextmanager
async def hosted(
    where: Path | Place, app: Distribution, count: int = 1, allowed: frozenset[str] = frozenset()
) -> AsyncIterator[list[Service]]:
    """So many replicas, all of them up."""
    async with AsyncExitStack() as stack:
        services = []
        for _ in range(count):
            build = distributed(app, allowed)
            service, url = await stack.enter_async_context(replica(where, build))
            await answering(url, app.signing_secret)
            services.append(service)
            app.urls.append(url)
        yield services
        app.urls.clear()


@asynccontextmanager
async def sending(folder: Path, app: Distribution) -> AsyncIterator[tuple[Service, Slack]]:
    """An adapter that only sends: nothing ever comes in."""
    service = Service(Engine(fresh(folder / "house.db"), HOUSE), Fixed())
    adapter = distributed(app)(service)
    assert isinstance(adapter, Slack)
    async with adapter:
        yield service, adapter
    service.close()


def person(slack: SlackStandin, name: str) -> Person:
    return slack.person(name, locale="de-DE", tz="Europe/Berlin")


async def test_two_workspaces_are_each_answered_with_their_own_token(tmp_path: Path) -> None:
    async with Distribution() as app, hosted(tmp_path, app):
        one, other = app.workspace(), app.workspace()
        for slack in (one, other):
            status, to = await app.installs(slack, *app.urls)
            assert (status, to.partition("?")[0]) == (302, "https://slack.com/app_redirect")
            assert to.endswith(f"&team={slack.team}")
        ana, ben = person(one, "Ana Huber"), person(other, "Ben Koch")
        await chats(ana, "Kochen", "Singen")
        await chats(ben, "Singen", "Kochen")
        for member in (ana, ben):
            await member.sees("Ein Vorschlag für dich", anywhere=True)
            member.presses("Kennenlernen")
        await ana.sees("Womit darf")
        await ben.sees("Womit darf")
        assert (one.problems, other.problems, app.problems) == ([], [], [])
        assert (one.failures, other.failures) == ([], [])
        assert one.calls_of("conversations.open") == []


async def test_a_state_is_good_once_in_one_browser_and_for_ten_minutes(shared: Place) -> None:
    async with Distribution() as app, hosted(shared, app, 2) as services:
        slack, [one, other] = app.workspace(), app.urls
        visit = await app.visits(one)
        code = app.allows(slack, visit)
        assert (await app.returns(other, visit, code=code))[0] == 302
        for url in (one, other):
            status, words = await app.returns(url, visit, code=app.allows(slack, visit))
            assert (status, words.partition(".")[0]) == (400, "This link is used, or too old")
        fresh = await app.visits(one)
        for forged in (
            replace(fresh, state="A" * 43, cookie=f"__Host-tandem-install={'A' * 43}"),
            replace(fresh, state="", cookie="__Host-tandem-install="),
            replace(fresh, cookie="__Host-tandem-install=other"),
            replace(fresh, cookie="a=b"),
            replace(fresh, state="é"),
        ):
            assert (await app.returns(one, forged, code=app.allows(slack, fresh)))[0] == 400
        await services[0].move_clock(timedelta(minutes=11))
        assert (await app.returns(one, fresh, code=app.allows(slack, fresh)))[0] == 400
        assert len(app.grants) == 1
        assert slack.problems == []


async def test_who_says_no_or_brings_a_wrong_code_installs_nothing(tmp_path: Path) -> None:
    async with Distribution() as app, hosted(tmp_path, app):
        [url] = app.urls
        status, words = await app.returns(url, await app.visits(url), error="access_denied")
        assert (status, words) == (
            400,
            "Slack was not allowed to. Nothing was installed. Begin again at /slack/install.",
        )
        status, words = await app.returns(url, await app.visits(url), code="<b>made up</b>")
        assert (status, words.partition(".")[0]) == (502, "Slack says invalid_code")
        assert app.grants == []


async def test_a_workspace_that_may_not_is_refused_and_its_token_revoked(tmp_path: Path) -> None:
    async with Distribution() as app:
        ours, theirs = app.workspace(), app.workspace()
        async with hosted(tmp_path, app, allowed=frozenset({ours.team})):
            assert (await app.installs(ours, *app.urls))[0] == 302
            assert (await app.installs(theirs, *app.urls))[0] == 403
            assert [grant.revoked for grant in app.grants] == [False, True]
            person(theirs, "Eve").says("hallo")
            await theirs.settled()
            assert theirs.calls == []


def test_installations_that_are_only_begun_do_not_fill_the_database(tmp_path: Path) -> None:
    store = fresh(tmp_path / "own.db")
    with store.begin() as connection:
        begun = [workspaces.begin(connection, f"{n}", MONDAY) for n in range(MOST + 2)]
        assert begun == [True] * MOST + [False] * 2
        assert workspaces.end(connection, "7", MONDAY)
        assert workspaces.begin(connection, "more", MONDAY)
        later = MONDAY + timedelta(minutes=10)
        assert not workspaces.end(connection, "8", later)
        assert workspaces.begin(connection, "another", later)
    store.dispose()


@pytest.mark.file
async def test_tokens_lie_sealed_in_the_database(tmp_path: Path) -> None:
    async with Distribution() as app, hosted(tmp_path, app):
        await app.installs(app.workspace(), *app.urls)
    [grant] = app.grants
    raw = (tmp_path / "house.db").read_bytes()
    assert grant.token.encode() not in raw
    assert grant.refresh.encode() not in raw
    store = fresh(tmp_path / "house.db")
    with store.begin() as connection:
        [row] = connection.execute(select(workspace)).all()
        assert (row.token, row.refresh) == (grant.token, grant.refresh)
        assert grant.token not in repr(workspaces.find(connection, row.account))
    store.dispose()


@pytest.mark.file
async def test_the_doctor_counts_workspaces_and_says_where_more_can_come(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/house.db",
        slack_mode="http",
        slack_client_id="1.2",
        slack_signing_secret=SecretStr("s"),
        tandem_public_url=f"{PUBLIC}/",
    )

    async def words() -> list[str]:
        return [found.words for found in await examine(settings) if found.what == "slack"]

    said = f"workspaces that installed it: {{}}; more do at {PUBLIC}/slack/install"
    assert await words() == [said.format(0)]
    async with Distribution() as app, hosted(tmp_path, app):
        await app.installs(app.workspace(), *app.urls)
    assert await words() == [said.format(1)]


# Tokens that expire


async def test_whoever_sends_renews_a_token_in_time_and_once(tmp_path: Path) -> None:
    """Two replicas, many sends at once, and nobody ever writes."""
    async with Distribution() as app:
        slack = app.workspace()
        async with hosted(tmp_path, app):
            await app.installs(slack, *app.urls)
        slack.echoes = False
        ana, ben = person(slack, "Ana Huber"), person(slack, "Ben Koch")
        async with sending(tmp_path, app) as one, sending(tmp_path, app) as other:

            async def pass_(hours: float) -> None:
                for service, _ in (one, other):
                    service.clock.ahead += timedelta(hours=hours)
                app.offset += hours * 3600

            async def sent() -> None:
                parcels = [parcel_for(who) for who in (ana, ben) * 8]
                adapters = [adapter for _, adapter in (one, other)] * 8
                sends = zip(adapters, parcels, strict=True)
                receipts = await asyncio.gather(*(a.deliver(p) for a, p in sends))
                assert all(isinstance(receipt, Sent) for receipt in receipts), receipts

            async def kept() -> None:
                """Until the next token is, by the clock that moves only then."""
                service = one[0]
                while found := await service.transact(workspaces.find, slack.team):
                    if not found.expires_within(BEFORE, service.clock.now()):
                        break
                    await service.something_to_send("slack")

            await sent()
            await pass_(9.9)
            await sent()
            assert app.refreshed == []
            for renewals, hours in enumerate((0.2, 11, 11.9, 10.1), 1):
                await pass_(hours)
                await sent()
                await kept()
                assert len(app.refreshed) == renewals
        assert len(app.refreshed) == len(set(app.refreshed)) == 4
        assert (app.problems, slack.problems) == ([], [])


async def test_after_a_long_silence_an_expired_token_is_renewed_before_anything_is_sent(
    tmp_path: Path,
) -> None:
    async with Distribution() as app:
        slack = app.workspace()
        async with hosted(tmp_path, app):
            await app.installs(slack, *app.urls)
        app.offset += 40 * 24 * 3600
        slack.echoes = False
        ana = person(slack, "Ana Huber")
        async with sending(tmp_path, app) as (service, adapter):
            service.clock.ahead += timedelta(days=40)
            receipts = await asyncio.gather(*(adapter.deliver(parcel_for(ana)) for _ in range(5)))
            assert [type(receipt) for receipt in receipts] == [Sent] * 5
        assert (len(app.refreshed), app.problems) == (1, [])


async def test_while_slack_gives_no_token_the_old_one_is_used_as_long_as_it_is_good(
    tmp_path: Path,
) -> None:
    async with Distribution() as app:
        slack = app.workspace()
        async with hosted(tmp_path, app):
            await app.installs(slack, *app.urls)
        slack.echoes = False
        ana = person(slack, "Ana Huber")
        async with sending(tmp_path, app) as (service, adapter):
            right, app.client_secret = app.client_secret, "changed"
            for hours, expected in ((11, Sent), (2, Away)):
                service.clock.ahead += timedelta(hours=hours)
                app.offset += hours * 3600
                assert isinstance(await adapter.deliver(parcel_for(ana)), expected)
            app.client_secret = right
            service.clock.ahead += timedelta(minutes=1)
            assert isinstance(await adapter.deliver(parcel_for(ana)), Sent)
        assert app.problems == []


def test_one_at_a_time_has_the_next_token_in_hand(tmp_path: Path) -> None:
    store = fresh(tmp_path / "own.db")
    old = Workspace("T1", "U1", "t", "r", MONDAY + BEFORE)
    new = replace(old, token="t2", refresh="r2", expires_at=MONDAY + timedelta(hours=12))  # noqa: S106 -- of nobody
    with store.begin() as connection:
        workspaces.add(connection, old, MONDAY)
        assert workspaces.lease(connection, "T1", MONDAY - timedelta(seconds=1)) is None
        assert workspaces.lease(connection, "T1", MONDAY) == old
        assert workspaces.lease(connection, "T1", MONDAY) is None
        assert workspaces.lease(connection, "T1", MONDAY + LEASE) == old
        workspaces.renew(connection, replace(old, refresh="other"), new)
        assert workspaces.find(connection, "T1") == old
        workspaces.renew(connection, old, new)
        assert workspaces.find(connection, "T1") == new
        assert workspaces.lease(connection, "T1", MONDAY + LEASE) is None
        assert not workspaces.remove(connection, "T1", MONDAY - timedelta(seconds=1))
        assert workspaces.remove(connection, "T1", MONDAY)
        assert not workspaces.remove(connection, "T1", MONDAY)
    store.dispose()


async def test_tokens_that_never_expire_are_left_as_they_are(tmp_path: Path) -> None:
    async with Distribution(rotating=False) as app:
        slack = app.workspace()
        async with hosted(tmp_path, app):
            await app.installs(slack, *app.urls)
        slack.echoes = False
        async with sending(tmp_path, app) as (service, adapter):
            service.clock.ahead += timedelta(days=400)
            ana = person(slack, "Ana Huber")
            assert isinstance(await adapter.deliver(parcel_for(ana)), Sent)
        assert app.refreshed == []


async def test_no_log_has_a_token_or_a_secret(tmp_path: Path) -> None:
    with capture_logs() as logged:
        async with Distribution() as app:
            slack = app.workspace()
            async with hosted(tmp_path, app):
                await app.installs(slack, *app.urls)
                await app.returns(app.urls[0], await app.visits(app.urls[0]), code="wrong")
            async with sending(tmp_path, app) as (service, adapter):
                service.clock.ahead += timedelta(hours=11)
                app.client_secret = "changed"  # noqa: S105 -- of the stand-in
                await adapter.deliver(parcel_for(person(slack, "Ana")))
    assert {log["event"] for log in logged} == {
        "installed",
        "a workspace was not installed",
        "a workspace's next token can't be had",
    }
    [grant] = app.grants
    for secret in (grant.token, grant.refresh, app.client_secret, app.signing_secret):
        assert secret not in str(logged)


# Thrown out, and back


@pytest.mark.parametrize(
    "kinds",
    [("tokens_revoked", "app_uninstalled"), ("app_uninstalled", "tokens_revoked")],
    ids=["tokens first", "app first"],
)
async def test_thrown_out_it_is_silent_and_back_it_goes_on(
    tmp_path: Path, kinds: tuple[str, str]
) -> None:
    async with Distribution() as app, hosted(tmp_path, app, 2) as services:
        slack, staying = app.workspace(), app.workspace()
        await app.installs(slack, *app.urls)
        await app.installs(staying, *app.urls)
        ana, ben = person(slack, "Ana Huber"), person(staying, "Ben Koch")
        for member in (ana, ben):
            member.says("hallo")
            await member.sees("Ich bin")
        app.uninstalls(slack, *kinds)
        await slack.settled()
        store = fresh(tmp_path / "house.db")

        def reached() -> dict[str, bool]:
            with store.begin() as connection:
                rows = connection.execute(select(account)).all()
                return {row.user: row.reachable for row in rows}

        while reached()[ana.id]:
            await services[0].something_to_send("slack")
        assert reached() == {ana.id: False, ben.id: True}
        with store.begin() as connection:
            assert workspaces.find(connection, slack.team) is None
            assert workspaces.find(connection, staying.team) is not None
        store.dispose()
        ana.says("noch da?")
        await slack.settled()
        slack.calls.clear()
        # The other may still try the old token; what it can't send then, the first one does.
        assert (await app.installs(slack, *reversed(app.urls)))[0] == 302
        await services[0].move_clock(timedelta(hours=1))
        slack.advance(-10 * 365 * 24 * 3600)  # it is told only now of what was before
        slack.socket.event({"type": "app_uninstalled"})
        slack.advance(10 * 365 * 24 * 3600)
        await slack.settled()
        ana.says("hallo")
        await ana.sees("wieder da")
        assert bots(ana)[0] == "Hallo! Ich"
        ben.says("hilfe")
        await ben.sees("Ich bringe Menschen")
        assert (slack.problems, staying.problems, app.problems) == ([], [], [])
        assert (slack.failures, staying.failures) == ([], [])


async def test_not_back_in_time_its_people_are_deleted_and_others_go_on(tmp_path: Path) -> None:
    async with Distribution() as app, hosted(tmp_path, app, 2) as services:
        slack, staying = app.workspace(), app.workspace()
        for one in (slack, staying):
            await app.installs(one, *app.urls)
        ana, ben = person(slack, "Ana Huber"), person(staying, "Ben Koch")
        await chats(ana, "Kochen", "Singen")
        await chats(ben, "Singen", "Kochen")
        for member in (ana, ben):
            await member.sees("Ein Vorschlag für dich", anywhere=True)
        store = fresh(tmp_path / "house.db")

        def users() -> list[tuple[str, bool]]:
            with store.begin() as connection:
                rows = connection.execute(select(account).order_by(account.c.id)).all()
                return [(row.user, row.reachable) for row in rows]

        app.uninstalls(slack, "tokens_revoked", "app_uninstalled")
        while users() == [(ana.id, True), (ben.id, True)]:
            await services[0].something_to_send("slack")
        await services[0].move_clock(timedelta(days=29, hours=23))
        assert users() == [(ana.id, False), (ben.id, True)]
        await services[0].move_clock(timedelta(hours=2))
        assert users() == [(ben.id, True)]
        store.dispose()
        ben.says("hilfe")
        await ben.sees("Einen Menschen erreichst du")
        assert (slack.problems, staying.problems, app.problems) == ([], [], [])
        assert (slack.failures, staying.failures) == ([], [])


async def test_with_a_token_that_another_replica_was_given_it_is_said_at_once(
    tmp_path: Path,
) -> None:
    async with Distribution() as app:
        slack = app.workspace()
        async with hosted(tmp_path, app), sending(tmp_path, app) as (_, adapter):
            await app.installs(slack, *app.urls)
            ana = person(slack, "Ana Huber")
            assert isinstance(await adapter.deliver(parcel_for(ana)), Sent)
            app.uninstalls(slack)
            await app.installs(slack, *app.urls)
            assert isinstance(await adapter.deliver(parcel_for(ana)), Sent)
            assert slack.problems == app.problems == []


async def test_so_is_the_page_of_professional_contacts(tmp_path: Path) -> None:
    async with Distribution() as app:
        slack = app.workspace()
        async with hosted(tmp_path, app), sending(tmp_path, app) as (_, adapter):
            await app.installs(slack, *app.urls)
            ana = person(slack, "Ana Huber")
            assert isinstance(await adapter.deliver(parcel_for(ana)), Sent)
            app.uninstalls(slack)
            await app.installs(slack, *app.urls)
            emergency = Emergency(adapter._tokens)  # noqa: SLF001 -- with the token known so far
            await emergency.answer(Address("slack", slack.team, ana.id, ana.id), "Die Seite")
            assert ana.messages[-1].plain == "Die Seite"
            await emergency.close()


async def test_what_is_still_to_be_said_there_is_dropped(tmp_path: Path) -> None:
    async with Distribution() as app:
        slack = app.workspace()
        async with hosted(tmp_path, app):
            await app.installs(slack, *app.urls)
        ana = person(slack, "Ana Huber")
        async with sending(tmp_path, app) as (service, adapter):
            assert isinstance(await adapter.deliver(parcel_for(ana)), Sent)
            app.uninstalls(slack)
            assert await adapter.deliver(parcel_for(ana)) == Away(TAKEN_OUT)
            later = MONDAY + timedelta(minutes=1)
            assert await service.transact(workspaces.remove, slack.team, later)
            assert await adapter.deliver(parcel_for(ana)) == Gone("not installed")
