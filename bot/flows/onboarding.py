"""Somebody introduces themselves: consent, six questions, two more on a vague goal, a summary.

What is on the last page has a default and is not asked until one is in: the summary shows it.
"""

from bot.conversation.answers import Answer
from bot.conversation.fields.choices import Choice, Choices, Review, yes_no
from bot.conversation.fields.texts import Text, Topics
from bot.conversation.fields.times import Zone
from bot.conversation.forms import Form, Lacks, Only, Page
from bot.domain.availability import DAYS, TIMES

CONSENT = yes_no("consent")
EXTRAS = Choices("extras", ("diary", "statistics"), least=0)
"""Consents of their own, none of them ticked."""
AGREED = Only("consent", ("yes",))
SIX_WORDS = r"(?:\w+\W+){5}\w"
"""A goal of fewer words rarely says what exactly is meant."""
MEASURE = (
    r"\d|\b(?:bis|vor|ab|spätestens|ohne|weniger|mindestens|jede[nrs]?|pro|innerhalb|sobald|wenn|dass"
    r"|by|before|until|without|fewer|less|at least|every|per|within|when|that)\b"
)
"""By such words one can tell that a goal is reached."""

ONBOARDING = Form(
    "onboarding",
    (
        Page("consent", (CONSENT,), counted=False, listed=False),
        Page("extras", (EXTRAS,), when=(AGREED,), counted=False, listed=False),
        Page(
            "topics",
            (Topics("offers", unsure="strengths"), Topics("seeks"), Text("goal")),
            when=(AGREED,),
        ),
        Page(
            "exactly",
            (Text("goal_exactly", optional=True),),
            when=(AGREED, Lacks("goal", SIX_WORDS)),
            counted=False,
        ),
        Page(
            "sign",
            (Text("goal_sign", optional=True),),
            when=(AGREED, Lacks("goal", MEASURE)),
            counted=False,
        ),
        Page(
            "times",
            (Choices("days", DAYS, least=2), Choices("times", tuple(TIMES)), Zone("zone")),
            when=(AGREED,),
        ),
        Page(
            "check",
            (
                Text("name", limit=60),
                Text("expectations", optional=True, lines=True),
                Choices("languages", ("de", "en")),
                Choice("rhythm", ("weekly", "biweekly")),
                Choice("length", ("60", "75", "90")),
                Choice("format", ("video", "in_person", "both")),
                Text("city", limit=60, optional=True),
                Choice("company", ("pair", "group", "either")),
                Choice("capacity", ("1", "2", "3")),
                Review("check"),
            ),
            when=(AGREED,),
            counted=False,
        ),
    ),
)


def defaults(name: str, language: str) -> dict[str, Answer]:
    """What is taken to hold until somebody says otherwise."""
    known: dict[str, Answer] = {"name": name} if name else {}
    return {
        **known,
        "expectations": "",
        "languages": [language],
        "rhythm": "weekly",
        "length": "60",
        "format": "video",
        "city": "",
        "company": "pair",
        "capacity": "1",
    }
