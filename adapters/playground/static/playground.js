// The playground: people side by side, and the clock.

import { act, listen, load } from "./api.js";
import { Chat } from "./chat.js";
import { make } from "./markup.js";
import { prepare } from "./sheet.js";
import { NAMES, current, say, switchLanguage } from "./words.js";

const $ = (selector) => document.querySelector(selector);
const chats = new Map();
let state = null;
let chosen = null;
let loading = false;
let stale = false;

function failed(error) {
  $("#notice").textContent = error instanceof TypeError ? say("offline") : error.message;
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
    $("#notice").textContent = "";
    draw();
  } catch (error) {
    failed(error);
  }
}

function draw() {
  words();
  clock();
  for (const person of state.people) {
    const chat = chats.get(person.id) ?? enter(person);
    const news = chat.update(person);
    if (news && person.id !== chosen) chat.unread = true;
  }
  const nobody = state.people.length === 0;
  $("#empty").hidden = !nobody;
  $("#people").hidden = nobody;
  chosen ??= state.people[0]?.id ?? null;
  tabs();
}

function enter(person) {
  const chat = new Chat(person, failed);
  chats.set(person.id, chat);
  $("#people").append(chat.element);
  return chat;
}

function words() {
  document.documentElement.lang = current();
  for (const element of document.querySelectorAll("[data-words]")) {
    element.textContent = say(element.dataset.words);
  }
  $(".clock").setAttribute("aria-label", say("clock"));
  $("#language").textContent = say("other");
}

function clock() {
  const format = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const locale = current() === "de" ? "de-DE" : "en-GB";
  $("#now").dateTime = state.now;
  $("#now").textContent = new Intl.DateTimeFormat(locale, { ...format, timeZone: state.zone }).format(new Date(state.now));
  for (const button of document.querySelectorAll(".clock button")) button.disabled = !state.clock_moves;
  $("#clock-next").disabled ||= !state.next_moment;
  $("#clock-note").hidden = state.clock_moves;
}

// On a phone there is one chat at a time.
function tabs() {
  const bar = $("#tabs");
  bar.hidden = state.people.length < 2;
  bar.replaceChildren(...state.people.map(({ id, name }) => {
    const chat = chats.get(id);
    chat.element.classList.toggle("chosen", id === chosen);
    const tab = make("button", { type: "button", role: "tab", "aria-selected": String(id === chosen) }, name);
    if (chat.unread) tab.append(make("span", { className: "dot" }, make("span", { className: "hidden" }, say("unread"))));
    tab.addEventListener("click", () => choose(id));
    return tab;
  }));
}

function choose(id) {
  chosen = id;
  const chat = chats.get(id);
  if (!chat) return; // not drawn yet: it is chosen when it is
  chat.unread = false;
  tabs();
  chat.toEnd();
}

async function move(by) {
  try {
    await act("clock", by);
    await refresh();
  } catch (error) {
    failed(error);
  }
}

async function add(name, language) {
  try {
    const { id } = await act("people", { name, language });
    await refresh();
    return id;
  } catch (error) {
    return failed(error);
  }
}

function ask() {
  const taken = new Set(state.people.map((person) => person.name));
  const form = $("#person-dialog form");
  form.elements.name.value = NAMES.find((name) => !taken.has(name)) ?? "";
  form.elements.language.value = current();
  $("#person-dialog").showModal();
  form.elements.name.select();
}

async function startTwo() {
  $("#start-two").disabled = true;
  await add("Ana", current());
  await add("Ben", current());
  $("#start-two").disabled = false;
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
  draw();
});
prepare(failed);
listen(refresh, () => failed(new TypeError()));
