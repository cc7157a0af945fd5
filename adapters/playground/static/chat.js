// One person's chat: a column that is made once and then only brought up to date, so that
// focus, scroll position and half-written text stay where they are.

import { act } from "./api.js";
import { make, render } from "./markup.js";
import { show } from "./sheet.js";
import { moment, say } from "./words.js";

const NEAR_END = 80; // pixels: whoever is this close is reading along
const ANSWER = 3000; // milliseconds: what is said so soon after a press answers it
const PAUSE = 15 * 60 * 1000; // after so long, it is said when the next message came

export class Chat {
  constructor(person, failed) {
    this.id = person.id;
    this.failed = failed;
    this.under = 0; // actions on their way or waiting
    this.turn = Promise.resolve();
    this.pressed = new Set();
    this.latest = 0;
    this.follows = true;
    this.answered = 0; // until when news are an answer to a press
    this.top = 0;
    this.shown = new Map();
    this.passing = []; // what is here only, until the page is loaded again
    this.list = make("ol");
    this.log = make("div", { className: "log", role: "log", "aria-live": "polite", tabIndex: 0 }, this.list);
    this.input = make("textarea", { rows: 1, id: `say-${person.id}` });
    this.blocks = make("button", { className: "quiet", type: "button" });
    this.element = this.build(person);
    this.connect();
  }

  build(person) {
    this.label = make("label", { htmlFor: this.input.id, className: "hidden" });
    this.state = make("span", { className: "state" });
    this.sends = make("button", { className: "send", type: "submit" });
    this.form = make("form", { className: "say" }, this.label, this.input, this.sends);
    const initial = make("span", { className: "face", "aria-hidden": "true" }, person.name[0]);
    const name = make("span", {}, person.name, make("small", {}, person.language.toUpperCase()));
    const title = make("h2", {}, initial, make("span", { className: "named" }, name, this.state));
    const head = make("header", {}, title, this.blocks);
    const about = { id: `chat-${person.id}`, className: "chat", "data-person": person.id, "aria-label": person.name };
    return make("section", about, head, this.log, this.form);
  }

  connect() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.speak();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.speak();
    });
    this.blocks.addEventListener("click", () => this.do("block", { blocked: !this.person.blocked }));
    this.log.addEventListener("scroll", () => this.watch());
    const resized = new ResizeObserver(() => this.keepUp());
    for (const box of [this.log, this.list]) resized.observe(box);
  }

  async speak() {
    const text = this.input.value;
    if (!text.trim()) return;
    this.input.value = ""; // at once: a second Enter has nothing left to send
    this.toEnd();
    const said = await this.do("say", { text });
    if (!said) this.input.value ||= text;
    if (said?.crisis) this.pass(text, said.crisis);
  }

  async press(message, { handle, label }) {
    if (this.person.blocked || this.pressed.has(handle)) return; // a double press is one press
    this.pressed.add(handle);
    this.answered = Infinity;
    const said = await this.do("press", { handle, message, label });
    this.pressed.delete(handle);
    this.answered = Date.now() + ANSWER;
    if (said?.sheet) show(this.person, said.sheet);
    if (said?.crisis) this.pass(label, said.crisis);
  }

  // The page of professional contacts is only here: nothing of it is kept anywhere.
  pass(asked, page) {
    const own = make("li", { className: "own" }, make("div", { className: "text" }, asked));
    const text = make("div", { className: "text" }, render(page));
    const answer = make("li", { className: "bot" }, text);
    this.list.append(own, answer);
    this.passing.push(own, answer);
    this.follows = false; // it is read from its beginning
    own.scrollIntoView({ block: "start" });
  }

  // One after the other: who ticks two days in a hurry means both.
  do(kind, body) {
    this.working(1);
    this.turn = this.turn.then(() => this.attempt(kind, body));
    return this.turn;
  }

  async attempt(kind, body) {
    try {
      return await act(kind, { person: this.id, ...body });
    } catch (error) {
      this.failed(error);
      return null;
    } finally {
      this.working(-1);
    }
  }

  working(more) {
    this.under += more;
    this.element.classList.toggle("busy", this.under > 0);
  }

  // Returns whether there is a message that was not there before.
  update(person, zone) {
    this.person = person;
    this.words(person);
    this.forget(person.messages);
    const news = person.messages.filter((message) => this.place(message));
    for (const time of this.list.querySelectorAll("time")) this.date(time, zone);
    this.calm();
    if (news.length && Date.now() < this.answered) this.follows = true; // a page turned stays in view
    this.keepUp();
    return news.length > 0;
  }

  words({ name, blocked }) {
    this.log.setAttribute("aria-label", say("chat", { name }));
    this.label.textContent = say("wrote", { name });
    this.input.placeholder = say("placeholder");
    this.sends.textContent = say("send");
    this.blocks.textContent = say(blocked ? "unblock" : "block");
    this.state.textContent = blocked ? say("blocked") : "";
    this.input.disabled = this.sends.disabled = blocked;
  }

  // Only scrolling up is leaving: the end also moves away when messages or columns come in.
  watch() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    if (!clientHeight) return;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_END;
    this.follows = near || (this.follows && scrollTop >= this.top);
    this.top = scrollTop;
  }

  keepUp() {
    if (this.follows) this.log.scrollTop = this.log.scrollHeight;
  }

  toEnd() {
    this.follows = true;
    this.keepUp();
  }

  // Who has their data deleted has an empty screen, and so has a bot on an empty database.
  forget(messages) {
    const known = new Set(messages.map((message) => message.id));
    const gone = [...this.shown].filter(([id]) => !known.has(id));
    for (const [id, { element, time }] of gone) {
      element.remove();
      time?.remove();
      this.shown.delete(id);
    }
    if (gone.length) for (const item of this.passing.splice(0)) item.remove();
    if (!this.shown.size) this.latest = 0;
  }

  place(message) {
    const saves = message.file && say("download", { name: message.file });
    const drawn = JSON.stringify([message.who, message.text, message.rows, saves]);
    const known = this.shown.get(message.id);
    if (known?.drawn === drawn) return false;
    const time = known ? known.time : this.pause(message);
    const element = known?.element ?? this.list.appendChild(make("li", { "data-message": message.id }));
    this.shown.set(message.id, { drawn, element, time });
    this.keepingFocus(element, () => this.fill(element, message));
    return !known;
  }

  // The clock is moved here, so it matters when something was said.
  pause({ at }) {
    const since = Date.parse(at) - this.latest;
    this.latest = Date.parse(at);
    if (since < PAUSE) return null;
    return this.list.appendChild(make("li", { className: "when" }, make("time", { dateTime: at })));
  }

  // Only what changes is written: anything written into a log is read out.
  date(time, zone) {
    const words = moment(time.dateTime, zone);
    if (time.textContent !== words) time.textContent = words;
  }

  fill(item, message) {
    const own = message.who === "member";
    const text = make("div", { className: "text" }, own ? message.text : render(message.text));
    const rows = message.rows.map((row) => make("div", { className: "row" },
      ...row.map((button) => this.button(message.id, button))));
    item.className = own ? "own" : "bot";
    item.replaceChildren(text);
    if (message.file) rows.push(make("div", { className: "row" }, this.link(message)));
    if (rows.length) item.append(make("div", { className: "rows" }, ...rows));
  }

  // A pressed button may come back with a tick, or be gone: then the answer is typed or the
  // next question's buttons are one step back. Only for the keyboard: on a phone it would come up.
  keepingFocus(item, change) {
    const focused = item.contains(document.activeElement) ? document.activeElement : null;
    const place = [...item.querySelectorAll("button")].indexOf(focused);
    const byKeyboard = focused?.matches(":focus-visible");
    change();
    if (place < 0) return;
    const button = item.querySelectorAll("button")[place];
    if (button) button.focus({ preventScroll: true });
    else if (byKeyboard) this.input.focus({ preventScroll: true });
  }

  button(message, { label, handle }) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => this.press(message, { label, handle }));
    return button;
  }

  // Made when it is asked for, so it is a link to the server and not kept in the page.
  link({ id, file }) {
    return make("a", { href: `/files/${id}`, download: file }, say("download", { name: file }));
  }

  // Only the newest question asks for attention; older buttons still work.
  calm() {
    const withButtons = [...this.list.children].filter((item) => item.querySelector(".rows"));
    for (const item of withButtons) item.classList.toggle("older", item !== withButtons.at(-1));
  }
}
