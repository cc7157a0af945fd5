"""People of a simulation: what they see in their chat, and what they do about it.

A button's meaning is looked up where the bot keeps it, so that somebody may mostly mean well, in
either language, whatever it reads.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.conversation.fields import Field
from bot.conversation.fields.choices import Choice, Choices, Review
from bot.conversation.messages import Sheet
from bot.conversation.talk import Press, Verb
from bot.domain.members import Address
from bot.engine.events import (
    Commanded,
    Event,
    Left,
    Looked,
    Numbered,
    Pressed,
    Reply,
    Returned,
    Said,
    Sender,
    Submitted,
    Unreadable,
    What,
)
from bot.store.outbox import Parcel

ACCOUNTS = {"telegram": "bot", "slack": "T1"}
SURNAME = "Quitzow"
"""In nobody's words but as a name, so that it is found wherever it lies open."""
TOPICS = ("Excel, Kochen", "Scrum, Singen")
"""What one half offers and the other seeks."""
ZONES = (*["Europe/Berlin"] * 5, *["Europe/London"] * 2, "America/New_York")
NEWEST, NEARER = 3, 20.0
"""Of these messages a button is pressed so much more often than of those before."""
VERBS = {
    Verb.ANSWER: 6.0,
    Verb.KEEP: 6.0,
    Verb.DONE: 8.0,
    Verb.TOGGLE: 0.7,
    Verb.SKIP: 2.0,
    Verb.OPEN: 3.0,
    Verb.EDIT: 0.1,
    Verb.BACK: 0.2,
    Verb.COMMAND: 0.5,
    Verb.ACT: 2.0,
}
LIKELY = {
    "proposal.accept": 40.0,
    "tandem.slot": 20.0,
    "tandem.username": 20.0,
    "tandem.profile": 10.0,
    "session.agree": 30.0,
    "knowing.slot": 20.0,
    "knowing.met": 20.0,
    "knowing.go_on": 40.0,
    "agreeing.confirm": 40.0,
    "care.go_on": 20.0,
    "care.alive": 20.0,
    "member.seek": 10.0,
    "tandem.seek": 10.0,
    "onboarding": 20.0,
    "report_page.resume": 20.0,
}
RARE = {
    "proposal.decline": 0.5,
    "knowing.rather_not": 0.5,
    "knowing.unsure": 1.0,
    "tandem.end": 0.3,
    "care.end": 0.3,
    "session.cancel": 0.2,
    "wish.cancel": 0.2,
    "member.rest": 0.2,
    "pause.days": 0.5,
    "data.erase": 0.02,
    "consent.withdraw": 0.05,
    "tandem.later": 0.5,
    "tandem.change": 0.3,
    "tandem.opener": 0.3,
    "diary_page.share": 0.0,
    "diary_page.really_share": 0.0,
}
WISHES: dict[str, tuple[tuple[str, ...], float]] = {
    "pause": (("/pause", "pause.days"), 3.0),
    "come back": (("/weiter",), 3.0),
    "end": (("/ende", "tandem.end"), 1.0),
    "cancel": (("/termin", "session.cancel"), 4.0),
    "move": (("Können wir am Donnerstag um 19 Uhr?", "wish.propose"), 4.0),
    "write a diary": (("/tagebuch", "diary"), 4.0),
    "export": (("/daten", "data.export"), 1.0),
    "delete all": (("/daten", "data.ask_to_erase", "data.erase"), 0.7),
    "withdraw": (("/datenschutz", "consent.withdraw"), 0.3),
    "report": (("/melden", "report"), 0.3),
    "change": (("/vereinbarung", "agreement"), 3.0),
    "profile": (("/profil", "onboarding"), 2.0),
    "see": (("/tandem",), 3.0),
    "remind less": (("/erinnerungen", "reminders.lead"), 2.0),
    "seek": (("/tandem", "member.seek"), 4.0),
    "babble": (("Das hier versteht bestimmt niemand.",), 2.0),
    "an old button": ((), 6.0),
    "a picture": ((), 1.0),
    "a number": ((), 0.5),
    "block": ((), 0.7),
    "home": ((), 1.0),
}
"""What somebody wants of their own accord: said first, then what is pressed; and how often."""
TYPED = {
    "goal": "Bis Ostern 3 neue Dinge ausprobieren und dranbleiben",
    "days": "di do",
    "times": "abends",
    "when": "Donnerstag 18 Uhr",
    "email": "post@example.org",
    "link": "https://www.linkedin.com/in/post",
    "place": "Café am Markt",
    "milestone": "Ein erstes Stück vorspielen",
    "date": "am 12.5.",
}
PRIVATE = {("reflection", "insight"), ("diary", "entry")}

Meaning = Callable[[str], Press | None]
Asked = tuple[str, Field] | None
"""The form that is open in the chat, and the question asked in it."""


@dataclass(slots=True)
class Somebody:
    number: int
    name: str
    platform: str
    language: str
    zone: str
    diligence: float
    """How often they answer what they are asked."""
    hours: float
    """How long that takes them, at most."""
    chat: dict[str, list[str]] = field(default_factory=dict)
    """By message the handles of its buttons, the one touched last at the end."""
    wants: list[str] = field(default_factory=list)
    typed: tuple[str, str] = ("", "")
    """The question they typed something to last."""
    sheet: Reply | None = None
    blocking: bool = False
    acts_today: int = 0
    day: int = -1

    @property
    def user(self) -> str:
        return f"u{self.number}"

    @property
    def secret(self) -> str:
        return f"geheimnis{self.number:04}"

    @property
    def sender(self) -> Sender:
        address = Address(self.platform, ACCOUNTS[self.platform], self.user, self.user)
        return Sender(address, self.name, f"name{self.number}", self.language, self.zone)

    def gets(self, parcel: Parcel, ref: str) -> list[str]:
        """Shows a message, or changes one. Returns the handles of its buttons."""
        rows = parcel.body.get("rows", ())
        handles = [button["handle"] for row in rows for button in row if "handle" in button]
        self.chat.pop(ref, None)
        self.chat[ref] = handles
        while len(self.chat) > 40:
            self.chat.pop(next(iter(self.chat)))
        return handles

    def acts(self, dice: Random, meaning: Meaning, asked: Asked) -> Event | None:
        """What they do now; None for nothing."""
        what = self._does(dice, meaning, asked)
        return Event(self.sender, what) if what else None

    def _does(self, dice: Random, meaning: Meaning, asked: Asked) -> What | None:
        if self.blocking:
            self.blocking = False
            return Returned() if self.platform == "telegram" else Said("Da bin ich wieder")
        if not self.chat:
            return self._arrives(dice)
        if self.sheet and self.sheet.sheet:
            handle, sheet, self.sheet = self.sheet.handle, self.sheet.sheet, None
            return Submitted(handle, _filled(dice, sheet))
        if self.wants:
            return self._goes_on(dice, meaning)
        if dice.random() < 0.06:
            return self._wishes(dice, meaning)
        if asked and self._would_type(dice, *asked):
            return Said(self._answer(dice, *asked))
        return self._presses(dice, meaning) or (Said(self._answer(dice, *asked)) if asked else None)

    def _arrives(self, dice: Random) -> What:
        if self.platform == "telegram":
            return Said("/start")
        return Looked() if dice.random() < 0.5 else Said("Hallo")

    def _would_type(self, dice: Random, form: str, asked: Field) -> bool:
        """Once for a question; then there is something to press."""
        if (isinstance(asked, Choice | Choices | Review) and asked.name not in TYPED) or (
            self.typed == (form, asked.name)
        ):
            return False
        self.typed = form, asked.name
        return dice.random() < 0.9

    def _goes_on(self, dice: Random, meaning: Meaning) -> What | None:
        wanted = self.wants.pop(0)
        for ref, handles in [*self.chat.items()][::-1][:4]:
            fits = [h for h in handles if (press := meaning(h)) and press.target == wanted]
            if fits:
                return Pressed(dice.choice(fits), ref)
        self.wants.clear()
        return None

    def _wishes(self, dice: Random, meaning: Meaning) -> What | None:
        names = list(WISHES)
        [name] = dice.choices(names, [WISHES[name][1] for name in names])
        match name:
            case "an old button":
                return self._presses(dice, meaning, old=True)
            case "a picture":
                return Unreadable()
            case "a number":
                return Numbered("+491701234567", own=dice.random() < 0.5)
            case "block":
                self.blocking = True
                return Left()
            case "home":
                return Looked() if self.platform == "slack" else Said("/hilfe")
            case _:
                return self._sets_out(name)

    def _sets_out(self, name: str) -> What:
        first, *self.wants = WISHES[name][0]
        if self.platform == "slack" and first.startswith("/"):
            return Commanded(first.lstrip("/"))
        return Said(first)

    def _presses(self, dice: Random, meaning: Meaning, *, old: bool = False) -> What | None:
        shown = [(ref, handles) for ref, handles in self.chat.items() if handles]
        if not shown:
            return None
        if old:
            ref, handles = dice.choice(shown)
            return Pressed(dice.choice(handles), ref)
        near = [(handle, ref) for ref, handles in shown[-15:] for handle in handles]
        newest = {ref for ref, _ in shown[-NEWEST:]}
        weights = [_weight(meaning(h)) * (NEARER if ref in newest else 1) for h, ref in near]
        return Pressed(*dice.choices(near, weights)[0]) if any(weights) else None

    def _answer(self, dice: Random, form: str, asked: Field) -> str:
        if (form, asked.name) in PRIVATE:
            return f"Nur für mich: {self.secret}"
        if asked.name in {"offers", "seeks"}:
            return TOPICS[(self.number + (asked.name == "seeks")) % 2]
        return TYPED.get(asked.name, dice.choice(["Etwas Kleines", "3", "ja", "am 12.3."]))


def _weight(press: Press | None) -> float:
    if press is None:
        return 1.0
    if press.name == "consent" and press.value == "no":
        return 0.01
    usual = VERBS.get(press.verb, 1.0)
    meant = {**LIKELY, **RARE}.get(press.target, usual)
    return meant if press.verb in {Verb.ACT, Verb.OPEN} else usual


def _filled(dice: Random, sheet: Sheet) -> dict[str, str | list[str]]:
    values: dict[str, str | list[str]] = {}
    for entry in sheet.entries:
        if entry.kind == "shown":
            continue
        options = [option.value for option in entry.options]
        if entry.kind == "choices":
            values[entry.name] = options[:3]
        elif options:
            values[entry.name] = options[0] if entry.name == "consent" else dice.choice(options)
        else:
            values[entry.name] = TYPED.get(entry.name, dice.choice(TOPICS))
    return values


def crowd(dice: Random, size: int) -> list[Somebody]:
    return [
        Somebody(
            number=number,
            name=f"P{number} {SURNAME}",
            platform=dice.choice(["telegram", "telegram", "slack"]),
            language=dice.choice([*["de"] * 5, "en"]),
            zone=dice.choice(ZONES),
            diligence=dice.choice([0.97, 0.97, 0.9, 0.6, 0.1]),
            hours=dice.choice([0.2, 3, 12, 60]),
        )
        for number in range(size)
    ]
