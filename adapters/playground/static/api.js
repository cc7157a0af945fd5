// Talking to the playground's server. Every action has a name of its own, so that it has one effect.

export class Offline extends Error {}

export async function load() {
  return ask("/api/state");
}

export async function act(kind, body) {
  return ask(`/api/${kind}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action: unique(), ...body }),
  });
}

async function ask(address, how) {
  const answer = await fetch(address, how).catch(() => {
    throw new Offline();
  });
  const said = await answer.json().catch(() => ({})); // a crash answers in plain text
  if (!answer.ok) throw new Error(said.error ?? `${answer.status} ${answer.statusText}`);
  return said;
}

// Not randomUUID: browsers keep that from pages of http://192.168.…
function unique() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Calls back after every change, also after the server was away.
export function listen(changed, lost) {
  const source = new EventSource("/api/events");
  source.onmessage = changed;
  source.onerror = lost;
}
