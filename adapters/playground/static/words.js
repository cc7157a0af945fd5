// The page's own words. What the bot says comes from the bot.

export const WORDS = {
  de: {
    tagline: "Spiel zwei Menschen, die sich gegenseitig begleiten.",
    clock: "Uhr", people: "Personen", now: "Im Spiel ist es", hour: "+1 Stunde", day: "+1 Tag",
    next: "Zur nächsten Nachricht", fixed: "Neben echten Messengern steht die Uhr still.",
    add: "Person hinzufügen", newPerson: "Neue Person", other: "English", otherCode: "en", name: "Name", speaks: "Sprache", close: "Schließen",
    emptyTitle: "Ein ganzes Tandem in fünf Minuten",
    emptyText: "Hier probierst du den Bot aus, ohne Messenger und ohne Konto. Du schreibst für beide Seiten.",
    step1: "Melde zwei Personen an. Am schnellsten passen sie zusammen, wenn die eine sucht, was die andere bietet.",
    step2: "Sag für beide Ja zum Vorschlag und mach einen Termin aus.",
    step3: "Dreh die Uhr weiter: Erinnerung, Treffen, Rückblick, nächster Termin.",
    startTwo: "Mit zwei Personen loslegen",
    placeholder: "Nachricht schreiben", send: "Senden", chat: "Chat von {name}",
    block: "Bot blockieren", unblock: "Blockierung aufheben", blocked: "hat den Bot blockiert",
    unread: "neue Nachricht", wrote: "Du als {name}", form: "Formular für {name}",
    offline: "Keine Verbindung. Läuft der Bot noch?", optional: "freiwillig", download: "{name} herunterladen",
  },
  en: {
    tagline: "Play two people who mentor each other.",
    clock: "Clock", people: "People", now: "In the game it is", hour: "+1 hour", day: "+1 day",
    next: "To the next message", fixed: "Beside real messengers the clock stands still.",
    add: "Add a person", newPerson: "New person", other: "Deutsch", otherCode: "de", name: "Name", speaks: "Language", close: "Close",
    emptyTitle: "A whole tandem in five minutes",
    emptyText: "Try the bot here, without a messenger and without an account. You write for both sides.",
    step1: "Sign up two people. They fit best when the one seeks what the other offers.",
    step2: "Say yes to the suggestion for both, and agree on a time.",
    step3: "Turn the clock: reminder, session, reflection, next session.",
    startTwo: "Start with two people",
    placeholder: "Write a message", send: "Send", chat: "{name}’s chat",
    block: "Block the bot", unblock: "Unblock the bot", blocked: "has blocked the bot",
    unread: "new message", wrote: "You as {name}", form: "{name}’s form",
    offline: "No connection. Is the bot still running?", optional: "optional", download: "Download {name}",
  },
};

export const NAMES = ["Ana", "Ben", "Cem", "Dana", "Emil", "Fatma", "Greta", "Hugo", "Ines", "Jonas"];

const asked = new URLSearchParams(location.search).get("lang");
const browser = navigator.language.startsWith("en") ? "en" : "de";
const known = (name) => name !== null && Object.hasOwn(WORDS, name);
let language = [asked, localStorage.getItem("language"), browser].find(known);

export const current = () => language;
export const say = (key, about = {}) =>
  WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => about[name]);

// As the bot writes it: "Di, 3.11., 18:00", "Tue 3 Nov, 18:00".
export function moment(iso, timeZone) {
  const day = { weekday: "short", day: "numeric", month: language === "de" ? "numeric" : "short" };
  const format = { ...day, hour: "2-digit", minute: "2-digit", timeZone };
  return new Date(iso).toLocaleString(language === "de" ? "de-DE" : "en-GB", format).replace(".,", ",");
}

export function switchLanguage() {
  language = language === "de" ? "en" : "de";
  localStorage.setItem("language", language);
}
