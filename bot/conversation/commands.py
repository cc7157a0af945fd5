"""Commands: what can be typed at any time, by its name in either language.

Telegram takes Latin letters, digits and ``_`` only, so there are no umlauts in the names.
Their descriptions are in the templates (``command__<name>``).
"""

COMMANDS: dict[str, dict[str, str]] = {
    "start": {"de": "start", "en": "start"},
    "help": {"de": "hilfe", "en": "help"},
    "tandem": {"de": "tandem", "en": "tandem"},
    "session": {"de": "termin", "en": "session"},
    "milestones": {"de": "meilensteine", "en": "milestones"},
    "agreement": {"de": "vereinbarung", "en": "agreement"},
    "profile": {"de": "profil", "en": "profile"},
    "diary": {"de": "tagebuch", "en": "diary"},
    "agenda": {"de": "ablauf", "en": "agenda"},
    "methods": {"de": "methoden", "en": "methods"},
    "reminders": {"de": "erinnerungen", "en": "reminders"},
    "pause": {"de": "pause", "en": "pause"},
    "resume": {"de": "weiter", "en": "resume"},
    "data": {"de": "daten", "en": "data"},
    "language": {"de": "sprache", "en": "language"},
    "privacy": {"de": "datenschutz", "en": "privacy"},
    "report": {"de": "melden", "en": "report"},
    "link": {"de": "verbinden", "en": "link"},
    "cancel": {"de": "abbrechen", "en": "cancel"},
    "end": {"de": "ende", "en": "end"},
    "crisis": {"de": "notfall", "en": "emergency"},
}

_BY_WORD = {word: name for name, words in COMMANDS.items() for word in words.values()}


def command(text: str) -> str | None:
    """The command a text is, with or without a slash: ``/hilfe``, ``/help@tandem_bot``, ``Hilfe``.

    None if it is none. Without a slash only a word alone is one, or one that takes more.
    """
    words = text.split()
    if not words:
        return None
    slashed = words[0].startswith("/")
    named = _BY_WORD.get(words[0].lstrip("/").partition("@")[0].casefold())
    return named if slashed or len(words) == 1 else None


def argument(text: str) -> str:
    """What stands behind the command: ``/pause bis 12.1.`` has "bis 12.1."."""
    return text.partition(" ")[2].strip()
