"""What can be said of a session."""

from bot.conversation.cards import Act, Card, Opens, Says
from bot.domain.dues import Nudge

MOVE = Opens("move", "meeting")
WISHED = Card("session", "wished", (Act("agree"), Opens("other", "meeting")))
ASKED = Card("session", "asked", (Opens("other", "meeting"),))
AGREED = Card("session", "agreed")
PLANNED = Card(
    "session",
    "planned",
    (Opens("place", "place"), MOVE, Act("cancel"), Act("calendar"), Act("anyway")),
)
PLACED = Card("session", "placed", (Act("calendar"),))
CANCELLED = Card("session", "cancelled", (Opens("again", "meeting"), Act("calendar")))
CANCELLED_BY = Card("session", "cancelled_by", (Opens("again", "meeting"), Act("calendar")))
LESS = Says("less", "reminders")
DEADLINE = Card("session", "deadline", (Act("fits"), MOVE, Act("cancel"), LESS))
DAY_BEFORE = Card("session", "day_before", (Act("fits"), MOVE, Act("cancel"), Act("guide"), LESS))
FITS = Card("session", "fits")
SOON = Card("session", "soon", (Act("guide"), Act("agenda"), LESS))
REMINDERS = {Nudge.DEADLINE: DEADLINE, Nudge.DAY_BEFORE: DAY_BEFORE, Nudge.SOON: SOON}
RESTORED = Card("session", "restored", (MOVE, Act("cancel"), Act("calendar")))
REFLECT = Card("session", "reflect", (Opens("begin", "reflection"), MOVE, Act("anyway")))
THANKS = Card("session", "thanks", (MOVE, Act("anyway"), Act("wipe")))
REPEAT = Card("session", "repeat", (Opens("begin", "reflection"),))
OVERVIEW = Card(
    "session",
    "overview",
    (
        Act("agree"),
        MOVE,
        Opens("place", "place"),
        Act("cancel"),
        Act("anyway"),
        Act("calendar"),
        Act("agenda"),
    ),
)
SKIPPED = Card("session", "skipped")
CALENDAR_FILE = Card("session", "calendar_file")
CALENDAR_TITLE = Card("session", "calendar_title")
TOO_LATE = Card("session", "too_late", (Act("agree"), Opens("again", "meeting")))

CARDS = (
    WISHED,
    ASKED,
    AGREED,
    PLANNED,
    PLACED,
    CANCELLED,
    CANCELLED_BY,
    DEADLINE,
    DAY_BEFORE,
    FITS,
    SOON,
    RESTORED,
    REFLECT,
    THANKS,
    REPEAT,
    OVERVIEW,
    SKIPPED,
    CALENDAR_FILE,
    CALENDAR_TITLE,
    TOO_LATE,
)
