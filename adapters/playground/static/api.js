// Talking to the playground's server. Every action has a name of its own, so that it has one effect.

export async function load() {
  const answer = await fetch("/api/state");
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

export async function act(kind, body) {
  const answer = await fetch(`/api/${kind}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action: crypto.randomUUID(), ...body }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

// Calls back after every change, also after the server was away.
export function listen(changed, lost) {
  const source = new EventSource("/api/events");
  source.onmessage = changed;
  source.onerror = lost;
}
