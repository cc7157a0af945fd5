"""A quick look back after a session: thirty seconds, every part skippable."""

from bot.conversation.answers import SKIPPED
from bot.conversation.fields.choices import Choice, Number
from bot.conversation.fields.texts import Text
from bot.conversation.forms import Form, Only, Page

HELD = Choice("held", ("yes", "no", "moved"), optional=True)
MET = Only("held", ("yes", SKIPPED))

REFLECTION = Form(
    "reflection",
    (
        Page("held", (HELD,), counted=False),
        Page(
            "looking_back",
            (
                Number("useful", 1, 5, optional=True),
                Text("insight", limit=1000, optional=True, lines=True),
                Text("next_step", optional=True),
            ),
            when=(MET,),
        ),
    ),
)
