"""Three short questions for whoever is not sure what they are good at."""

from bot.conversation.fields.texts import Text
from bot.conversation.forms import Form, Page

STRENGTHS = Form(
    "strengths",
    (
        Page(
            "strengths",
            (
                Text("proud", optional=True, lines=True),
                Text("asked", optional=True, lines=True),
                Text("easy", optional=True, lines=True),
            ),
        ),
    ),
)
