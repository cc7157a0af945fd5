"""Something the organizers should know, in private: about whom, and in the member's words."""

from bot.conversation.fields.choices import Picked
from bot.conversation.fields.texts import Text
from bot.conversation.forms import Form, Page

REPORT = Form(
    "report",
    (
        Page("about", (Picked("about"),), counted=False),
        Page("text", (Text("text", limit=2000, optional=True, lines=True),), counted=False),
    ),
)
