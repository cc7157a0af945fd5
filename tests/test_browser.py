"""The playground as a newcomer uses it, in a real headless Chromium."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect

from adapters.playground.app import Playground
from bot.engine.house import House
from bot.service import Service
from bot.store.database import open_engine
from tests.house import living
from tests.stage import HOUSE
from tests.test_files import NAME, post, whole
from tests.test_playground import SCREENED
from tests.test_telegram import GOAL

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAPTOP = {"width": 1280, "height": 800}
expect.set_options(timeout=30_000)  # the machine may be busy
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed on this machine"),
]


@asynccontextmanager
async def open_page(
    folder: Path,
    *,
    locale: str = "de-DE",
    viewport: dict[str, int] = LAPTOP,
    house: House = HOUSE,
) -> AsyncIterator[Page]:
    """A fresh house with a playground, and its page; nothing may go wrong in the console."""
    built: list[Playground] = []
    store = open_engine(f"sqlite:///{folder}/house.db")

    def build(service: Service) -> Playground:
        built.append(Playground(service, store, "127.0.0.1", 0, clock_moves=True, language="de"))
        return built[0]

    async with living(folder, build, house=house), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page, complaints = await _page(browser, locale, viewport)
            await page.goto(built[0].url)
            yield page
            assert complaints == []
        finally:
            await browser.close()
    store.dispose()


async def _page(browser: Browser, locale: str, viewport: dict[str, int]) -> tuple[Page, list[str]]:
    context = await browser.new_context(locale=locale, viewport=viewport)  # type: ignore[arg-type]  # width and height
    page, complaints = await context.new_page(), list[str]()
    page.set_default_timeout(30_000)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def chat(page: Page, person: str) -> Locator:
    return page.locator(f'section[data-person="{person}"]')


async def press(where: Locator, label: str) -> None:
    await where.get_by_role("button", name=label, exact=True).last.click()


async def say(where: Locator, text: str, then: str) -> None:
    box = where.locator("textarea")
    await box.fill(text)
    await box.press("Enter")
    await sees(where, then)


async def sees(where: Locator, text: str) -> None:
    await expect(where.locator("li.bot", has_text=text).last).to_be_visible()


async def joins(where: Locator, offers: str, seeks: str) -> None:
    await sees(where, "Ich bin Tandem")
    await press(where, "Los geht’s")
    await sees(where, "Einwilligung")
    await press(where, "Ja, einverstanden")
    await sees(where, "Zwei Dinge sind freiwillig")
    await press(where, "Lerntagebuch")
    await expect(where.get_by_role("button", name="✓ Lerntagebuch")).to_be_visible()
    await press(where, "Weiter")
    await sees(where, "Was kannst du gut")
    for topics, then in ((offers, "Wobei wünschst"), (seeks, "erreichen")):
        await say(where, topics, "Notiert")
        await expect(where.get_by_role("button", name=f"✓ {topics}")).to_be_visible()
        await press(where, "Weiter")
        await sees(where, then)
    await say(where, GOAL, "An welchen Tagen")
    await press(where, "Dienstag")
    await expect(where.get_by_role("button", name="✓ Dienstag")).to_be_visible()
    await press(where, "Donnerstag")
    await expect(where.get_by_role("button", name="✓ Donnerstag")).to_be_visible()
    await press(where, "Weiter")
    await sees(where, "Tageszeiten")
    await say(where, "abends", "Nach welcher Uhr")
    await press(where, "Berlin stimmt")
    await sees(where, "Stimmt alles so")
    await press(where, "Stimmt so")
    await sees(where, "Dein Profil ist gespeichert")


async def times(where: Locator) -> list[str]:
    """When something was said, as the chat shows it between the messages."""
    return await where.locator("li.when").all_inner_texts()


async def introduced(page: Page) -> tuple[Locator, Locator]:
    await page.locator("#start-two").click()
    ana, ben = chat(page, "p1"), chat(page, "p2")
    await joins(ana, "Singen", "Kochen")
    await joins(ben, "Kochen", "Singen")
    for one in (ana, ben):
        await sees(one, "Ein Vorschlag für dich")
        await press(one, "Kennenlernen")
    for one, label in ((ana, "@ana zeigen"), (ben, "@ben zeigen")):
        await sees(one, "Womit darf")
        await press(one, label)
    await sees(ana, "Zeit zum Kennenlernen")
    await sees(ben, "Zeit zum Kennenlernen")
    return ana, ben


async def test_a_newcomer_plays_a_whole_tandem(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        ana, ben = await introduced(page)
        await press(ana, "Di, 3.11., 18:00 Uhr")
        await sees(ben, "schlägt vor")
        await press(ben, "Passt")
        await sees(ana, "Abgemacht")
        for words in ("eure Tandem-Zeit", "Gleich geht es los", "Wie möchtest du weitermachen?"):
            await page.locator("#clock-next").click()
            await sees(ana, words)
        for one in (ana, ben):
            await press(one, "Weitermachen")
        await sees(ana, "Wie schön!")
        await say(ana, "/termin", "Wann passt dir ein Treffen")
        await press(ana, "Di, 10.11., 18:00 Uhr")
        await sees(ben, "schlägt vor: Di, 10.11.")
        await press(ben, "Passt")
        await sees(ana, "Abgemacht: Di, 10.11.")
        for words in (
            "Eure Vereinbarung wartet noch",
            "10.11., 18:00 Uhr: eure Tandem-Zeit",
            "10.11., 18:00 Uhr: Gleich",
            "Wie war",
        ):
            await page.locator("#clock-next").click()
            await sees(ana, words)
        await press(ana, "Kurz zurückblicken")
        sheet = page.locator("#sheet")
        await sheet.get_by_label("Ja").check()
        await sheet.get_by_role("button", name="Weiter").click()
        await sheet.get_by_label("4").check()
        await sheet.get_by_label("Was ist dein nächster Schritt").fill("Eine Strophe üben")
        await sheet.get_by_role("button", name="Fertig").click()
        await sees(ana, "Dein nächster Schritt: Eine Strophe üben")
        await expect(sheet).to_be_hidden()


async def test_a_day_that_passes_is_said_at_its_own_moments(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        ana, ben = await introduced(page)
        await press(ana, "Di, 3.11., 18:00 Uhr")
        await sees(ben, "schlägt vor")
        await press(ben, "Passt")
        await sees(ana, "Abgemacht")
        await page.locator("#clock-day").click()
        await expect(page.locator("#now")).to_have_text("Di, 3. Nov. 2026, 09:00")
        await page.locator("#clock-day").click()
        await sees(ben, "Wie möchtest du weitermachen?")
        shown = ["Mo, 2.11., 09:00", "Mo, 2.11., 17:00", "Di, 3.11., 17:30", "Di, 3.11., 19:05"]
        assert (await times(ana), await times(ben)) == (shown, shown)


async def test_professional_contacts_come_at_once_and_are_not_kept(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        ana = chat(page, "p1")
        await sees(ana, "Ich bin Tandem")
        await say(ana, "/hilfe", "Ich bringe Menschen zum")
        await press(ana, "Mir geht es nicht gut")
        await sees(ana, "0800 111 0 111")
        await expect(ana.locator("li.own").last).to_have_text("Mir geht es nicht gut")
        await say(ana, "/tandem", "Ich bin Tandem")
        await say(ana, "Notfall", "0800 111 0 111")
        await expect(ana.locator("li.bot", has_text="0800 111 0 111")).to_have_count(2)
        await page.reload()
        await sees(ana, "Ich bin Tandem")
        await expect(ana.locator("li.bot", has_text="0800 111 0 111")).to_have_count(0)


async def test_who_deletes_their_data_has_an_empty_chat(tmp_path: Path) -> None:
    async with open_page(tmp_path, house=SCREENED) as page:
        await page.locator("#start-two").click()
        ana = chat(page, "p1")
        await sees(ana, "Ich bin Tandem")
        await say(ana, "Notfall", "0800 111 0 111")
        await say(ana, "/daten", "Deine Daten")
        await press(ana, "Alles löschen")
        await sees(ana, "Wirklich alles löschen?")
        await press(ana, "Endgültig löschen")
        await sees(ana, "Deine Daten sind gelöscht.")
        await expect(ana.locator("li:not(.when)")).to_have_count(1)
        await expect(chat(page, "p2").locator("li.bot")).to_have_count(1)
        await say(ana, "hallo", "Ich bin Tandem")
        await expect(ana.locator("li:not(.when)")).to_have_count(3)


async def test_a_file_is_downloaded_from_its_message(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        ana = chat(page, "p1")
        await sees(ana, "Ich bin Tandem")
        post(tmp_path)
        await sees(ana, "Deine Daten")
        async with page.expect_download() as downloading:
            await ana.get_by_role("link", name=f"{NAME} herunterladen").click()
        download = await downloading.value
        assert download.suggested_filename == NAME
        assert whole(await asyncio.to_thread(Path(await download.path()).read_bytes))
        await page.locator("#language").click()
        await expect(ana.get_by_role("link", name=f"Download {NAME}")).to_be_visible()


async def test_a_form_says_what_is_missing_and_keeps_what_was_entered(tmp_path: Path) -> None:
    async with open_page(tmp_path, locale="en-GB") as page:
        await page.locator("#add-person").click()
        await page.locator("#person-dialog").get_by_role("button", name="Add a person").click()
        ana = chat(page, "p1")
        await sees(ana, "I am Tandem")
        await press(ana, "As a form")
        sheet = page.locator("#sheet")
        await sheet.get_by_label("Yes, I agree").check()
        await sheet.get_by_role("button", name="Continue").click()
        await expect(sheet.get_by_label("Diary")).not_to_be_checked()
        await expect(sheet.get_by_label("Statistics")).not_to_be_checked()
        await sheet.get_by_role("button", name="Continue").click()
        await sheet.get_by_label("What are you good at").fill("Singing")
        await sheet.get_by_role("button", name="Continue").click()
        await expect(sheet.locator(".problem:not(:empty)").first).to_contain_text("Nothing arrived")
        await expect(sheet.get_by_label("What are you good at")).to_have_value("Singing")
        for question, answer in (("support with", "Cooking"), ("achieve", "Sing in a choir")):
            await sheet.get_by_label(question).fill(answer)
        await sheet.get_by_role("button", name="Continue").click()
        await sheet.get_by_label("What exactly do you mean").fill("Alto")
        await sheet.get_by_role("button", name="Continue").click()
        await expect(sheet.get_by_label("how will you notice")).to_be_visible()
        await sheet.get_by_role("button", name="Continue").click()
        for label in ("Tuesday", "Thursday", "Evening", "Berlin"):
            await sheet.get_by_label(label).check()
        await sheet.get_by_role("button", name="Continue").click()
        await expect(sheet).to_contain_text("Sing in a choir")
        await expect(sheet.get_by_label("What is your name?")).to_have_value("Ana")
        for label in ("English", "Weekly", "60 minutes", "By video", "As a pair"):
            await expect(sheet.get_by_label(label)).to_be_checked()
        await sheet.get_by_label("Every two weeks").check()
        await sheet.get_by_role("button", name="Done").click()
        await sees(ana, "Your profile is saved")
        await expect(sheet).to_be_hidden()
        await say(ana, "/profile", "Rhythm: Every two weeks")


async def test_a_form_is_left_with_escape_and_says_whose_it_is(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        ben = chat(page, "p2")
        await sees(ben, "Ich bin Tandem")
        await press(ben, "Als Formular")
        sheet = page.get_by_role("dialog", name="Dein Profil Formular für Ben")
        await expect(sheet).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(sheet).to_be_hidden()
        await press(ben, "Als Formular")
        await expect(sheet).to_be_visible()


async def test_the_keyboard_is_enough(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await expect(page.locator("#start-two")).to_be_visible()  # what is hidden takes no focus
        await page.locator("#start-two").focus()
        await page.keyboard.press("Enter")
        ana = chat(page, "p1")
        await sees(ana, "Ich bin Tandem")
        await ana.get_by_role("button", name="Los geht’s").focus()
        await page.keyboard.press("Enter")
        await sees(ana, "Einwilligung")
        await ana.locator("textarea").focus()
        await page.keyboard.type("ja, einverstanden")
        await page.keyboard.press("Enter")
        await sees(ana, "Zwei Dinge sind freiwillig")
        statistics = ana.get_by_role("button", name="Statistik")
        await statistics.focus()
        await page.keyboard.press("Enter")
        ticked = ana.get_by_role("button", name="✓ Statistik")
        await expect(ticked).to_be_focused()  # though it is another button now
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # "Weiter": the question loses its buttons
        await expect(ana.locator("textarea")).to_be_focused()
        await sees(ana, "Was kannst du gut")
        for text, then in (
            ("Singen", "Notiert"),
            ("weiter", "Wobei wünschst"),
            ("Kochen", "Notiert"),
            ("weiter", "erreichen"),
            (GOAL, "An welchen Tagen"),
        ):
            await page.keyboard.type(text)
            await page.keyboard.press("Enter")
            await sees(ana, then)


async def test_a_phone_shows_one_chat_at_a_time_and_nothing_overflows(tmp_path: Path) -> None:
    async with open_page(tmp_path, viewport=PHONE) as page:
        await page.locator("#start-two").click()
        await sees(chat(page, "p1"), "Ich bin Tandem")
        await page.get_by_role("tab", name=re.compile("Ben")).click()
        await sees(chat(page, "p2"), "Ich bin Tandem")
        await expect(chat(page, "p1")).to_be_hidden()
        for name in ("Cem", "Dana", "Emil", "Fatma"):
            await page.locator("#add-person").click()
            await page.locator("#person-dialog").get_by_role("button", name="hinzufügen").click()
            await sees(chat(page, f"p{'ABCDEF'.index(name[0]) + 1}"), "Ich bin Tandem")
            await expect(page.get_by_role("tab", name=name)).to_be_in_viewport(ratio=0.99)
        await page.reload()  # everybody else has something unread
        await expect(page.locator("#tabs .dot")).to_have_count(5)
        heights = await page.locator("#tabs button").evaluate_all(
            "all => all.map(t => t.offsetHeight)"
        )
        assert len(set(heights)) == 1, "a name and its dot stand in one line"
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]


async def test_what_people_write_is_shown_as_text(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        ana = chat(page, "p1")
        await sees(ana, "Ich bin Tandem")
        await press(ana, "Los geht’s")
        await say(ana, "ja, einverstanden", "Zwei Dinge sind freiwillig")
        await say(ana, "weiter", "Was kannst du gut")
        image = "<img src=x onerror=alert(1)>"
        await say(ana, image, "Notiert")
        await expect(ana.get_by_role("button", name=f"✓ {image}")).to_be_visible()
        await say(ana, "weiter", "Wobei wünschst")
        await say(ana, "</li><b>fett</b>", "Notiert")
        await say(ana, "weiter", "erreichen")
        await ana.get_by_role("button", name="Zurück").last.click()
        await sees(ana, "Wobei wünschst")
        assert await ana.locator("img").count() == 0
        assert await ana.locator("li b", has_text="fett").count() == 0


async def test_who_joins_later_is_in_view_and_nobody_loses_their_place(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        await sees(chat(page, "p2"), "Ich bin Tandem")
        await say(chat(page, "p1"), "/hilfe", "Ich bringe Menschen zum")
        for person in ("p3", "p4", "p5"):
            await page.locator("#add-person").click()
            await page.locator("#person-dialog").get_by_role("button", name="hinzufügen").click()
            await sees(chat(page, person), "Ich bin Tandem")
            await expect(chat(page, person).locator("textarea")).to_be_in_viewport(ratio=1)
        newest = chat(page, "p1").locator("li.bot").last
        await newest.get_by_role("button").last.scroll_into_view_if_needed()
        end = "element => element.scrollHeight - element.scrollTop - element.clientHeight < 80"
        assert await chat(page, "p1").get_by_role("log").evaluate(end)


async def test_who_has_blocked_the_bot_says_nothing_until_they_are_back(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        ana = chat(page, "p1")
        await sees(ana, "Ich bin Tandem")
        await press(ana, "Bot blockieren")
        await expect(ana.locator("textarea")).to_be_disabled()
        await expect(ana.locator(".state")).to_have_text("hat den Bot blockiert")
        await press(ana, "Blockierung aufheben")
        await say(ana, "/hilfe", "Ich bringe Menschen zum")


async def test_a_reload_and_a_language_switch_keep_everything(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        await sees(chat(page, "p1"), "Ich bin Tandem")
        await page.locator("#language").click()
        await expect(page.locator("#clock-day")).to_have_text("+1 day")
        await page.reload()
        await expect(page.locator("#clock-day")).to_have_text("+1 day")
        await sees(chat(page, "p1"), "Ich bin Tandem")


async def test_enter_pressed_twice_sends_once(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        ana, slow = chat(page, "p1"), asyncio.Event()
        await sees(ana, "Ich bin Tandem")

        async def hold(route: Route) -> None:
            await slow.wait()
            await route.continue_()

        await page.route("**/api/say", hold)
        box = ana.locator("textarea")
        await box.fill("/hilfe")
        await box.press("Enter")
        await box.press("Enter")
        slow.set()
        await sees(ana, "Ich bringe Menschen zum")
        await say(ana, "/datenschutz", "Wer was sieht")
        assert await ana.locator("li.own").all_inner_texts() == ["/hilfe", "/datenschutz"]


async def test_a_phone_opens_at_the_newest_message_and_calls_only_others_unread(
    tmp_path: Path,
) -> None:
    async with open_page(tmp_path, viewport=PHONE) as page:
        await page.locator("#start-two").click()
        ana = chat(page, "p1")
        await sees(ana, "Ich bin Tandem")
        await press(ana, "Los geht’s")
        await sees(ana, "Einwilligung")
        await page.reload()
        await expect(ana.locator("li").last).to_be_in_viewport()
        await expect(page.get_by_role("tab", name="Ana", exact=True)).to_be_visible()
        await page.get_by_role("tab", name="Ana", exact=True).press("ArrowRight")
        await expect(chat(page, "p2")).to_be_visible()


async def test_what_is_pressed_in_a_hurry_counts_and_a_double_press_is_one(tmp_path: Path) -> None:
    async with open_page(tmp_path) as page:
        await page.locator("#start-two").click()
        ana, slow = chat(page, "p1"), asyncio.Event()
        await sees(ana, "Ich bin Tandem")

        async def hold(route: Route) -> None:
            await slow.wait()
            await route.continue_()

        await page.route("**/api/press", hold)
        await ana.get_by_role("button", name="Los geht’s").dblclick()
        await press(ana, "Als Formular")
        slow.set()
        await expect(page.locator("#sheet")).to_be_visible()
        await expect(ana.locator("li.bot", has_text="Einwilligung")).to_have_count(1)


async def test_nobody_is_taken_away_from_what_they_write(tmp_path: Path) -> None:
    """Ben is slow to come, and Ana begins meanwhile."""
    async with open_page(tmp_path) as page:
        ana, slow = chat(page, "p1"), asyncio.Event()

        async def hold(route: Route) -> None:
            if "Ben" in str(route.request.post_data):
                await slow.wait()
            await route.continue_()

        await page.route("**/api/people", hold)
        await page.locator("#start-two").click()
        await sees(ana, "Ich bin Tandem")
        await ana.locator("textarea").focus()
        slow.set()
        await sees(chat(page, "p2"), "Ich bin Tandem")
        await expect(page.locator("#start-two")).to_be_enabled()
        await page.keyboard.type("/hilfe")
        await page.keyboard.press("Enter")
        await sees(ana, "Ich bringe Menschen zum")
