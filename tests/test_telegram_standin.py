"""The stand-in of the Bot API against python-telegram-bot, and against plain HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from tests.telegram_standin import (
    Document,
    DropBefore,
    HoldAnswer,
    LoseAnswer,
    Person,
    ServerError,
    TelegramStandin,
    TooMany,
)
from tests.telegram_wire import Json

Api = Callable[..., Coroutine[None, None, Json]]


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramStandin]:
    async with TelegramStandin() as telegram:
        yield telegram
    assert telegram.problems == []


@pytest.fixture
async def bot(telegram: TelegramStandin) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
        yield bot


@pytest.fixture
async def api(telegram: TelegramStandin) -> AsyncIterator[Api]:
    """A call with a JSON body; the answer as it comes."""
    async with aiohttp.ClientSession(f"{telegram.url}/bot{telegram.token}/") as http:

        async def call(method: str, **params: object) -> Json:
            async with http.post(method, json=params) as response:
                answer: Json = await response.json()
                assert response.status == answer.get("error_code", 200)
                return answer

        yield call


@pytest.fixture
def ana(telegram: TelegramStandin) -> Person:
    ana = telegram.person("Ana", username="ana_h", language="de")
    ana.says("/start")
    return ana


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    buttons = [InlineKeyboardButton(label, callback_data=label.lower()) for label in labels]
    return InlineKeyboardMarkup([buttons])


async def updates(bot: Bot, offset: int | None = None) -> tuple[Update, ...]:
    return await bot.get_updates(offset=offset, timeout=0)


# Calls


async def test_a_bot_learns_who_it_is(telegram: TelegramStandin, bot: Bot) -> None:
    assert (bot.id, bot.username) == (123456, "tandem_test_bot")
    assert [call.method for call in telegram.calls] == ["getMe"]


async def test_another_token_is_refused(telegram: TelegramStandin) -> None:
    stranger = Bot("123456:another", base_url=f"{telegram.url}/bot")
    with pytest.raises(InvalidToken, match="rejected by the server"):
        await stranger.initialize()
    await stranger.shutdown()
    async with aiohttp.request("GET", f"{telegram.url}/bot123456:another/getMe") as response:
        answer = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        assert (response.status, await response.json()) == (401, answer)
    async with aiohttp.request("GET", f"{telegram.url}/getMe") as response:
        assert response.status == 404


async def test_unknown_methods_and_parameters_are_remembered(
    telegram: TelegramStandin, bot: Bot, ana: Person, api: Api
) -> None:
    with pytest.raises(TelegramError, match="Not Found"):
        await bot.send_dice(ana.id)
    assert telegram.problems == ["sendDice: no such method"]
    assert (await api("sendMessage", chat_id=ana.id, text="Hallo", reply_to=3))["ok"]
    assert telegram.problems.pop() == "sendMessage: the stand-in knows no parameter 'reply_to'"
    telegram.problems.clear()


async def test_all_encodings_mean_the_same(telegram: TelegramStandin, ana: Person) -> None:
    url = f"{telegram.url}/bot{telegram.token}/SENDMESSAGE"
    markup = '{"inline_keyboard": [[{"text": "Gern", "callback_data": "1"}]]}'
    flat = {"chat_id": str(ana.id), "text": "42", "reply_markup": markup}
    parts = aiohttp.FormData(flat, default_to_multipart=True)
    async with aiohttp.ClientSession() as http:
        await (await http.get(url, params=flat)).read()
        await (await http.post(url, data=flat)).read()
        await (await http.post(url, data=parts)).read()
        await (await http.post(url, json=flat)).read()
    assert [(message.text, message.labels) for message in ana.messages] == [("42", ["Gern"])] * 4
    assert len({str(call.params) for call in telegram.calls}) == 1
    assert telegram.calls[0].params["text"] == "42"
    assert telegram.calls[0].params["chat_id"] == ana.id


async def test_broken_json_is_refused(telegram: TelegramStandin, ana: Person, api: Api) -> None:
    url = f"{telegram.url}/bot{telegram.token}/getMe"
    headers = {"Content-Type": "application/json"}
    async with aiohttp.request("POST", url, data="[", headers=headers) as response:
        assert response.status == 400
    answer = await api("sendMessage", chat_id=ana.id, text="Hallo", reply_markup="{")
    assert answer["description"] == "Bad Request: can't parse reply keyboard markup JSON object"
    answer = await api("editMessageText", chat_id=ana.id, message_id="one", text="Hallo")
    assert answer["description"] == 'Bad Request: parameter "message_id" must be an Integer'
    answer = await api("sendMessage", chat_id=ana.id, text="\ud83d")
    assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"


# Updates


async def test_updates_look_like_telegrams(bot: Bot, ana: Person, api: Api) -> None:
    ana.says("Hilfe 👋 /help")
    (first, second) = (await api("getUpdates"))["result"]
    user = {"id": ana.id, "first_name": "Ana", "username": "ana_h"}
    message = {
        "message_id": 2,
        "from": user | {"is_bot": False, "language_code": "de"},
        "chat": user | {"type": "private"},
        "date": second["message"]["date"],
        "text": "Hilfe 👋 /help",
        "entities": [{"type": "bot_command", "offset": 9, "length": 5}],
    }
    assert second == {"update_id": first["update_id"] + 1, "message": message}
    assert abs(message["date"] - time.time()) < 5
    assert ana.id > 2**32
    assert [it.message.text for it in await updates(bot) if it.message] == [
        "/start",
        message["text"],
    ]


async def test_updates_of_other_kinds(bot: Bot, ana: Person) -> None:
    ana.sends_voice()
    ana.sends_photo("Am See")
    ana.sends_sticker()
    ana.sends_location()
    ana.edits("Am Fluss", ana.history[2])
    ana.blocks()
    ana.unblocks()
    _, *sent, edited, kicked, member = await updates(bot)
    attached = [type(it.message.effective_attachment).__name__ for it in sent if it.message]
    assert attached == ["Voice", "tuple", "Sticker", "Location"]
    assert [it.message.caption for it in sent if it.message] == [None, "Am See", None, None]
    assert edited.edited_message
    assert edited.edited_message.caption == "Am Fluss"
    assert edited.edited_message.edit_date
    changes = [it.my_chat_member for it in (kicked, member) if it.my_chat_member]
    assert [it.new_chat_member.status for it in changes] == ["kicked", "member"]
    assert [it.new_chat_member.user.id for it in changes] == [bot.id, bot.id]


async def test_a_poll_waits_for_what_happens(bot: Bot, ana: Person) -> None:
    (start,) = await updates(bot)
    poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=20))
    ana.says("Hallo")
    assert [it.message.text for it in await poll if it.message] == ["Hallo"]


async def test_only_a_higher_offset_forgets(
    telegram: TelegramStandin, bot: Bot, ana: Person
) -> None:
    ana.says("eins")
    ana.says("zwei")
    first, second, third = await updates(bot)
    assert await updates(bot, first.update_id) == (first, second, third)
    assert telegram.confirmed == []
    assert await updates(bot, third.update_id) == (third,)
    assert telegram.confirmed == [first.update_id, second.update_id]
    assert await updates(bot) == (third,)
    assert await updates(bot, third.update_id + 1000) == (third,)  # taken for a mistake
    assert [it["update_id"] for it in telegram.pending] == [third.update_id]


async def test_a_negative_offset_keeps_the_last(bot: Bot, ana: Person) -> None:
    ana.says("eins")
    ana.says("zwei")
    assert [it.message.text for it in await updates(bot, -2) if it.message] == ["eins", "zwei"]
    assert len(await updates(bot)) == 2


async def test_limit_and_drop_pending(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    for number in range(120):
        ana.says(str(number))
    assert len(await bot.get_updates(limit=2, timeout=0)) == 2
    assert len(await updates(bot)) == 100
    assert (await bot.get_webhook_info()).pending_update_count == 121
    await bot.delete_webhook(drop_pending_updates=True)
    assert (telegram.pending, len(telegram.confirmed)) == ([], 121)


async def test_a_second_poll_ends_the_first(telegram: TelegramStandin, bot: Bot, api: Api) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.until(lambda: len(telegram.calls) == 2)
    second = asyncio.create_task(api("getUpdates", timeout=20))
    with pytest.raises(Conflict, match="make sure that only one bot instance is running"):
        await first
    telegram.person("Ben").says("/start")
    assert len((await second)["result"]) == 1


async def test_a_client_that_dies_loses_nothing(
    telegram: TelegramStandin, bot: Bot, api: Api
) -> None:
    dying = asyncio.create_task(api("getUpdates", timeout=20))
    await telegram.until(lambda: len(telegram.calls) == 2)
    dying.cancel()
    await asyncio.wait([dying])
    telegram.person("Ben").says("/start")
    assert len(await updates(bot)) == 1


async def test_a_poll_ends_when_nothing_happens(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_allowed_updates_hold_from_then_on(
    telegram: TelegramStandin, bot: Bot, ana: Person
) -> None:
    await bot.get_updates(allowed_updates=["callback_query"], timeout=0)
    ana.says("Hallo?")
    assert [list(update)[1] for update in telegram.pending] == ["message"]  # of before: /start
    assert [update["message"]["text"] for update in telegram.dropped] == ["Hallo?"]
    await bot.get_updates(allowed_updates=[], timeout=0)
    ana.says("Hallo!")
    assert len(telegram.pending) == 2


async def test_redelivery(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    (start,) = await updates(bot)
    assert await updates(bot, start.update_id + 1) == ()
    assert telegram.redeliver() == start.update_id
    ana.says("Hallo")
    again, hello = await updates(bot, start.update_id + 1)
    assert again == start
    assert telegram.redeliver(hello.update_id) == hello.update_id  # waits anyway
    assert await updates(bot) == (hello,)


# Chats


async def test_whom_a_bot_can_write_to(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    stranger = telegram.person("Ben", id=77)
    for unknown in (stranger.id, 4711, "@ana_h"):
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(unknown, "Hallo")
    assert (await bot.get_chat(ana.id)).username == "ana_h"
    ana.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ana.id, "Hallo")
    ana.unblocks()
    await bot.send_message(ana.id, "Hallo")
    ana.deactivates()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(ana.id, "Hallo")
    with pytest.raises(AssertionError, match="Ana is deactivated"):
        ana.says("Hallo")


async def test_groups(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    group = telegram.group("Tandem 7", ana)
    asked = await bot.send_message(group.id, "Wann?", reply_markup=keyboard("Jetzt"))
    ana.says("unter uns", to=group)
    ana.says("/hilfe@tandem_test_bot", to=group)
    ana.says("/hilfe@other_bot", to=group)
    ana.says("Dienstag", to=group, answering=group.last)
    ana.presses("Jetzt", to=group)
    *_, command, answer, press = telegram.pending
    assert command["message"]["text"] == "/hilfe@tandem_test_bot"
    assert answer["message"]["reply_to_message"]["message_id"] == asked.message_id
    assert press["callback_query"]["message"]["chat"]["id"] == group.id

    new = group.migrate()
    with pytest.raises(ChatMigrated) as error:
        await bot.send_message(group.id, "Hallo")
    assert error.value.new_chat_id == new.id < -(10**12)
    await bot.send_message(new.id, "Hallo")
    old, moved = [it.message for it in (await updates(bot))[-2:] if it.message]
    assert (old.chat.id, old.migrate_to_chat_id) == (group.id, new.id)
    assert (moved.chat.id, moved.migrate_from_chat_id) == (new.id, group.id)
    new.removes_bot()
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(new.id, "Hallo")


# Messages


async def test_a_message_comes_back_as_it_was_read(bot: Bot, ana: Person) -> None:
    html = (
        f"<b>Hallo</b> &amp; <a href='tg://user?id={ana.id}'>Ana</a><a href='tg://user?id=1'>?</a> "
    )
    sent = await bot.send_message(ana.id, html, ParseMode.HTML, reply_parameters=ReplyParameters(1))
    assert sent.text == ana.last.text == "Hallo & Ana?"
    assert [entity.type for entity in sent.entities] == ["bold", "text_mention"]
    assert sent.entities[1].user
    assert sent.entities[1].user.first_name == "Ana"
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "/start"
    assert (ana.last.html, ana.last.entities[0]["length"]) == (html, 5)


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "ü" * 4097}, "message is too long"),
        ({"text": "👋" * 2049}, "message is too long"),
        ({"text": f"<b>{'x' * 4097}</b>", "parse_mode": "HTML"}, "message is too long"),
        ({"text": "x" * 32769}, "text is too long"),
        ({"text": "<br>", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
        ({"text": "x", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "reply_parameters": {"message_id": 9}}, "message to be replied not found"),
    ],
)
async def test_wrong_messages(api: Api, ana: Person, params: Json, error: str) -> None:
    answer = await api("sendMessage", **{"chat_id": ana.id} | params)
    assert answer["description"].startswith(f"Bad Request: {error}")
    assert ana.messages == []


async def test_the_longest_message(bot: Bot, ana: Person) -> None:
    await bot.send_message(ana.id, f" <b>{'👋' * 2048}</b> ", ParseMode.HTML)
    assert ana.last.text == "👋" * 2048


async def test_edits(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(ana.id, "Kennenlernen?", reply_markup=keyboard("Gern"))
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await sent.edit_text("Kennenlernen?", reply_markup=keyboard("Gern"))
    edited = await sent.edit_text("Schön.")
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup, bool(edited.edit_date)) == ("Schön.", None, True)
    assert (ana.last.buttons, ana.last.edits, len(ana.messages)) == ([], 1, 1)
    await bot.edit_message_reply_markup(
        ana.id, sent.message_id, reply_markup=keyboard("Doch nicht")
    )
    assert (ana.last.labels, ana.last.text) == (["Doch nicht"], "Schön.")


@pytest.mark.parametrize(
    ("message_id", "error"),
    [
        (0, "message to edit not found"),
        (1, "message can't be edited"),  # the person's own
        (2, "message can't be edited"),  # with a keyboard
        (3, "there is no text in the message to edit"),
        (4, "message to edit not found"),  # deleted
        (5, "inline keyboard expected"),
    ],
)
async def test_wrong_edits(bot: Bot, ana: Person, api: Api, message_id: int, error: str) -> None:
    await bot.send_message(ana.id, "Ja?", reply_markup=ReplyKeyboardMarkup([["Ja"]]))
    await bot.send_document(ana.id, b"BEGIN:VCALENDAR", filename="termin.ics")
    await (await bot.send_message(ana.id, "weg")).delete()
    await bot.send_message(ana.id, "Text")
    params = {"chat_id": ana.id, "message_id": message_id, "text": "Neu"}
    answer = await api("editMessageText", **params, reply_markup={"remove_keyboard": True})
    if message_id < 5:
        answer = await api("editMessageText", **params)
    assert answer["description"] == f"Bad Request: {error}"


async def test_deleting(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    group = telegram.group("Tandem 7", ana)
    await bot.send_message(ana.id, "weg")
    ana.says("/hilfe", to=group)
    assert await bot.delete_message(ana.id, 2)
    assert await bot.delete_message(ana.id, 1)  # in a private chat also the person's
    assert ana.messages == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(ana.id, 2)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, 1)
    await bot.send_message(ana.id, "bleibt")
    telegram.passes(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(ana.id, 3)


async def test_documents(bot: Bot, ana: Person) -> None:
    sent = await bot.send_document(
        ana.id, b"BEGIN:VCALENDAR", "<b>Dienstag</b>", parse_mode="HTML", filename="termin.ics"
    )
    assert ana.last.document == Document("termin.ics", b"BEGIN:VCALENDAR", "text/calendar")
    assert (ana.last.text, ana.last.entities[0]["type"]) == ("Dienstag", "bold")
    assert sent.document
    assert (sent.caption, sent.document.file_size) == ("Dienstag", 15)
    again = await bot.send_document(ana.id, sent.document.file_id)
    assert again.document
    assert again.document.file_name == "termin.ics"
    await sent.edit_reply_markup(keyboard("Absagen"))
    assert ana.messages[0].labels == ["Absagen"]


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, "there is no document in the request"),
        ({"document": "https://example.org/a.ics"}, "wrong file identifier/HTTP URL specified"),
        ({"content": b""}, "file must be non-empty"),
        ({"content": b"x", "caption": "x" * 1025}, "message caption is too long"),
    ],
)
async def test_wrong_documents(
    telegram: TelegramStandin, ana: Person, params: Json, error: str
) -> None:
    form = aiohttp.FormData({"chat_id": str(ana.id)}, default_to_multipart=True)
    for name, value in params.items():
        if isinstance(value, bytes):
            form.add_field("document", "attach://it")
            form.add_field("it", value, filename="a.ics")
        else:
            form.add_field(name, value)
    url = f"{telegram.url}/bot{telegram.token}/sendDocument"
    async with aiohttp.request("POST", url, data=form) as response:
        assert (await response.json())["description"] == f"Bad Request: {error}"


async def test_chat_actions(api: Api, ana: Person) -> None:
    assert (await api("sendChatAction", chat_id=ana.id, action="typing"))["ok"]
    answer = await api("sendChatAction", chat_id=ana.id, action="dancing")
    assert answer["description"] == "Bad Request: wrong parameter action in request"


# Buttons


async def test_a_press_is_answered_once(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    await bot.send_message(ana.id, "Kennenlernen?", reply_markup=keyboard("Gern", "Lieber nicht"))
    press = ana.presses("Gern")
    query = (await updates(bot))[-1].callback_query
    assert query
    assert query.message
    assert (query.data, query.from_user.id, query.message.message_id) == ("gern", ana.id, 2)
    assert telegram.unanswered == [press]
    with pytest.raises(AssertionError, match="is not answered"):
        await press.answer(timeout=0)
    await query.answer("Schön", show_alert=True)
    assert (await press.answer(), press.alert, telegram.unanswered) == ("Schön", True, [])
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await query.answer()


async def test_answers_have_limits(
    telegram: TelegramStandin, bot: Bot, ana: Person, api: Api
) -> None:
    await bot.send_message(ana.id, "Kennenlernen?", reply_markup=keyboard("Gern"))
    query = ana.presses(0).id
    expired = "query is too old and response timeout expired or query ID is invalid"

    async def why(query: str, **params: str) -> str:
        answer = await api("answerCallbackQuery", callback_query_id=query, **params)
        return str(answer["description"]).removeprefix("Bad Request: ")

    assert await why(query, text="x" * 201) == "MESSAGE_TOO_LONG"
    assert await why(query, url="https://example.org") == "URL_INVALID"
    assert await why("4711") == expired
    telegram.passes(15)
    assert await why(query) == expired


async def test_people_press_only_what_is_there(bot: Bot, ana: Person) -> None:
    with pytest.raises(AssertionError, match="there are:\n  none"):
        ana.presses("Gern")
    await bot.send_message(ana.id, "Alt", reply_markup=keyboard("Gern", "Nie"))
    await bot.send_message(ana.id, "Neu", reply_markup=keyboard("Gern"))
    with pytest.raises(AssertionError, match=r"No button 'Ja'.*\n.*#3: \[Gern\]\n.*#2: \[Gern\]"):
        ana.presses("Ja")
    assert [ana.presses(it).message.id for it in ("Gern", "Nie", 0)] == [3, 2, 3]
    link = InlineKeyboardButton("Zur Seite", url="https://example.org")
    await bot.send_message(ana.id, "Link", reply_markup=InlineKeyboardMarkup([[link]]))
    with pytest.raises(AssertionError, match="brings nothing to the bot"):
        ana.presses("Zur Seite")


async def test_forged_presses(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    ben = telegram.person("Ben")
    ben.says("/start")
    for person in (ana, ben):
        await bot.send_message(person.id, "Kennenlernen?", reply_markup=keyboard(person.name))
    ben.presses_data("ana")
    ben.presses_data("ana", inaccessible=True)
    with pytest.raises(AssertionError, match="only the person's own chats"):
        ben.presses_data("ana", ana.last)
    queries = [it.callback_query for it in (await updates(bot))[-2:]]
    forged, hidden = [(it.data, it.message) for it in queries if it]
    assert forged[1]
    assert hidden[1]
    assert (forged[0], forged[1].chat.id, forged[1].is_accessible) == ("ana", ben.id, True)
    assert (hidden[0], hidden[1].chat.id, hidden[1].is_accessible) == ("ana", ben.id, False)


async def test_a_number_is_asked_for_in_private_and_sent_with_its_key(
    telegram: TelegramStandin, bot: Bot
) -> None:
    ana, ben = telegram.person("Ana"), telegram.person("Ben")
    ana.says("/start")
    group = telegram.group("Runde", ana)
    asking = ReplyKeyboardMarkup([[KeyboardButton("Meine Nummer", request_contact=True)], ["Nein"]])
    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(group.id, "Nummer?", reply_markup=asking)
    with pytest.raises(AssertionError, match="not asked for a number"):
        ana.shares_number()
    await bot.send_message(ana.id, "Nummer?", reply_markup=asking)
    ana.shares_number("+49 170 1")
    ana.sends_contact(ben)
    mine, theirs = (update.message for update in (await bot.get_updates())[-2:])
    assert mine is not None
    assert theirs is not None
    assert [m.contact and m.contact.user_id for m in (mine, theirs)] == [ana.id, ben.id]
    await bot.send_message(ana.id, "Danke", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(AssertionError, match="not asked for a number"):
        ana.shares_number()


async def test_a_start_link_brings_the_bot_into_a_group(
    telegram: TelegramStandin, bot: Bot
) -> None:
    ana = telegram.person("Ana")
    group = telegram.founds_group(ana, "https://t.me/tandem_test_bot?startgroup=abc", "Runde")
    added, said = await bot.get_updates()
    assert added.my_chat_member is not None
    assert said.message is not None
    assert (said.message.text, said.message.chat.id) == ("/start@tandem_test_bot abc", group.id)
    with pytest.raises(BadRequest, match="ot enough rights"):
        await bot.create_chat_invite_link(group.id)
    group.promotes_bot()
    assert (await bot.create_chat_invite_link(group.id)).invite_link.startswith("https://t.me/+")
    with pytest.raises(AssertionError, match="adds no bot"):
        telegram.founds_group(ana, "https://t.me/tandem_test_bot?start=abc", "Falsch")


async def test_buttons_to_people(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    ben = telegram.person("Ben")
    button = InlineKeyboardButton("Ben", url=f"tg://user?id={ben.id}")
    with pytest.raises(BadRequest, match="Button_user_invalid"):
        await bot.send_message(ana.id, "Ben", reply_markup=InlineKeyboardMarkup([[button]]))
    ben.says("/start")
    await bot.send_message(ana.id, "Ben", reply_markup=InlineKeyboardMarkup([[button]]))
    ben.hides_profile()
    with pytest.raises(BadRequest, match="Button_user_privacy_restricted"):
        await bot.send_message(ana.id, "Ben", reply_markup=InlineKeyboardMarkup([[button]]))


# What people see


async def test_a_person_reads_forwards(bot: Bot, ana: Person) -> None:
    first = await bot.send_message(ana.id, "Hallo Ana")
    await bot.send_message(ana.id, "Womit beginnen wir?")
    assert (await ana.sees("Hallo")).id == 2
    assert (await ana.sees(lambda it: it.text.endswith("?"))).id == 3
    mark = ana.mark
    with pytest.raises(AssertionError) as error:
        await ana.sees("Hallo", timeout=0.01)
    said, hint, *screen = str(error.value).splitlines()
    assert said == "Ana doesn't see 'Hallo' within 0.01 s."
    assert hint == "Message #2 would do, but was passed already."
    assert screen == ana.screen().splitlines()
    assert (await ana.sees("Hallo", anywhere=True)).id == 2
    await first.edit_text("Hallo Ana!")
    assert (await ana.sees("Hallo", after=mark)).edits == 1
    later = asyncio.create_task(ana.sees("später"))
    await bot.send_message(ana.id, "Bis später")
    assert await later is ana.last


async def test_an_edit_hides_nothing_from_a_reader(bot: Bot, ana: Person) -> None:
    message = await bot.send_message(ana.id, "Moment")
    await message.edit_text("Fertig")
    assert (await ana.sees("Moment")).text == "Fertig"
    assert (await ana.sees("Fertig")).edits == 1


async def test_the_screen(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    await bot.send_message(ana.id, "Hallo\nAna", reply_markup=keyboard("Gern"))
    gone = await bot.send_message(ana.id, "weg", reply_markup=ReplyKeyboardMarkup([["Ja", "Nein"]]))
    await gone.delete()
    ana.sends_voice()
    assert ana.keyboard == [["Ja", "Nein"]]
    assert ana.screen().splitlines() == [
        f"── Ana ({ana.id}) ──",
        "  #1 Ana > /start",
        "  #2 Tandem < Hallo",
        "        Ana",
        "        [Gern]",
        "  #3 Tandem < (deleted) weg",
        "  #4 Ana > (voice)",
        "  keyboard: [Ja] [Nein]",
    ]
    with pytest.raises(AssertionError, match="It didn't come true"):
        await telegram.until(lambda: False, timeout=0.01)


# Commands and descriptions


async def test_commands(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "Anfangen")], language_code="de")
    assert telegram.menu(ana) == [("start", "Anfangen")]
    scope = BotCommandScopeChat(ana.id)
    await bot.set_my_commands([("pause", "Aussetzen")], scope=scope)
    assert telegram.menu(ana) == [("pause", "Aussetzen")]
    assert [it.command for it in await bot.get_my_commands(scope=scope)] == ["pause"]
    await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()
    assert telegram.menu(telegram.person("Ben")) == [("start", "Begin")]


@pytest.mark.parametrize(
    ("commands", "error"),
    [
        ([("Start", "x")], "BOT_COMMAND_INVALID"),
        ([("x" * 33, "x")], "BOT_COMMAND_INVALID"),
        ([("", "x")], "BOT_COMMAND_INVALID"),
        ([("start", " ")], "description must be non-empty"),
        ([("start", "x" * 257)], "description length must not exceed 256"),
        ([(f"c{number}", "x") for number in range(101)], "BOT_COMMANDS_TOO_MUCH"),
        ([(f"c{number}", "x" * 200) for number in range(50)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_wrong_commands(api: Api, commands: list[tuple[str, str]], error: str) -> None:
    listed = [{"command": name, "description": description} for name, description in commands]
    assert error in (await api("setMyCommands", commands=listed))["description"]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("language_code", "deu", "invalid language code"),
        ("scope", {"type": "everybody"}, "Unsupported type"),
        ("scope", {"type": "chat", "chat_id": 4711}, "chat not found"),
    ],
)
async def test_wrong_scopes(api: Api, name: str, value: object, error: str) -> None:
    answer = await api("setMyCommands", commands=[], **{name: value})
    assert error in answer["description"]


async def test_descriptions(telegram: TelegramStandin, bot: Bot) -> None:
    await bot.set_my_description("Lernt zu zweit.", language_code="de")
    await bot.set_my_short_description("Tandems")
    assert telegram.descriptions == {
        ("description", "de"): "Lernt zu zweit.",
        ("short_description", ""): "Tandems",
    }
    with pytest.raises(BadRequest):
        await bot.set_my_description("x" * 513)
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("x" * 121)


# Limits and faults


async def test_a_chat_takes_a_burst_and_then_one_a_second(
    telegram: TelegramStandin, bot: Bot, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it, a RetryAfter warns about itself
    telegram.limits = True
    for number in range(5):
        await bot.send_message(ana.id, str(number))
    with pytest.raises(RetryAfter):
        await bot.send_message(ana.id, "zu viel")
    telegram.passes(5)
    await bot.send_message(ana.id, "gut")
    assert ana.last.text == "gut"


async def test_thirty_a_second_overall(telegram: TelegramStandin, api: Api) -> None:
    telegram.limits = True
    people = [telegram.person(f"P{number}") for number in range(31)]
    for person in people:
        person.says("/start")
    answers = [await api("sendMessage", chat_id=it.id, text="Hallo") for it in people]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
    assert answers[-1]["parameters"] == {"retry_after": 1}


async def test_twenty_a_minute_in_a_group(telegram: TelegramStandin, api: Api, ana: Person) -> None:
    telegram.limits = True
    group = telegram.group("Tandem 7", ana)
    for _ in range(20):
        assert (await api("sendMessage", chat_id=group.id, text="Hallo"))["ok"]
        telegram.passes(1)
    answer = await api("sendMessage", chat_id=group.id, text="Hallo")
    assert answer["parameters"] == {"retry_after": 40}


async def test_impatience_is_a_problem(telegram: TelegramStandin, api: Api, ana: Person) -> None:
    telegram.fails(TooMany(retry_after=7), "sendMessage", ana)
    for text in ("eins", "zwei"):
        answer = await api("sendMessage", chat_id=ana.id, text=text)
        assert answer["description"] == "Too Many Requests: retry after 7"
        assert answer["parameters"] == {"retry_after": 7}
    assert telegram.problems == [f"sendMessage in chat {ana.id}: called 7.0 s too early"]
    telegram.passes(7)
    assert (await api("sendMessage", chat_id=ana.id, text="drei"))["ok"]
    telegram.problems.clear()


async def test_server_errors(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    script = telegram.fails(ServerError(502), chat=ana, times=2)
    telegram.fails(ServerError(), "sendMessage")
    for error in ("Bad Gateway", "Bad Gateway", "Internal Server Error"):
        with pytest.raises(NetworkError, match=error):
            await bot.send_message(ana.id, "Hallo")
    assert (script.left, ana.messages) == (0, [])
    await bot.send_message(ana.id, "Hallo")


async def test_broken_connections(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    telegram.fails(DropBefore(), "sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(ana.id, "eins")
    assert ana.messages == []
    telegram.fails(LoseAnswer(), "sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(ana.id, "zwei")
    assert [message.text for message in ana.messages] == ["zwei"]


async def test_a_held_answer(telegram: TelegramStandin, bot: Bot, ana: Person) -> None:
    go_on = asyncio.Event()
    script = telegram.fails(HoldAnswer(go_on), "sendMessage", ana)
    with pytest.raises(AssertionError, match="met 0 calls of sendMessage"):
        await script.happens(timeout=0)
    sending = asyncio.create_task(bot.send_message(ana.id, "Hallo"))
    await script.happens()
    assert ana.last.text == "Hallo"
    assert not sending.done()
    go_on.set()
    assert (await sending).text == "Hallo"


async def test_it_ends_at_once_whatever_waits() -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana")
        telegram.fails(HoldAnswer(asyncio.Event()), "sendChatAction")
        async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
            poll = asyncio.create_task(bot.get_updates(timeout=20))
            await telegram.until(lambda: len(telegram.calls) == 2)
            ana.says("/start")
            await poll
            held = asyncio.create_task(bot.send_chat_action(ana.id, "typing"))
            offset = (await poll)[0].update_id + 1
            poll = asyncio.create_task(bot.get_updates(offset=offset, timeout=20))
            await telegram.until(lambda: len(telegram.calls) == 4)
            before = time.monotonic()
            await telegram.__aexit__()
            assert time.monotonic() - before < 0.5
            await asyncio.wait([held, poll])
            assert held.exception() is None
            assert poll.exception() is None
