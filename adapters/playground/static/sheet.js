// A page of a form as a dialog.

import { act } from "./api.js";
import { make } from "./markup.js";
import { say } from "./words.js";

const dialog = document.querySelector("#sheet");
const form = dialog.querySelector("form");
let open = null;
let sending = false;

export function show(person, sheet) {
  if (!sheet) {
    dialog.close();
    return;
  }
  open = { person, handle: sheet.handle };
  if (!dialog.open || !samePage(sheet)) draw(sheet);
  correct(sheet.problems);
}

function samePage({ title, entries }) {
  const shown = [...dialog.querySelectorAll("[data-entry]")].map((box) => box.dataset.entry);
  const wanted = entries.map((entry) => entry.name);
  return dialog.querySelector("#sheet-title").textContent === title && shown.join("\n") === wanted.join("\n");
}

function draw(sheet) {
  dialog.querySelector("#sheet-title").textContent = sheet.title;
  dialog.querySelector("#sheet-person").textContent = say("form", { name: open.person.name });
  dialog.querySelector(".closes").textContent = sheet.cancel;
  dialog.querySelector("[type=submit]").textContent = sheet.submit;
  dialog.querySelector(".entries").replaceChildren(...sheet.entries.map(field));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  dialog.querySelector(".entries input, .entries textarea")?.focus();
}

// What was entered stays; only what is wrong is said.
function correct(problems) {
  for (const box of dialog.querySelectorAll("[data-entry]")) {
    const words = problems[box.dataset.entry];
    box.querySelector(".problem").textContent = words ?? "";
    for (const input of box.querySelectorAll("input, textarea")) {
      input.setAttribute("aria-invalid", Boolean(words));
    }
  }
  dialog.querySelector("[aria-invalid=true]")?.focus();
}

// An error is said in the dialog, since nothing behind it can be read.
export function prepare(explain) {
  dialog.querySelector(".closes").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    open = null;
    trouble("");
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    trouble("");
    try {
      await submit(open);
    } catch (error) {
      trouble(explain(error));
    } finally {
      sending = false;
    }
  });
}

async function submit(page) {
  const { person, handle } = page;
  const { sheet } = await act("submit", { person: person.id, handle, values: values() });
  if (open === page) show(page.person, sheet); // unless it was closed meanwhile
}

function trouble(words) {
  form.querySelector(":scope > .problem").textContent = words;
}

function values() {
  const read = {};
  for (const box of form.querySelectorAll("[data-entry]")) {
    const { entry, kind } = box.dataset;
    const ticked = [...box.querySelectorAll(":checked")].map((input) => input.value);
    const typed = box.querySelector("input[type=text], textarea")?.value ?? "";
    read[entry] = kind === "choices" ? ticked : typed.trim() || ticked[0] || "";
  }
  return read;
}

function field(entry) {
  const ids = { hint: `${entry.name}-hint`, problem: `${entry.name}-problem` };
  const box = make("fieldset", { "data-entry": entry.name, "data-kind": entry.kind });
  const legend = make("legend", {}, entry.label);
  if (entry.optional) legend.append(make("small", {}, ` (${say("optional")})`));
  box.append(legend);
  if (entry.hint) box.append(make("p", { id: ids.hint, className: "hint" }, entry.hint));
  box.append(make("p", { id: ids.problem, className: "problem", role: "alert" }));
  const inputs = controls(entry);
  for (const input of inputs.querySelectorAll("input, textarea")) {
    input.setAttribute("aria-describedby", Object.values(ids).join(" "));
  }
  box.append(inputs);
  return box;
}

function controls(entry) {
  switch (entry.kind) {
    case "text":
      return group(text(entry, entry.label));
    case "lines":
      return group(lines(entry));
    case "moment":
      return group(...options(entry, "radio"), text({ ...entry, value: typed(entry) }, entry.other));
    case "choice":
      return group(...options(entry, "radio"));
    case "choices":
      return group(...options(entry, "checkbox"));
    default:
      return group();
  }
}

// A moment that is none of the options was typed.
function typed({ value, options }) {
  return options.some((option) => option.value === value) ? "" : value;
}

const group = (...children) => make("div", { className: "controls" }, ...children);

function options(entry, type) {
  const chosen = [entry.value ?? []].flat();
  return entry.options.map(({ value, label }) =>
    make("label", { className: "option" },
      make("input", { type, name: entry.name, value, checked: chosen.includes(value) }),
      make("span", {}, label)));
}

function text(entry, label) {
  const input = make("input", { type: "text", value: entry.value ?? "", autocomplete: "off" });
  if (entry.limit) input.maxLength = entry.limit;
  if (label === entry.label) {
    input.setAttribute("aria-label", label);
    return input;
  }
  return make("label", { className: "typed" }, make("span", {}, label), input);
}

function lines(entry) {
  const area = make("textarea", { rows: 4, value: entry.value ?? "", "aria-label": entry.label });
  if (entry.limit) area.maxLength = entry.limit;
  return area;
}
