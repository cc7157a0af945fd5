"""One question on a proposal, and one answer to it: looked at before it goes, and nothing in it
by which somebody could be reached, since contacts come once all have said yes."""

from bot.conversation.fields.choices import Choice
from bot.conversation.fields.texts import Text
from bot.conversation.forms import Form, Page

LIMIT = 300


def _form(name: str) -> Form:
    text = Text(name, limit=LIMIT, lines=True, private=True)
    send = Choice("send", ("yes", "no"), own_back=True)
    return Form(name, (Page(name, (text,), counted=False), Page("preview", (send,), counted=False)))


QUESTION = _form("question")
REPLY = _form("reply")
