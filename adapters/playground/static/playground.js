// The playground: people side by side, and the clock.

import { Offline, act, listen, load } from "./api.js";
import { Chat } from "./chat.js";
import { make } from "./markup.js";
import { prepare } from "./sheet.js";
import { NAMES, current, say, switchLanguage } from "./words.js";

const $ = (selector) => document.querySelector(selector);
const chats = new Map();
const bar = new Map(); // each person's tab
let state = null;
let chosen = null;
let inView = null; // whose tab was brought into view last
let loading = false;
let stale = false;
let moving = false;
let offline = false;

const explain = (error) => (error instanceof Offline ? say("offline") : error.message);

function failed(error) {
  offline = error instanceof Offline;
  notice(explain(error));
}

function notice(words) {
  $("#notice [role=status]").textContent = words;
  $("#notice .closes").hidden = !words;
}

// Several changes at once are one look; a change during a look asks for another.
async function refresh() {
  stale = true;
  if (loading) return;
  loading = true;
  while (stale) {
    stale = false;
    await look();
  }
  loading = false;
}

async function look() {
  try {
    state = await load();
    if (offline) notice(""); // other errors stay until they are read
    offline = false;
    draw();
  } catch (error) {
    failed(error);
  }
}

function draw() {
  words();
  clock();
  leave();
  chosen ??= state.people[0]?.id ?? null;
  for (const person of state.people) {
    const chat = chats.get(person.id) ?? enter(person);
    const news = chat.update(person, state.zone);
    if (news && person.id !== chosen) chat.unread = true;
  }
  const nobody = state.people.length === 0;
  $("#empty").hidden = !nobody;
  $("#people").hidden = nobody;
  tabs();
}

function enter(person) {
  const chat = new Chat(person, failed);
  chats.set(person.id, chat);
  $("#people").append(chat.element);
  if (person.id === chosen) chat.element.scrollIntoView({ inline: "nearest", block: "nearest" });
  const tab = make("button", { type: "button", role: "tab", "aria-controls": chat.element.id });
  tab.addEventListener("click", () => choose(person.id));
  bar.set(person.id, tab);
  $("#tabs").append(tab);
  return chat;
}

// A bot started anew on an empty database knows nobody.
function leave() {
  const here = new Set(state.people.map((person) => person.id));
  for (const id of [...chats.keys()].filter((known) => !here.has(known))) {
    chats.get(id).element.remove();
    bar.get(id).remove();
    chats.delete(id);
    bar.delete(id);
    if (id === chosen) chosen = null;
  }
}

function words() {
  document.documentElement.lang = current();
  for (const element of document.querySelectorAll("[data-words]")) {
    element.textContent = say(element.dataset.words);
  }
  $(".clock").setAttribute("aria-label", say("clock"));
  $("#tabs").setAttribute("aria-label", say("people"));
  $("#language").textContent = say("other");
  $("#language").lang = say("otherCode");
}

function clock() {
  const format = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const locale = current() === "de" ? "de-DE" : "en-GB";
  $("#now").dateTime = state.now;
  const words = new Intl.DateTimeFormat(locale, { ...format, timeZone: state.zone }).format(new Date(state.now));
  $("#now").textContent = words.replace(".,", ","); // "Di, 24. Nov.", as the bot writes it
  for (const button of document.querySelectorAll(".clock button")) button.disabled = !state.clock_moves;
  $("#clock-next").disabled ||= !state.next_moment;
  $("#clock-note").hidden = state.clock_moves;
}

// On a phone there is one chat at a time.
function tabs() {
  $("#tabs").hidden = state.people.length < 2;
  for (const { id, name } of state.people) {
    const [chat, tab] = [chats.get(id), bar.get(id)];
    chat.element.classList.toggle("chosen", id === chosen);
    tab.setAttribute("aria-selected", id === chosen);
    tab.tabIndex = id === chosen ? 0 : -1;
    tab.replaceChildren(name);
    if (chat.unread) tab.append(make("span", { className: "dot" }, make("span", { className: "hidden" }, say("unread"))));
  }
  if (chosen === inView) return; // who looks at the others' tabs is left there
  bar.get(chosen)?.scrollIntoView({ inline: "nearest", block: "nearest" });
  inView = chosen;
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

function step(event) {
  if (!(event.key in STEPS)) return;
  event.preventDefault();
  const ids = [...bar.keys()];
  const wanted = ids.indexOf(chosen) + STEPS[event.key];
  choose(ids[Math.min(Math.max(wanted, 0), ids.length - 1)]);
  bar.get(chosen).focus();
}

function choose(id) {
  chosen = id;
  const chat = chats.get(id);
  if (!chat) return; // not drawn yet: it is chosen when it is
  chat.unread = false;
  tabs();
  chat.element.scrollIntoView({ inline: "nearest", block: "nearest" });
  chat.toEnd();
}

// One move at a time: a double press on "next" is one message.
async function move(by) {
  if (moving) return;
  turning(true);
  try {
    await act("clock", by);
    await refresh();
  } catch (error) {
    failed(error);
  } finally {
    turning(false);
  }
}

// Not disabled, which would take the focus from whoever presses again.
function turning(now) {
  moving = now;
  $(".clock").classList.toggle("busy", now);
  for (const button of document.querySelectorAll(".clock button")) button.setAttribute("aria-disabled", now);
}

async function add(name, language) {
  try {
    const { id } = await act("people", { name, language });
    await refresh();
    return id;
  } catch (error) {
    failed(error);
    return null;
  }
}

function ask() {
  const taken = new Set(state?.people.map((person) => person.name));
  const form = $("#person-dialog form");
  form.elements.name.value = NAMES.find((name) => !taken.has(name)) ?? "";
  form.elements.language.value = current();
  $("#person-dialog").showModal();
  form.elements.name.select();
}

async function startTwo() {
  $("#start-two").disabled = true;
  const ana = await add("Ana", current());
  if (ana) await add("Ben", current());
  $("#start-two").disabled = false;
  const lost = document.activeElement === document.body; // the button is gone
  if (lost) chats.get(ana)?.log.focus(); // but nobody is taken away from what they write
}

$("#clock-hour").addEventListener("click", () => move({ hours: 1 }));
$("#clock-day").addEventListener("click", () => move({ days: 1 }));
$("#clock-next").addEventListener("click", () => move({ to: "next" }));
$("#start-two").addEventListener("click", startTwo);
$("#add-person").addEventListener("click", ask);
$("#person-dialog .closes").addEventListener("click", () => $("#person-dialog").close());
$("#person-dialog form").addEventListener("submit", async ({ target }) => {
  const { name, language } = target.elements;
  const id = await add(name.value, language.value);
  if (id) choose(id);
});
$("#language").addEventListener("click", () => {
  switchLanguage();
  words();
  if (state) draw();
});
$("#tabs").addEventListener("keydown", step);
$("#notice .closes").addEventListener("click", () => notice(""));
words();
prepare(explain);
listen(refresh, () => failed(new Offline()));
