"""The format of somebody's own copy of their data. It is a promise: programs read it.

Every field says what it is, and so does the JSON Schema that comes with each copy. What
changes the meaning of a field, or takes one away, raises ``VERSION``.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

from bot.domain import reports, sessions, silence, tandems
from bot.domain.dues import Nudge
from bot.domain.hours import Lead
from bot.domain.members import Standing

VERSION = 1


class Outcome(StrEnum):
    """A proposal that came to nothing reads the same whoever said no, or nothing at all."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OVER = "over"


def _one_of(values: type[StrEnum]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [value.value for value in values]})


LocalTime: TypeAlias = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")]
"""A wall time, which is no instant before its zone is known: "2026-11-24T18:00"."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Master(_Part):
    """Who the member is to the bot."""

    name: str = Field(description="The name the messenger told")
    language: str = Field(description="The language the bot writes in")
    zone: str = Field(description="IANA time zone")
    joined_at: AwareDatetime = Field(description="When they first wrote to the bot")
    standing: Annotated[Standing, _one_of(Standing)] = Field(
        description="new: no profile yet; seeking: looked for; as far as there is room for "
        "one more tandem; resting: has a profile, is not looked for"
    )
    seeking_since: AwareDatetime | None = Field(description="Since when they have been looked for")
    paused_until: AwareDatetime | None = Field(description="The end of a pause they asked for")
    seen_at: AwareDatetime | None = Field(
        description="When they last wrote or pressed something, to the hour"
    )
    lead: Annotated[Lead, _one_of(Lead)] = Field(
        description="How long before a session they are reminded: eve, at 17:00 on the day before "
        "and shortly before; morning; hours, two before; soon, half an hour before; none"
    )
    quiet_hours: str = Field(description="From which hour to which they are not written to")
    quiet_sundays: bool = Field(description="Whether not on Sundays, either")


class Account(_Part):
    """Where the member is known."""

    platform: str = Field(description="telegram, slack or playground")
    workspace: str = Field(description="The bot's own account there, or the workspace")
    user_id: str = Field(description="The member's id there")
    chat_id: str = Field(description="The id of their chat with the bot")
    username: str = Field(description="Their username there, empty if they have none")
    reachable: bool = Field(description="Whether messages arrive there")
    preferred: bool = Field(description="Whether messages go there")


class Profile(_Part):
    """What the member told of themselves."""

    name: str = Field(description="Full name; others see its first part")
    offers: list[str] = Field(description="Topics they offer")
    seeks: list[str] = Field(description="Topics they seek")
    goal: str = Field(description="What they want to achieve")
    goal_exactly: str = Field(description="What exactly they mean by it")
    goal_sign: str = Field(description="How they will notice that it is achieved")
    expectations: str = Field(description="What they expect of a partner")
    languages: list[str] = Field(description="Languages they can talk in")
    days: list[str] = Field(description="Weekdays on which they have time, mon to sun")
    times: list[str] = Field(description="Times of day: morning, midday, afternoon, evening")
    rhythm: str = Field(description="How often they want to meet: weekly or biweekly")
    length: str = Field(description="Minutes of a session")
    format: str = Field(description="How they want to meet: video, in_person or both")
    city: str = Field(description="Where they would meet in person")
    company: str = Field(description="How many they want to be: pair, group or either")
    capacity: str = Field(description="How many tandems at once")


class Consent(_Part):
    """One word of the member on one purpose; the newest of a purpose counts."""

    purpose: str = Field(description="tandem, diary or statistics")
    given: bool = Field(description="true: agreed; false: refused or taken back")
    at: AwareDatetime = Field(description="When")
    version: str = Field(description="Version of the text that was agreed to")
    text_hash: str = Field(description="SHA-256 of that text as it was shown, in hexadecimal")
    language: str = Field(description="Language of that text")
    channel: str = Field(description="Platform on which the word was given")


class OpenQuestion(_Part):
    """A form that is not finished."""

    form: str = Field(description="Which form")
    answers: dict[str, str | list[str]] = Field(
        description="What was answered so far, by question; drafts too"
    )
    suggestions: list[str] = Field(description="Topics made of the member's own words")
    asked_at: AwareDatetime | None = Field(description="When its question was last asked")


class Shown(_Part):
    """What a proposal shows of the other. Their other data are theirs."""

    name: str = Field(description="First name")
    offers: list[str] = Field(description="Topics they offer, as far as shown")
    seeks: list[str] = Field(description="Topics they seek, as far as shown")
    goal: str = Field(description="Their goal")
    rhythm: str = Field(description="weekly or biweekly")
    gets: list[str] = Field(description="Which of their topics the member seeks")
    gives: list[str] = Field(description="Which of the member's topics they seek")
    shared: list[str] = Field(description="What else they have in common, as far as shown")
    languages: list[str] = Field(description="Languages both can talk in")
    hours: int = Field(description="Hours a week in which both have time")


class Proposal(_Part):
    """A suggested tandem. What the other answered is not part of it."""

    made_at: AwareDatetime = Field(description="When it was made")
    open_until: AwareDatetime = Field(description="Until when it could be answered")
    state: Annotated[Outcome, _one_of(Outcome)] = Field(
        description="open; accepted: it became a tandem; over: it came to nothing"
    )
    accepted: bool = Field(description="Whether the member said yes; only a yes is kept")
    question: str | None = Field(
        description="What the member asked the others; null once the proposal is over"
    )
    reason: str | None = Field(
        description="Why the member said no, for themselves alone: times, topics, format, known; "
        "null if they did not say, and once it is forgotten"
    )
    wishes: list[str] = Field(
        description="Which of the member's wishes brought it, kept for a while after their no; "
        "if the reason is topics, they count half"
    )
    shown: Shown | None = Field(
        description="What it shows of the other; null once that is deleted, "
        "as it is when a proposal came to nothing or somebody is gone"
    )


class Contact(_Part):
    """A way to reach somebody."""

    kind: str = Field(
        description="username, profile or slack (an id there), email, link, phone, other, "
        "or group: only in the group they have together"
    )
    value: str = Field(description="The contact itself")


class Shared(Contact):
    """A way to reach one of the others in a tandem."""

    name: str = Field(description="First name of whom it leads to")


class Step(_Part):
    """What a member of a tandem wanted to do after a session, as all of them read it."""

    name: str = Field(description="First name of whose it is")
    by_me: bool = Field(description="Whether it is the member's own")
    text: str = Field(description="Their words")


class Session(_Part):
    """One meeting of a tandem."""

    number: int = Field(description="Counts the tandem's sessions")
    state: Annotated[sessions.State, _one_of(sessions.State)] = Field(
        description="open: the next one, or one besides; past; off: called off, or ended"
    )
    local_time: LocalTime | None = Field(description="Agreed wall time in its zone")
    zone: str = Field(description="IANA time zone")
    minutes: int = Field(description="How long it is to be")
    starts_at: AwareDatetime | None = Field(description="The same as an instant, UTC")
    place: str = Field(description="Place or link, as noted by either of them")
    suggested_time: LocalTime | None = Field(description="A wall time that waits for an answer")
    suggested_by_me: bool = Field(description="Whether the member suggested it")
    topic_of: str | None = Field(
        description="First name of whose topic had the main part; null where nobody noted it"
    )
    steps: list[Step] = Field(description="The next steps that were agreed on in it")


class Goal(_Part):
    """What a member of a tandem wants to achieve."""

    name: str | None = Field(description="First name; null for somebody whose data are deleted")
    goal: str = Field(description="Their words")


class Agreement(_Part):
    """A version of what a tandem agrees on."""

    number: int = Field(description="Counts its versions")
    at: AwareDatetime = Field(description="When it was written")
    by_me: bool = Field(description="Whether the member wrote it")
    suggested: bool = Field(description="Whether it is the bot's own suggestion")
    in_force: bool = Field(description="Whether it holds: all have agreed to it, and to none since")
    agreed_by_me: bool = Field(description="Whether the member agreed to it")
    lines: dict[str, str | list[str]] = Field(
        description="What stands in it, by question; a weekday counts from 0, Monday"
    )
    my_goal: str = Field(description="The member's own goal, as they agreed to it")
    goals: list[Goal] = Field(description="Those of the others, as they agreed to it")


class Milestone(_Part):
    """What a tandem wants to have reached."""

    number: int = Field(description="Counts the tandem's milestones")
    title: str = Field(description="What it is")
    due: date | None = Field(description="By when")
    reached_at: AwareDatetime | None = Field(description="When it was reached")
    by_me: bool = Field(description="Whether the member added it")


class Wait(_Part):
    """Something in a tandem that waits for the member's word."""

    step: Annotated[silence.Step, _one_of(silence.Step)] = Field(
        description="open; reminded; asked: whether they go on; left: the others are in touch"
    )
    at: AwareDatetime = Field(description="Since when")


class Tandem(_Part):
    """A partnership."""

    number: int = Field(description="Counts the member's tandems, the first is 1")
    state: Annotated[tandems.State, _one_of(tandems.State)] = Field(
        description="contacts: contacts are being chosen; acquainting: until all have said whether "
        "they go on; agreeing: writing the agreement; active; paused: stopped; ended"
    )
    made_at: AwareDatetime = Field(description="When it came about")
    ended_at: AwareDatetime | None = Field(description="When it ended")
    rhythm: str = Field(description="weekly or biweekly")
    zone: str = Field(description="The zone its sessions are planned in")
    partner: str | None = Field(description="First name; null for somebody whose data are deleted")
    my_contact: Contact | None = Field(description="What the member lets the partner see")
    partner_contact: Contact | None = Field(
        description="What the partner lets the member see, as long as the tandem is active; "
        "of several the first one"
    )
    contacts: list[Shared] = Field(
        description="What each of the others lets the member see, as long as it is active"
    )
    word: str | None = Field(
        description="How the member would like to go on after a talk: go_on, unsure, not_yet; "
        "null once all have said it"
    )
    fell_out: list[AwareDatetime] = Field(
        description="When sessions should have begun that were called off later than agreed, as "
        "long as it lasts; by whom is not kept"
    )
    waits: Wait | None = Field(
        description="What waits for the member's word, and how far they were asked for it"
    )
    sessions: list[Session] = Field(description="Its sessions, the first one first")
    agreements: list[Agreement] = Field(
        description="Versions of its agreement, without what others wrote and took back"
    )
    milestones: list[Milestone] = Field(description="Its milestones, in the order they were added")


class Reflection(_Part):
    """What the member kept of a session, for themselves."""

    at: AwareDatetime = Field(description="When it was written")
    tandem: int | None = Field(description="Number of the tandem; null once that is deleted")
    session: int | None = Field(description="Number of the session in it")
    held: bool = Field(description="False if they said that they had not met")
    moved: bool = Field(description="Whether they said that it was moved")
    useful: int | None = Field(description="How useful it was, 1 to 5")
    insight: str = Field(description="What they take with them")
    next_step: str = Field(description="Their next step")


class DiaryEntry(_Part):
    """An entry in the member's learning diary."""

    at: AwareDatetime = Field(description="When it was written")
    text: str = Field(description="The entry")


class SharedEntry(_Part):
    """An entry of the diary that the others of a tandem are shown."""

    at: AwareDatetime = Field(description="When it was shared")
    tandem: int | None = Field(description="Number of the tandem")
    text: str = Field(description="The entry, or the insight of a reflection")
    outdated: bool = Field(description="Whether it was changed since; they have it as it was")


class Message(_Part):
    """Something the bot said to the member."""

    at: AwareDatetime = Field(description="When it was sent")
    text: str = Field(description="Its words, without markup and buttons")


class Report(_Part):
    """Something the member told the organizers in private."""

    number: int = Field(description="The number they were told")
    at: AwareDatetime = Field(description="When")
    about: str | None = Field(description="First name of whom it is about, as the member knows it")
    text: str = Field(description="Their words")
    state: Annotated[reports.State, _one_of(reports.State)] = Field(description="open or closed")


class Planned(_Part):
    """Something the bot is going to say, or to do, when its time has come."""

    kind: Annotated[Nudge, _one_of(Nudge)] = Field(
        description="resume: an unfinished sign-up; search: looks for somebody again; unpause; "
        "diary_halfway and diary_end: a look back into the diary; "
        "diary_notice and diary_over: of a diary without a tandem; "
        "halfway and expire: of a proposal; "
        "day_before, soon, cue, after, reflect, repeat: of a session; "
        "undated, ask_again, run_out: of getting to know each other; "
        "nobody_wrote, confirm, unagreed, check_in: of an agreement; "
        "silent: of what waits for them; quieter: that nothing more is asked for now; "
        "uninstalled, reinstalled: of a workspace that took the bot out"
    )
    at: AwareDatetime = Field(description="When")


class Export(_Part):
    """Everything stored about one member. Times are UTC where no zone stands beside them."""

    version: int = Field(description="Version of this format")
    made_at: AwareDatetime = Field(description="When this copy was made")
    member: Master = Field(description="Who the member is to the bot")
    accounts: list[Account] = Field(description="Where they are known")
    profile: Profile | None = Field(description="What they told of themselves; null without one")
    consents: list[Consent] = Field(description="Every consent given, refused or taken back")
    open_questions: list[OpenQuestion] = Field(description="Forms they have not finished")
    proposals: list[Proposal] = Field(description="Tandems suggested to them")
    tandems: list[Tandem] = Field(description="Tandems they were or are in")
    reflections: list[Reflection] = Field(description="What they kept of sessions")
    diary: list[DiaryEntry] = Field(description="Their learning diary")
    shares: list[SharedEntry] = Field(description="What others are shown of the diary")
    messages: list[Message] = Field(description="What the bot sent them and still keeps")
    reports: list[Report] = Field(description="What they told the organizers in private")
    planned: list[Planned] = Field(description="What the bot is going to say to them by itself")
