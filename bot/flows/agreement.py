"""What a tandem agrees on. Everything has a suggestion, so that a chat begins with the summary;
a sheet shows it page by page. And what somebody changes alone: their own goal."""

from bot.conversation.answers import Answer
from bot.conversation.fields.choices import Choice, Choices, Review, yes_no
from bot.conversation.fields.texts import Steps, Text
from bot.conversation.fields.times import Weekly
from bot.conversation.forms import Form, Only, Page
from bot.domain.sessions import RHYTHMS

BEGUN = yes_no("begun")
"""Whether there is an agreement already; never asked. From then on milestones go their own way."""
TITLE = 100
"""Characters of a milestone."""
RULES = (
    "finish",
    "ask",
    "myself",
    "no_recording",
    "phones",
    "on_time",
    "openly",
    "halves",
)

AGREEMENT = Form(
    "agreement",
    (
        Page("begun", (BEGUN,), counted=False, listed=False),
        Page("goal", (Text("goal"),), counted=False),
        Page(
            "milestones",
            (Steps("milestones", limit=TITLE, optional=True),),
            when=(Only("begun", ("no",)),),
            counted=False,
        ),
        Page(
            "times",
            (
                Choice("rhythm", tuple(RHYTHMS)),
                Weekly("when"),
                Choice("length", ("60", "75", "90")),
                Choice("medium", ("later", "own", "jitsi")),
            ),
            counted=False,
        ),
        Page("place", (Text("place", limit=200),), when=(Only("medium", ("own",)),), counted=False),
        Page(
            "talking",
            (
                Choices("rules", RULES, least=0, sentences=True),
                Text("own_rules", optional=True, lines=True),
                Choice("confidence", ("all", "topics", "own")),
            ),
            counted=False,
        ),
        Page(
            "confidence_own",
            (Text("confidence_own", limit=200, lines=True),),
            when=(Only("confidence", ("own",)),),
            counted=False,
        ),
        Page(
            "frame",
            (
                Choice("notice", ("2", "12", "24", "48")),
                Choice("misses", ("2of4", "3of6")),
                Choice("months", ("3", "4", "5", "6")),
                Choice("helper", ("organizers", "named")),
                Choice("goodbye", ("look_back", "meal", "written", "own")),
            ),
            counted=False,
        ),
        Page(
            "helper_name",
            (Text("helper_name", limit=80),),
            when=(Only("helper", ("named",)),),
            counted=False,
        ),
        Page(
            "goodbye_own",
            (Text("goodbye_own", limit=150),),
            when=(Only("goodbye", ("own",)),),
            counted=False,
        ),
        Page("check", (Review("check"),), counted=False),
    ),
)
GOAL = Form("goal", (Page("own_goal", (Text("own_goal"),)),))

USUAL: dict[str, Answer] = {
    "milestones": [],
    "length": "60",
    "medium": "later",
    "rules": ["finish", "ask", "no_recording", "on_time", "openly", "halves"],
    "own_rules": "",
    "confidence": "all",
    "notice": "24",
    "misses": "2of4",
    "months": "4",
    "helper": "organizers",
    "goodbye": "look_back",
}
"""What has proved itself, until somebody says otherwise."""
