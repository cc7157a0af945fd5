// The bot's HTML subset as nodes. Nothing else of what arrives becomes an element.

const KEPT = new Set(["B", "I", "CODE"]);
const LINK = /^(https?:|mailto:|tg:)/;

export function render(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  const fragment = document.createDocumentFragment();
  fragment.append(...[...parsed.childNodes].map(copy));
  return fragment;
}

function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  const inner = [...node.childNodes].map(copy);
  const made = element(node);
  made.append(...inner);
  return made;
}

function element(node) {
  if (KEPT.has(node.nodeName)) return document.createElement(node.nodeName);
  const href = node.nodeName === "A" ? node.getAttribute("href") ?? "" : "";
  if (!LINK.test(href)) return document.createElement("span");
  const link = document.createElement("a");
  return Object.assign(link, { href, target: "_blank", rel: "noopener noreferrer" });
}

export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
