"""A milestone: what is to be reached, and by when, if that is known."""

from bot.conversation.fields.texts import Text
from bot.conversation.fields.times import Day
from bot.conversation.forms import Form, Page

MILESTONE = Form(
    "milestone",
    (Page("milestone", (Text("milestone", limit=100), Day("due", optional=True)), counted=False),),
)
