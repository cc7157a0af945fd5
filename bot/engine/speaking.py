"""How a question is put to a member, and how what they type at it is understood."""

from bot.conversation.asking import Asking
from bot.conversation.fields import Field
from bot.conversation.fields.texts import LONGEST_TOPIC, Topics
from bot.conversation.talk import Conversation, Move
from bot.conversation.typed import Split, typed
from bot.conversation.voice import own_topics
from bot.conversation.wording import LANGUAGES
from bot.domain.availability import local
from bot.domain.members import Member
from bot.engine.desk import Desk
from bot.flows import FORMS
from bot.matching import topics

CHIPS = 6
"""Topics on offer beside those that were typed."""


def speakers(desk: Desk, member: Member, talk: Conversation) -> list[Asking]:
    """The same question in every language, the member's own first."""
    form = FORMS[talk.form]
    ranked = sorted(LANGUAGES, key=lambda language: language != member.language)
    offered = _offered(form.field(talk.answers, talk.facts), talk, member.language)
    return [
        Asking(form, talk, desk.wording(form.name, member, language), offered)
        for language in ranked
    ]


def _offered(asked: Field | None, talk: Conversation, language: str) -> list[str]:
    """Topics to press: first what somebody said of themselves, then their neighbours."""
    if not isinstance(asked, Topics):
        return []
    said = list(talk.drafts.get(asked.name, ()))
    if len(said) >= asked.most:
        return []
    own = list(talk.facts.get(own_topics(asked.name), ()))
    elsewhere = [t for f in ("offers", "seeks") if f != asked.name for t in talk.answers.get(f, ())]
    near = topics.suggestions(said or own, language, CHIPS + len(elsewhere))
    known = {topics.key(topic) for topic in [*said, *elsewhere]}
    new = [topic for topic in [*own, *near] if topics.key(topic) not in known]
    return new[: CHIPS + len(own)]


def understood(desk: Desk, member: Member, talk: Conversation, asked: Field, text: str) -> Move:
    zone = str(talk.facts.get("zone", member.zone))
    asking = speakers(desk, member, talk)
    return typed(asked, text, asking, local(desk.now, zone), splitting(member.language))


def splitting(language: str) -> Split:
    """What was typed as topics; of a whole sentence those that are named in it."""

    def split(text: str) -> list[str]:
        parts = topics.split(text)
        if all(len(part) <= LONGEST_TOPIC for part in parts):
            return parts
        return topics.extract(text, language) or [text]

    return split
