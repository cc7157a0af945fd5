"""Somebody new introduces themselves: consent, seven questions, a summary."""

from bot.conversation.fields import Choice, Choices, Review, Text, yes_no
from bot.conversation.forms import Form, Only, Page
from bot.domain.availability import DAYS, TIMES
from bot.domain.sessions import RHYTHMS

CONSENT = yes_no("consent")
AGREED = Only("consent", ("yes",))

ONBOARDING = Form(
    "onboarding",
    (
        Page("consent", (CONSENT,), counted=False),
        Page("about", (Text("name", limit=60),), when=AGREED),
        Page("topics", (Text("offers"), Text("seeks"), Text("goal")), when=AGREED),
        Page(
            "times",
            (
                Choices("languages", ("de", "en")),
                Choices("days", DAYS, least=2),
                Choices("times", tuple(TIMES)),
                Choice("rhythm", tuple(RHYTHMS)),
            ),
            when=AGREED,
        ),
        Page("check", (Review("check"),), when=AGREED, counted=False),
    ),
)
