"""Commands: what can be typed at any time, by its name in either language.

Telegram takes Latin letters, digits and ``_`` only, so there are no umlauts in the names.
Their descriptions are in the templates (``command__<name>``).
"""

COMMANDS: dict[str, dict[str, str]] = {
    "start": {"de": "start", "en": "start"},
    "help": {"de": "hilfe", "en": "help"},
    "tandem": {"de": "tandem", "en": "tandem"},
    "session": {"de": "termin", "en": "session"},
    "profile": {"de": "profil", "en": "profile"},
    "language": {"de": "sprache", "en": "language"},
    "privacy": {"de": "datenschutz", "en": "privacy"},
    "cancel": {"de": "abbrechen", "en": "cancel"},
    "end": {"de": "ende", "en": "end"},
    "crisis": {"de": "notfall", "en": "emergency"},
}

_BY_WORD = {word: name for name, words in COMMANDS.items() for word in words.values()}


def command(text: str) -> str | None:
    """The command a text is, with or without a slash: ``/hilfe``, ``/help@tandem_bot``, ``Hilfe``.

    None if it is none. Whatever follows the first word of a slash command is left aside.
    """
    words = text.split()
    if not words:
        return None
    slashed = words[0].startswith("/")
    if not slashed and len(words) > 1:
        return None
    return _BY_WORD.get(words[0].lstrip("/").partition("@")[0].casefold())
