"""What is said of an agreement."""

from bot.conversation.cards import Act, Card, Opens, Says, Where

FORM = "agreement"
WRITE = (Opens("write", FORM, Where.CHAT), Opens("sheet", FORM, Where.SHEET))
CHANGE = (Opens("change", FORM, Where.CHAT), Opens("sheet", FORM, Where.SHEET))
GOAL = Opens("goal", "goal")
TAKE = Act("pdf"), Act("markdown"), Act("milestones")
BEGIN = Card("agreeing", "begin", WRITE)
DRAFT = Card("agreeing", "draft", (Act("confirm"), *CHANGE, GOAL, Act("whole")))
WHOLE = Card("agreeing", "whole", (Act("confirm"), *CHANGE))
WAITING = Card("agreeing", "waiting", (Act("whole"), *CHANGE))
OUTDATED = Card("agreeing", "outdated")
MERGED = Card("agreeing", "merged", (Act("mine"), Opens("review", FORM, Where.CHAT)))
HOLDS = Card("agreeing", "holds", (*TAKE, Act("anyway")))
PRESENT = Card("agreeing", "present", (*CHANGE, GOAL, *TAKE))
GOAL_CHANGED = Card("agreeing", "goal_changed")
NOBODY_WROTE = Card("agreeing", "nobody_wrote", WRITE)
REMINDED = Card("agreeing", "reminded", (Act("confirm"), *CHANGE, Act("whole")))
STUCK = Card("agreeing", "stuck", (Act("confirm"), *WRITE, Act("whole")))
STATUS = Card("agreeing", "status", (Act("show"), Act("milestones")))
NONE_YET = Card("agreeing", "none_yet", (Act("show"), Act("milestones")))
CHECK_IN = Card(
    "agreeing",
    "check_in",
    (Act("suits"), *CHANGE, Act("milestones"), Says("pause", "pause"), Says("end", "end")),
)
SUITS = Card("agreeing", "suits")
FILE = Card("agreeing", "file")
CARDS = (
    BEGIN,
    DRAFT,
    WHOLE,
    WAITING,
    OUTDATED,
    MERGED,
    HOLDS,
    PRESENT,
    GOAL_CHANGED,
    NOBODY_WROTE,
    REMINDED,
    STUCK,
    STATUS,
    NONE_YET,
    CHECK_IN,
    SUITS,
    FILE,
)
