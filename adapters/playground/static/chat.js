// One person's chat: a column that is made once and then only brought up to date, so that
// focus, scroll position and half-written text stay where they are.

import { act } from "./api.js";
import { make, render } from "./markup.js";
import { show } from "./sheet.js";
import { say } from "./words.js";

const NEAR_END = 80; // pixels: whoever is this close is reading along

export class Chat {
  constructor(person, failed) {
    this.id = person.id;
    this.failed = failed;
    this.busy = false;
    this.waiting = false;
    this.follows = true;
    this.top = 0;
    this.shown = new Map();
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
    this.waiting = this.busy; // what is sent while something is under way goes next
    if (this.waiting) return;
    this.input.value = ""; // at once: a second Enter has nothing left to send
    if (!(await this.do("say", { text }))) this.input.value ||= text;
  }

  async press(message, { handle, label }) {
    const said = await this.do("press", { handle, message, label });
    if (said?.sheet) show(this.id, said.sheet);
  }

  // One action at a time: a double press is one press.
  async do(kind, body) {
    if (this.busy) return null;
    this.setBusy(true);
    this.toEnd();
    try {
      return await act(kind, { person: this.id, ...body });
    } catch (error) {
      this.waiting = false; // what failed is not tried again unasked
      this.failed(error);
      return null;
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(busy) {
    this.busy = busy;
    this.element.classList.toggle("busy", busy);
    for (const button of this.list.querySelectorAll("button")) button.setAttribute("aria-disabled", busy);
    if (!busy && this.waiting) this.speak();
  }

  // Returns whether there is a message that was not there before.
  update(person) {
    this.person = person;
    this.words(person);
    this.forget(person.messages);
    const news = person.messages.filter((message) => this.place(message));
    this.calm();
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

  // A bot started anew on an empty database has other messages.
  forget(messages) {
    const known = new Set(messages.map((message) => message.id));
    for (const [id, { element }] of this.shown) {
      if (known.has(id)) continue;
      element.remove();
      this.shown.delete(id);
    }
  }

  place(message) {
    const drawn = JSON.stringify([message.who, message.text, message.rows]);
    const known = this.shown.get(message.id);
    if (known?.drawn === drawn) return false;
    const element = known?.element ?? this.list.appendChild(make("li", { "data-message": message.id }));
    this.shown.set(message.id, { drawn, element });
    this.keepingFocus(element, () => this.fill(element, message));
    return !known;
  }

  fill(item, message) {
    const own = message.who === "member";
    const text = make("div", { className: "text" }, own ? message.text : render(message.text));
    const rows = message.rows.map((row) => make("div", { className: "row" },
      ...row.map((button) => this.button(message.id, button))));
    item.className = own ? "own" : "bot";
    item.replaceChildren(text);
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
    const button = make("button", { type: "button", "aria-disabled": String(this.busy) }, label);
    button.addEventListener("click", () => this.press(message, { label, handle }));
    return button;
  }

  // Only the newest question asks for attention; older buttons still work.
  calm() {
    const withButtons = [...this.list.children].filter((item) => item.querySelector(".rows"));
    for (const item of withButtons) item.classList.toggle("older", item !== withButtons.at(-1));
  }
}
