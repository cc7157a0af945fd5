// A page of a form as a dialog.

import { act } from "./api.js";
import { make } from "./markup.js";
import { say } from "./words.js";

const dialog = document.querySelector("#sheet");
const form = dialog.querySelector("form");
let open = null;

export function show(person, sheet) {
  if (!sheet) {
    dialog.close();
    return;
  }
  open = { person, handle: sheet.handle };
  if (dialog.open && Object.keys(sheet.problems).length) {
    correct(sheet.problems);
    return;
  }
  dialog.querySelector("h2").textContent = sheet.title;
  dialog.querySelector(".closes").textContent = sheet.cancel;
  dialog.querySelector("[type=submit]").textContent = sheet.submit;
  dialog.querySelector(".entries").replaceChildren(
    ...sheet.entries.map(field),
  );
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

export function prepare(failed) {
  dialog.querySelector(".closes").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { person, handle } = open;
    try {
      const { sheet } = await act("submit", { person, handle, values: values() });
      show(person, sheet);
    } catch (error) {
      failed(error);
    }
  });
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
      return group(...options(entry, "radio"), text({ ...entry, value: "" }, entry.other));
    case "choice":
      return group(...options(entry, "radio"));
    case "choices":
      return group(...options(entry, "checkbox"));
    default:
      return group();
  }
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
