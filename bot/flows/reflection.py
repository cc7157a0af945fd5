"""A quick look back after a session: thirty seconds, every part but the first skippable."""

from bot.conversation.fields import Number, Text, yes_no
from bot.conversation.forms import Form, Only, Page

HELD = yes_no("held")
MET = Only("held", ("yes",))

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
