// One person's chat: a column that is made once and then only brought up to date, so that
// focus, scroll position and half-written text stay where they are.

import { act } from "./api.js";
import { make, render } from "./markup.js";
import { show } from "./sheet.js";
import { say } from "./words.js";

export class Chat {
  constructor(person, failed) {
    this.id = person.id;
    this.failed = failed;
    this.busy = false;
    this.waiting = false;
    this.shown = new Map();
    this.log = make("ol", { className: "log", role: "log", "aria-live": "polite", tabIndex: 0 });
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
    const title = make("h2", {}, initial, make("span", {}, person.name),
      make("small", {}, person.language.toUpperCase()));
    const head = make("header", {}, title, this.state, this.blocks);
    return make("section", { "data-person": person.id, className: "chat" }, head, this.log, this.form);
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
  }

  async speak() {
    const text = this.input.value;
    if (!text.trim()) return;
    this.waiting = this.busy; // what is sent while something is under way goes next
    if (this.waiting) return;
    if (await this.do("say", { text })) this.input.value = "";
  }

  async press(message, { handle, label }) {
    const said = await this.do("press", { handle, message, label });
    if (said?.sheet) show(this.id, said.sheet);
  }

  // One action at a time: a double press is one press.
  async do(kind, body) {
    if (this.busy) return null;
    this.setBusy(true);
    try {
      return await act(kind, { person: this.id, ...body });
    } catch (error) {
      this.failed(error);
      return null;
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(busy) {
    this.busy = busy;
    this.element.classList.toggle("busy", busy);
    for (const button of this.log.querySelectorAll("button")) button.setAttribute("aria-disabled", busy);
    if (!busy && this.waiting) this.speak();
  }

  // Returns whether there is a message that was not there before.
  update(person) {
    this.person = person;
    const { name } = person;
    this.log.setAttribute("aria-label", say("chat", { name }));
    this.label.textContent = say("wrote", { name });
    this.input.placeholder = say("placeholder");
    this.sends.textContent = say("send");
    this.blocks.textContent = say(person.blocked ? "unblock" : "block");
    this.state.textContent = person.blocked ? say("blocked") : "";
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    const news = person.messages.filter((message) => this.place(message));
    this.calm();
    if (news.length && atEnd) this.toEnd();
    return news.length > 0;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  place(message) {
    const drawn = JSON.stringify([message.text, message.rows]);
    const known = this.shown.get(message.id);
    if (known?.drawn === drawn) return false;
    const element = this.bubble(message);
    if (known) known.element.replaceWith(element);
    else this.log.append(element);
    this.shown.set(message.id, { drawn, element });
    return !known;
  }

  bubble(message) {
    const own = message.who === "member";
    const text = make("div", { className: "text" }, own ? message.text : render(message.text));
    const item = make("li", { "data-message": message.id, className: own ? "own" : "bot" }, text);
    const rows = message.rows.map((row) => make("div", { className: "row" },
      ...row.map((button) => this.button(message.id, button))));
    if (rows.length) item.append(make("div", { className: "rows" }, ...rows));
    return item;
  }

  button(message, { label, handle }) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => this.press(message, { label, handle }));
    return button;
  }

  // Only the newest question asks for attention; older buttons still work.
  calm() {
    const withButtons = [...this.log.children].filter((item) => item.querySelector(".rows"));
    for (const item of withButtons) item.classList.toggle("older", item !== withButtons.at(-1));
  }
}
